package io.continuo.sip.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A SIP peer that reads and writes text over a raw socket: no code of the stack is in it. Reads
/// block with a time-out, which only a test that fails waits for.
public final class TextPeer implements AutoCloseable {
  /// How long something that has to come is waited for, however slow the machine is.
  public static final int READ_MILLIS = 30_000;

  private static final int REPEATED = 10;

  private final Wire wire;
  private final Deque<String> pushedBack = new ArrayDeque<>();
  private int counter;

  private TextPeer(Wire wire) {
    this.wire = wire;
  }

  public static TextPeer udp(InetSocketAddress server) {
    return new TextPeer(new Datagrams(server));
  }

  public static TextPeer tcp(InetSocketAddress server) {
    try {
      return new TextPeer(new Stream(new Socket(server.getAddress(), server.getPort()), "TCP"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public static TextPeer tls(InetSocketAddress server) {
    try {
      return new TextPeer(new Stream(TestTls.connect(server), "TLS"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public static TextPeer webSocket(InetSocketAddress server, boolean secure) {
    try {
      Socket socket =
          secure ? TestTls.connect(server) : new Socket(server.getAddress(), server.getPort());
      return new TextPeer(new WebSocketWire(socket, secure ? "WSS" : "WS").upgraded());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Waits for the server's own connection.
  public static TextPeer accepting(ServerSocket listener) {
    try {
      listener.setSoTimeout(READ_MILLIS);
      return new TextPeer(new Stream(listener.accept(), "TCP"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public static TextPeer over(String transport, InetSocketAddress server) {
    return switch (transport) {
      case "UDP" -> udp(server);
      case "TCP" -> tcp(server);
      case "TLS" -> tls(server);
      case "WS" -> webSocket(server, false);
      case "WSS" -> webSocket(server, true);
      default -> throw new IllegalArgumentException(transport);
    };
  }

  public String transport() {
    return wire.transport();
  }

  public int port() {
    return wire.port();
  }

  /// Its address as URIs have it.
  public String host() {
    InetAddress local = wire.local();
    return local instanceof Inet6Address ? "[::1]" : local.getHostAddress();
  }

  public String uri(String user) {
    return "sip:" + user + "@" + host() + ":" + port() + ";transport=" + transport().toLowerCase();
  }

  public void sendRaw(byte[] bytes) {
    wire.write(bytes);
  }

  /// Lines are ended by CRLF here; a Content-Length is added.
  public void send(String text) {
    String[] parts = text.split("\n\n", 2);
    String body = parts.length == 2 ? parts[1] : "";
    String head = parts[0].strip().replace("\n", "\r\n");
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String message = head + "\r\nContent-Length: " + length + "\r\n\r\n" + body;
    wire.write(message.getBytes(StandardCharsets.UTF_8));
  }

  /// A request with all mandatory fields and some more.
  public String request(String method, String uri, String callId, int sequence, String more) {
    return """
    %s %s SIP/2.0
    Via: SIP/2.0/%s %s:%d;branch=z9hG4bKp%d%s%d;rport
    Max-Forwards: 70
    From: "A" <sip:alice@continuo.test>;tag=peer
    To: <sip:bob@continuo.test>
    Call-ID: %s
    CSeq: %d %s
    %s\
    """
        .formatted(
            method,
            uri,
            transport(),
            host(),
            port(),
            System.nanoTime(),
            "x",
            counter++,
            callId,
            sequence,
            method,
            more)
        .strip();
  }

  /// An answer to a request that was received.
  public String answer(String request, int status, String toTag, String more) {
    StringBuilder text = new StringBuilder("SIP/2.0 " + status + " Whatever");
    for (String line : request.split("\r\n\r\n", 2)[0].split("\r\n")) {
      String name = line.split(":", 2)[0];
      if (name.matches("Via|From|Call-ID|CSeq|Record-Route")) {
        text.append("\n").append(line);
      } else if (name.equals("To")) {
        text.append("\n").append(line);
        if (!toTag.isEmpty() && !line.contains(";tag=")) {
          text.append(";tag=").append(toTag);
        }
      }
    }
    return text + (more.isEmpty() ? "" : "\n" + more);
  }

  /// The next message; fails the test when none comes.
  public String receive() {
    return receiveWithin(READ_MILLIS);
  }

  /// The next message, waited for so long.
  public String receiveWithin(int millis) {
    String pushed = pushedBack.poll();
    return pushed == null ? wire.read(millis) : pushed;
  }

  /// The next message whose start line begins like this; others before it are skipped.
  public String receive(String start) {
    List<String> skipped = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String message = receive();
      if (message.startsWith(start)) {
        return message;
      }
      skipped.add(message.lines().findFirst().orElse(""));
    }
    throw new AssertionError("no " + start + " among " + skipped);
  }

  /// The answer to a request. Over UDP the request is sent again until it is answered, as every
  /// client does (RFC 3261 §17.1.2.2): where many datagrams came at once this one may be lost.
  public String answerTo(String request) {
    for (int sent = 1; wire.transport().equals("UDP") && sent < REPEATED; sent++) {
      send(request);
      try {
        return receiveWithin(READ_MILLIS / REPEATED);
      } catch (AssertionError lost) {
        // It is sent again.
      }
    }
    send(request);
    return receive();
  }

  public byte[] readRaw(int length) {
    return wire.readRaw(length);
  }

  /// True when the server closed the connection.
  public boolean isClosedByServer() {
    return wire.atEnd();
  }

  public static String header(String message, String name) {
    Matcher line =
        Pattern.compile("(?im)^" + Pattern.quote(name) + ":[ \t]*(.*?)\r?$").matcher(message);
    return line.find() ? line.group(1) : "";
  }

  /// The elements of all fields of this name; none of them may hold a comma.
  public static List<String> elements(String message, String name) {
    return message
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .flatMap(line -> Pattern.compile(",").splitAsStream(line.substring(name.length() + 1)))
        .map(String::strip)
        .toList();
  }

  public static String toTag(String message) {
    Matcher tag = Pattern.compile(";tag=([^;]+)").matcher(header(message, "To"));
    return tag.find() ? tag.group(1) : "";
  }

  public static int status(String message) {
    return Integer.parseInt(message.split(" ", 3)[1]);
  }

  public static String body(String message) {
    return message.split("\r\n\r\n", 2)[1];
  }

  @Override
  public void close() {
    wire.close();
  }

  interface Wire extends AutoCloseable {
    String transport();

    InetAddress local();

    int port();

    void write(byte[] bytes);

    String read(int millis);

    byte[] readRaw(int length);

    boolean atEnd();

    @Override
    void close();
  }

  private static final class Datagrams implements Wire {
    private final DatagramSocket socket;
    private final InetSocketAddress server;

    Datagrams(InetSocketAddress server) {
      this.server = server;
      try {
        this.socket = new DatagramSocket(0, server.getAddress());
        socket.setReceiveBufferSize(4_000_000);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }

    @Override
    public String transport() {
      return "UDP";
    }

    @Override
    public InetAddress local() {
      return socket.getLocalAddress();
    }

    @Override
    public int port() {
      return socket.getLocalPort();
    }

    @Override
    public void write(byte[] bytes) {
      try {
        socket.send(new DatagramPacket(bytes, bytes.length, server));
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }

    @Override
    public String read(int millis) {
      DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
      try {
        socket.setSoTimeout(millis);
        socket.receive(packet);
      } catch (IOException failed) {
        throw new AssertionError("nothing came over UDP", failed);
      }
      return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    @Override
    public byte[] readRaw(int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean atEnd() {
      return false;
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class Stream extends SocketWire {
    Stream(Socket socket, String transport) throws IOException {
      super(socket, transport);
    }

    @Override
    public void write(byte[] bytes) {
      writeBytes(bytes);
    }

    @Override
    public String read(int millis) {
      StringBuilder head = new StringBuilder();
      try {
        socket.setSoTimeout(millis);
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
          head.append(next(head));
        }
        int length = Integer.parseInt(header(head.toString(), "Content-Length"));
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
      } catch (IOException failed) {
        throw new AssertionError("nothing came over TCP after <" + head + ">", failed);
      }
    }

    private char next(StringBuilder head) throws IOException {
      int read = in.read();
      if (read < 0) {
        throw new SocketException("closed by the server after <" + head + ">");
      }
      return (char) read;
    }

    @Override
    public byte[] readRaw(int length) {
      try {
        socket.setSoTimeout(READ_MILLIS);
        return in.readNBytes(length);
      } catch (IOException failed) {
        throw new AssertionError("nothing came over TCP", failed);
      }
    }
  }
}
