package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A device's end of one MSRP connection, in plain text and without our codec. Reads on a thread of
/// its own into a queue; when that is full nothing is read any more, as on a slow device.
final class TextPeer implements AutoCloseable {
  /// How long something that has to come is waited for, however slow the machine is; only a test
  /// that fails waits for so long.
  static final int WAIT_SECONDS = 60;

  static final int WAIT_MILLIS = 1_000 * WAIT_SECONDS;

  private static final Frame END = new Frame("", List.of(), "", ' ');

  private final Socket socket;
  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>(256);
  private final Thread reader;
  private int transactions;

  /// One message as it was on the wire; the body's bytes as ISO-8859-1.
  record Frame(String start, List<String> headers, String body, char flag) {
    String transaction() {
      return start.split(" ")[1];
    }

    String status() {
      return start.split(" ")[2];
    }

    boolean isRequest() {
      return !Character.isDigit(status().charAt(0));
    }

    String header(String name) {
      return headers.stream()
          .filter(line -> line.startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse("");
    }
  }

  private TextPeer(Socket socket) {
    this.socket = socket;
    this.reader = Thread.ofVirtual().start(this::readAll);
  }

  /// On a connection that was made somehow else.
  static TextPeer on(Socket socket) {
    return new TextPeer(socket);
  }

  static TextPeer connect(InetSocketAddress to) throws IOException {
    return new TextPeer(new Socket(to.getAddress(), to.getPort()));
  }

  /// Connects from another loopback address.
  static TextPeer connectFrom(String source, InetSocketAddress to) throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
    socket.connect(to);
    return new TextPeer(socket);
  }

  static TextPeer accept(ServerSocket listener) throws IOException {
    listener.setSoTimeout(WAIT_MILLIS);
    return new TextPeer(listener.accept());
  }

  // ---- sending ----

  void raw(String text) throws IOException {
    raw(text.getBytes(StandardCharsets.UTF_8));
  }

  void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /// Sends a request and returns its transaction id.
  String request(String method, String to, String from, String headers, String body, char flag)
      throws IOException {
    String id = "peer" + ++transactions;
    String content = body.isEmpty() ? "" : "\r\n" + body + "\r\n";
    raw(
        "MSRP "
            + id
            + " "
            + method
            + "\r\nTo-Path: "
            + to
            + "\r\nFrom-Path: "
            + from
            + "\r\n"
            + headers
            + content
            + "-------"
            + id
            + flag
            + "\r\n");
    return id;
  }

  String sendBodiless(String to, String from) throws IOException {
    return request("SEND", to, from, "Message-ID: bind\r\nByte-Range: 1-0/0\r\n", "", '$');
  }

  String sendText(String to, String from, String messageId, String text) throws IOException {
    return sendChunk(to, from, messageId, "1-*/*", text, '$');
  }

  String sendChunk(String to, String from, String messageId, String range, String text, char flag)
      throws IOException {
    String headers =
        "Message-ID: "
            + messageId
            + "\r\nByte-Range: "
            + range
            + "\r\nContent-Type: text/plain\r\n";
    return request("SEND", to, from, headers, text, flag);
  }

  void answer(Frame request, String status) throws IOException {
    String to = request.header("From-Path");
    String from = request.header("To-Path");
    String id = request.transaction();
    raw(
        "MSRP "
            + id
            + " "
            + status
            + "\r\nTo-Path: "
            + to
            + "\r\nFrom-Path: "
            + from
            + "\r\n-------"
            + id
            + "$\r\n");
  }

  // ---- receiving ----

  Frame next() throws InterruptedException {
    Frame frame = frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(frame).as("a message from the server").isNotNull();
    return frame;
  }

  Frame nextRequest() throws InterruptedException {
    Frame frame = next();
    assertThat(frame).as("a request, not the end").isNotEqualTo(END);
    assertThat(frame.isRequest()).as("a request: %s", frame).isTrue();
    return frame;
  }

  void expectsAnswer(String transaction, int status) throws InterruptedException {
    Frame frame = next();
    assertThat(frame).as("an answer, not the end").isNotEqualTo(END);
    assertThat(frame.start()).startsWith("MSRP " + transaction + " " + status);
  }

  void expectsClosed() throws InterruptedException {
    assertThat(next()).as("the connection's end").isEqualTo(END);
  }

  /// Waits for a message, and leaves it out; nothing is expected.
  void awaitsAnything(long millis) throws InterruptedException {
    frames.poll(millis, TimeUnit.MILLISECONDS);
  }

  boolean hasNothing() {
    return frames.isEmpty();
  }

  /// Whether the next one is there, and is not the end.
  boolean hasFrame() {
    Frame next = frames.peek();
    return next != null && next != END;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    reader.interrupt();
  }

  private void readAll() {
    try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
      while (true) {
        frames.put(frame(in));
      }
    } catch (IOException closed) {
      frames.offer(END);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private static Frame frame(InputStream in) throws IOException {
    String start = line(in);
    String end = "-------" + start.split(" ")[1];
    List<String> headers = new ArrayList<>();
    List<String> body = new ArrayList<>();
    List<String> part = headers;
    String line = line(in);
    while (line.length() != end.length() + 1 || !line.startsWith(end)) {
      if (part == headers && line.isEmpty()) {
        part = body;
      } else {
        part.add(line);
      }
      line = line(in);
    }
    return new Frame(start, headers, String.join("\r\n", body), line.charAt(end.length()));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    int last = -1;
    for (int next = in.read(); ; next = in.read()) {
      if (next < 0) {
        throw new IOException("end");
      }
      if (next == '\n' && last == '\r') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.substring(0, text.length() - 1);
      }
      line.write(next);
      last = next;
    }
  }
}
