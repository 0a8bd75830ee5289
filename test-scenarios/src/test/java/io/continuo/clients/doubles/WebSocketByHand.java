package io.continuo.clients.doubles;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A socket whose bytes go in WebSocket frames (RFC 6455) with the subprotocol `msrp` (RFC 7977) or
/// `sip` (RFC 7118): each write is one text frame, frames that come are joined to a stream. Pings
/// are answered.
///
/// Threading: one thread reads; anybody writes.
final class WebSocketByHand extends Socket {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final Pattern LENGTH = Pattern.compile("(?im)^(?:content-length|l): *(\\d+)");

  private final Socket carrier;
  private final String subprotocol;
  private final DataInputStream in;

  /// Upgrades a connection.
  ///
  /// @param carrier plain or TLS; belongs to the WebSocket
  WebSocketByHand(Socket carrier, String subprotocol) throws IOException {
    this.carrier = carrier;
    this.subprotocol = subprotocol;
    in = new DataInputStream(carrier.getInputStream());
    upgrade(carrier.getInetAddress().getHostAddress() + ":" + carrier.getPort());
  }

  private void upgrade(String host) throws IOException {
    String request =
        "GET /chat HTTP/1.1\r\nHost: "
            + host
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: https://chat.continuo.test\r\n"
            + "Sec-WebSocket-Key: "
            + KEY
            + "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: "
            + subprotocol
            + "\r\n\r\n";
    carrier.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.readUnsignedByte());
    }
    String said = answer.toString().toLowerCase(java.util.Locale.ROOT);
    if (!said.startsWith("http/1.1 101")
        || !answer.toString().contains(ACCEPT)
        || !said.contains("sec-websocket-protocol: " + subprotocol + "\r\n")) {
      throw new IOException("no upgrade: " + answer);
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      private InputStream frame = new ByteArrayInputStream(new byte[0]);

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int got = frame.read(into, from, length);
        while (got < 0) {
          frame = new ByteArrayInputStream(nextMessage());
          got = frame.read(into, from, length);
        }
        return got;
      }
    };
  }

  /// The server puts one whole message in each.
  private byte[] nextMessage() throws IOException {
    for (; ; ) {
      int head = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      byte[] data = in.readNBytes(length == TWO_BYTES ? in.readUnsignedShort() : length);
      switch (head) {
        case FINAL | TEXT, FINAL | BINARY -> {
          return whole(data);
        }
        case FINAL | PING -> send(PONG, data);
        case FINAL | CLOSE -> throw new EOFException("closed by the server");
        default -> throw new IOException("a frame that begins with " + head);
      }
    }
  }

  private byte[] whole(byte[] data) throws IOException {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    if (subprotocol.equals("sip")) {
      if (!isWholeSip(text)) {
        throw new IOException("not one SIP message in a frame: " + text);
      }
      return data;
    }
    String end = "\r\n-------" + text.split(" ", 3)[1];
    if (!text.startsWith("MSRP ") || text.indexOf(end) != text.length() - end.length() - 3) {
      throw new IOException("not one MSRP message in a frame: " + text);
    }
    return data;
  }

  /// A message, or the line break that answers a keep-alive.
  private static boolean isWholeSip(String text) {
    int end = text.indexOf("\r\n\r\n");
    Matcher length = LENGTH.matcher(text);
    return text.equals("\r\n")
        || end > 0 && length.find() && text.length() == end + 4 + Integer.parseInt(length.group(1));
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        send(TEXT, java.util.Arrays.copyOfRange(bytes, from, from + length));
      }
    };
  }

  private synchronized void send(int kind, byte[] data) throws IOException {
    byte[] mask = new byte[4];
    RandomGenerator.getDefault().nextBytes(mask);
    var frame = new ByteArrayOutputStream();
    frame.write(FINAL | kind);
    if (data.length < TWO_BYTES) {
      frame.write(MASKED | data.length);
    } else {
      frame.write(MASKED | TWO_BYTES);
      frame.write(data.length >> 8);
      frame.write(data.length);
    }
    frame.writeBytes(mask);
    for (int i = 0; i < data.length; i++) {
      frame.write(data[i] ^ mask[i % mask.length]);
    }
    carrier.getOutputStream().write(frame.toByteArray());
  }

  @Override
  public InetAddress getLocalAddress() {
    return carrier.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return carrier.getLocalPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return carrier.getRemoteSocketAddress();
  }

  @Override
  public void close() throws IOException {
    carrier.close();
  }
}
