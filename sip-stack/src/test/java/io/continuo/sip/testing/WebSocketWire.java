package io.continuo.sip.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// The client's side of a WebSocket, written by hand: frames can be anything.
public final class WebSocketWire extends SocketWire {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;
  public static final int FINAL = 0x80;

  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

  /// One frame that came.
  public record Frame(int opcode, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }
  }

  /// @param transport `WS` or `WSS`
  public WebSocketWire(Socket socket, String transport) throws IOException {
    super(socket, transport);
    socket.setSoTimeout(TextPeer.READ_MILLIS);
  }

  /// Asks for a WebSocket.
  ///
  /// @param more header lines, each with its line end
  /// @return the head of the answer
  public String upgrade(String more) {
    writeBytes(
        ("GET /sip HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + more
                + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    return readHead();
  }

  public String readHead() {
    StringBuilder head = new StringBuilder();
    try {
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) readByte());
      }
    } catch (IOException failed) {
      throw new AssertionError("no answer to the upgrade, only <" + head + ">", failed);
    }
    return head.toString();
  }

  /// The upgrade that a SIP client does.
  WebSocketWire upgraded() {
    String answer = upgrade("Sec-WebSocket-Protocol: sip\r\n");
    if (!answer.startsWith("HTTP/1.1 101")) {
      throw new AssertionError(answer);
    }
    return this;
  }

  /// @param first the first byte: opcode, and [#FINAL] when it ends a message
  public void frame(int first, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length < 65_536) {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | 127);
      for (int i = 7; i >= 0; i--) {
        frame.write((int) ((long) payload.length >> 8 * i));
      }
    }
    frame.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i % 4]);
    }
    writeBytes(frame.toByteArray());
  }

  /// The next frame of any kind.
  public Frame frame() {
    try {
      int first = readByte();
      int length = readByte() & 0x7F;
      if (length == 126) {
        length = readByte() << 8 | readByte();
      } else if (length == 127) {
        throw new AssertionError("a frame of more than 64 KiB");
      }
      byte[] payload = in.readNBytes(length);
      return new Frame(first & 0x0F, payload);
    } catch (IOException failed) {
      throw new AssertionError("no frame", failed);
    }
  }

  private int readByte() throws IOException {
    int read = in.read();
    if (read < 0) {
      throw new SocketException("closed by the server");
    }
    return read;
  }

  @Override
  public void write(byte[] bytes) {
    frame(FINAL | TEXT, bytes);
  }

  @Override
  public String read(int millis) {
    Frame frame = frame();
    while (frame.opcode() == PING) {
      frame(FINAL | PONG, frame.payload());
      frame = frame();
    }
    if (frame.opcode() != TEXT && frame.opcode() != BINARY) {
      throw new AssertionError("a frame of opcode " + frame.opcode());
    }
    return frame.text();
  }

  @Override
  public byte[] readRaw(int length) {
    return frame().payload();
  }
}
