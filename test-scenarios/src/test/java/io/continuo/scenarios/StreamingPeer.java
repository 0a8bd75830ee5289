package io.continuo.scenarios;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A device's MSRP connection that says and hears messages of any size without holding them: of
/// what comes only the length and the SHA-256 of each message are kept. Every SEND is answered 200.
///
/// Threading: one virtual thread reads and answers; one caller says requests.
final class StreamingPeer implements AutoCloseable {
  private static final int END_MARK = 7;

  private final Socket socket;
  private final OutputStream out;
  private final String to;
  private final String from;

  /// Held from the begin of a chunk to its end: nothing else is said in between.
  private final ReentrantLock chunk = new ReentrantLock();

  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Map<String, MessageDigest> digests = new HashMap<>();
  private final Map<String, Long> lengths = new HashMap<>();

  /// A whole message that came.
  record Heard(long length, String sha256) {}

  /// @param to the server's path of the session
  /// @param from our own
  StreamingPeer(InetSocketAddress server, String to, String from) throws IOException {
    this.socket = new Socket(server.getAddress(), server.getPort());
    this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    this.to = to;
    this.from = from;
    Thread.ofVirtual().start(this::readAll);
    begin("bind0", "", 1, 0, "0");
    end("bind0", '$', false);
    awaitAnswer("bind0", 200);
  }

  /// Begins a chunk; [#end] ends it, and until then no other thread's chunk begins.
  ///
  /// @param first its first octet, counted from 1
  /// @param last its last octet
  /// @param total of the message, or `*`
  void begin(String transaction, String messageId, long first, long last, String total)
      throws IOException {
    String headers =
        messageId.isEmpty()
            ? "Message-ID: bind\r\n"
            : "Message-ID: " + messageId + "\r\nContent-Type: message/cpim\r\n";
    String text =
        "MSRP %s SEND\r\nTo-Path: %s\r\nFrom-Path: %s\r\nByte-Range: %d-%d/%s\r\n%s%s"
            .formatted(
                transaction,
                to,
                from,
                first,
                last,
                total,
                headers,
                messageId.isEmpty() ? "" : "\r\n");
    chunk.lock();
    out.write(text.getBytes(ISO_8859_1));
  }

  void body(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
  }

  void end(String transaction, char flag, boolean body) throws IOException {
    String text = (body ? "\r\n" : "") + "-------" + transaction + flag + "\r\n";
    out.write(text.getBytes(ISO_8859_1));
    if (flag == '$') {
      out.flush();
    }
    chunk.unlock();
  }

  /// Says a short message in one chunk.
  void says(String transaction, String messageId, byte[] cpim) throws IOException {
    begin(transaction, messageId, 1, cpim.length, String.valueOf(cpim.length));
    body(cpim, 0, cpim.length);
    end(transaction, '$', true);
  }

  void flush() throws IOException {
    out.flush();
  }

  /// Waits for the answer to this transaction; those before it must be 200.
  void awaitAnswer(String transaction, int status) {
    while (true) {
      String answer = poll(answers, "the answer to " + transaction);
      String[] parts = answer.split(" ");
      if (parts[0].equals(transaction)) {
        if (!parts[1].equals(String.valueOf(status))) {
          throw new AssertionError(transaction + " was answered " + parts[1]);
        }
        return;
      }
      if (!parts[1].equals("200")) {
        throw new AssertionError("an earlier chunk was answered " + answer);
      }
    }
  }

  /// The next whole message.
  Heard hears() {
    return poll(heard, "a message");
  }

  private static <T> T poll(BlockingQueue<T> queue, String what) {
    try {
      T next = queue.poll(300, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("never came: " + what);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void readAll() {
    try (InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16)) {
      while (true) {
        frame(in);
      }
    } catch (EOFException | SocketException closed) {
      answers.add("closed 0");
    } catch (IOException failed) {
      answers.add("failed 0 " + failed);
    }
  }

  private void frame(InputStream in) throws IOException {
    String[] start = line(in).split(" ");
    Map<String, String> headers = new HashMap<>();
    String line = line(in);
    while (!line.isEmpty() && !line.startsWith("-------" + start[1])) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 2));
      line = line(in);
    }
    if (!start[2].equals("SEND")) {
      answers.add(start[1] + " " + start[2]);
      return;
    }
    if (line.isEmpty()) {
      line = body(in, headers, "-------" + start[1]);
    }
    answer(start[1], headers);
  }

  /// The server's chunks say exactly how long they are.
  private String body(InputStream in, Map<String, String> headers, String end) throws IOException {
    String[] range = headers.get("Byte-Range").split("[-/]");
    int length = (int) (Long.parseLong(range[1]) - Long.parseLong(range[0]) + 1);
    byte[] bytes = in.readNBytes(length);
    String id = headers.get("Message-ID");
    if (range[0].equals("1")) {
      digests.put(id, sha256());
      lengths.put(id, 0L);
    }
    digests.get(id).update(bytes);
    long sofar = lengths.merge(id, (long) length, Long::sum);
    if (!line(in).isEmpty()) {
      throw new IOException("no CRLF behind the body");
    }
    String last = line(in);
    if (!last.startsWith(end) || sofar != Long.parseLong(range[1])) {
      throw new IOException("out of order: " + headers + " " + last);
    }
    if (last.charAt(last.length() - 1) == '$') {
      heard.add(new Heard(sofar, HexFormat.of().formatHex(digests.remove(id).digest())));
    }
    return last;
  }

  private void answer(String transaction, Map<String, String> headers) throws IOException {
    String text =
        "MSRP %s 200 OK\r\nTo-Path: %s\r\nFrom-Path: %s\r\n%s%s$\r\n"
            .formatted(
                transaction,
                headers.get("From-Path"),
                headers.get("To-Path"),
                "-".repeat(END_MARK),
                transaction);
    chunk.lock();
    try {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
    } finally {
      chunk.unlock();
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      line.write(next);
    }
    String text = line.toString(ISO_8859_1);
    return text.substring(0, text.length() - 1);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
