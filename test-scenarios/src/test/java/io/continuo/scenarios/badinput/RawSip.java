package io.continuo.scenarios.badinput;

import io.continuo.device.sip.SipText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A SIP peer that says exactly the bytes it is told to, over one socket.
final class RawSip implements AutoCloseable {
  enum Over {
    UDP,
    TCP
  }

  private static final int PATIENCE_MILLIS = 60_000;
  private static final int MAX_DATAGRAM = 65_535;
  private static final Pattern LENGTH = Pattern.compile("(?im)^Content-Length:\\s*(\\d+)");

  private final Over over;
  private final Wire wire;

  private interface Wire {
    void write(byte[] bytes) throws IOException;

    String read() throws IOException;

    InetSocketAddress local();

    void close() throws IOException;
  }

  private RawSip(Over over, Wire wire) {
    this.over = over;
    this.wire = wire;
  }

  static RawSip to(InetSocketAddress server, Over over) {
    try {
      return new RawSip(over, over == Over.UDP ? new Udp(server) : new Tcp(server));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Over TCP from another address of this host.
  static RawSip from(String host, InetSocketAddress server) {
    try {
      return new RawSip(Over.TCP, new Tcp(new InetSocketAddress(host, 0), server));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Over over() {
    return over;
  }

  /// A complete request that may then be spoilt.
  RawRequest request(String method, String uri) {
    String local = wire.local().getAddress().getHostAddress() + ":" + wire.local().getPort();
    return new RawRequest(method + " " + uri + " SIP/2.0", java.util.List.of(), "")
        .with("Via", "SIP/2.0/" + over + " " + local + ";rport;branch=z9hG4bK" + SipText.random(8))
        .with("Max-Forwards", "70")
        .with("From", "<" + Witness.address("carol") + ">;tag=" + SipText.random(4))
        .with("To", "<" + uri + ">")
        .with("Call-ID", SipText.random(10))
        .with("CSeq", "1 " + method)
        .with("Contact", "<sip:carol@" + local + ";transport=" + over + ">")
        .with("Content-Length", "0");
  }

  void says(String text) {
    says(text.getBytes(StandardCharsets.UTF_8));
  }

  void says(byte[] bytes) {
    try {
      wire.write(bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// The next message; empty when the connection is closed.
  String hears() {
    try {
      return wire.read();
    } catch (IOException failed) {
      throw new AssertionError("nothing heard", failed);
    }
  }

  /// Says as much of it as the server takes before it hangs up; whether it does.
  boolean isHungUpOn(byte[] bytes) {
    try {
      wire.write(bytes);
      return wire.read().isEmpty();
    } catch (SocketTimeoutException stillOpen) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  /// Says a request and hears its final answer.
  String asks(RawRequest request) {
    says(request.text());
    String answer = hears();
    while (answer.startsWith("SIP/2.0 1")) {
      answer = hears();
    }
    if (request.startLine().startsWith("INVITE ")) {
      says(request.ackTo(answer).text());
    }
    return answer;
  }

  @Override
  public void close() {
    try {
      wire.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static final class Udp implements Wire {
    private final DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));

    Udp(InetSocketAddress server) throws IOException {
      socket.connect(server);
      socket.setSoTimeout(PATIENCE_MILLIS);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      socket.send(new DatagramPacket(bytes, bytes.length));
    }

    @Override
    public String read() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
      socket.receive(packet);
      return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    @Override
    public InetSocketAddress local() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class Tcp implements Wire {
    private final Socket socket = new Socket();

    Tcp(InetSocketAddress server) throws IOException {
      this(null, server);
    }

    /// @param local null: any
    Tcp(@Nullable InetSocketAddress local, InetSocketAddress server) throws IOException {
      socket.bind(local);
      socket.connect(server);
      socket.setSoTimeout(PATIENCE_MILLIS);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    @Override
    public String read() throws IOException {
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
        int next = socket.getInputStream().read();
        if (next < 0) {
          return head.toString(StandardCharsets.UTF_8);
        }
        head.write(next);
      }
      Matcher length = LENGTH.matcher(head.toString(StandardCharsets.UTF_8));
      if (length.find()) {
        head.writeBytes(socket.getInputStream().readNBytes(Integer.parseInt(length.group(1))));
      }
      return head.toString(StandardCharsets.UTF_8);
    }

    @Override
    public InetSocketAddress local() {
      return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
