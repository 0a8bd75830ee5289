package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A WebSocket by hand, for what a proper client never does.
final class RawUpgrade {
  private static final int MASKED = 0x80;
  private static final int TWO_BYTE_LENGTH = 126;

  static final String REQUEST =
      "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Protocol: msrp\r\n\r\n";

  private RawUpgrade() {}

  static void on(Socket socket) throws IOException {
    socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) socket.getInputStream().read());
    }
    assertThat(answer).startsWith("HTTP/1.1 101");
  }

  /// One text frame, masked with zeros.
  static byte[] masked(String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    var frame = new ByteArrayOutputStream();
    frame.write(0x81);
    frame.write(MASKED | TWO_BYTE_LENGTH);
    frame.write(data.length >> 8);
    frame.write(data.length);
    frame.writeBytes(new byte[4]);
    frame.writeBytes(data);
    return frame.toByteArray();
  }

  /// Reads to the end.
  static byte[] lastFrameOf(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] last = new byte[0];
    for (int first = in.read(); first >= 0; first = in.read()) {
      int length = in.read();
      if (length == TWO_BYTE_LENGTH) {
        length = in.read() << 8 | in.read();
      }
      byte[] data = in.readNBytes(length);
      last = Arrays.copyOf(new byte[] {(byte) first, (byte) length}, 2 + data.length);
      System.arraycopy(data, 0, last, 2, data.length);
    }
    return last;
  }
}
