package io.continuo.device.sip;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads SIP messages off a stream (RFC 3261 §18.3) or a datagram.
///
/// Threading: one reader at a time.
final class SipReader {
  /// Bytes of head or body taken from a peer; more ends the connection.
  static final int MAX_PART = 256 * 1024;

  private final InputStream in;
  private final Runnable onPing;

  /// @param onPing called for a double CRLF between messages (RFC 5626 §4.4.1), to answer it
  SipReader(InputStream in, Runnable onPing) {
    this.in = in;
    this.onPing = onPing;
  }

  /// The bytes of the next message; empty at the end of the stream.
  byte[] next() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!readHead(bytes)) {
      return new byte[0];
    }
    int length = contentLength(bytes.toString(StandardCharsets.UTF_8));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("closed inside a SIP body");
    }
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private boolean readHead(ByteArrayOutputStream head) throws IOException {
    int lineEnds = 0;
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (head.size() == 0 && (c == '\r' || c == '\n')) {
        lineEnds += c == '\n' ? 1 : 0;
        if (lineEnds == 2) {
          onPing.run();
          lineEnds = 0;
        }
        continue;
      }
      head.write(c);
      if (c == '\n' && endsHead(head)) {
        return true;
      }
      if (head.size() > MAX_PART) {
        throw new IOException("SIP head over " + MAX_PART + " bytes");
      }
    }
    return false;
  }

  private static boolean endsHead(ByteArrayOutputStream head) {
    byte[] all = head.toByteArray();
    int n = all.length;
    return n >= 4 && all[n - 2] == '\r' && all[n - 3] == '\n' && all[n - 4] == '\r';
  }

  private static int contentLength(String head) throws IOException {
    int length =
        parseHeaders(head)
            .first("Content-Length")
            .map(value -> Integer.parseInt(value.strip()))
            .orElse(0);
    if (length < 0 || length > MAX_PART) {
      throw new IOException("SIP body of " + length + " bytes");
    }
    return length;
  }

  /// Reads one whole message.
  static SipMessage parse(byte[] bytes) {
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = latin.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IllegalStateException("a SIP message without an empty line");
    }
    String head = new String(bytes, 0, end, StandardCharsets.UTF_8);
    byte[] body = java.util.Arrays.copyOfRange(bytes, end + 4, bytes.length);
    SipHeaders headers = parseHeaders(head);
    String[] start = head.split("\r\n", 2)[0].split(" ", 3);
    if (start.length < 2) {
      throw new IllegalStateException("not a SIP start line: " + start[0]);
    }
    return start[0].equals("SIP/2.0")
        ? new SipResponse(
            Integer.parseInt(start[1]), start.length > 2 ? start[2] : "", headers, body)
        : new SipRequest(start[0], start[1], headers, body);
  }

  private static SipHeaders parseHeaders(String head) {
    List<SipHeaders.Field> fields = new ArrayList<>();
    String unfolded = head.replaceAll("\r\n[ \t]+", " ");
    for (String line : unfolded.split("\r\n")) {
      int colon = line.indexOf(':');
      if (!fields.isEmpty() || !isStartLine(line)) {
        if (colon > 0) {
          String name = SipHeaders.longName(line.substring(0, colon).strip());
          fields.add(new SipHeaders.Field(name, line.substring(colon + 1).strip()));
        }
      }
    }
    return new SipHeaders(fields);
  }

  private static boolean isStartLine(String line) {
    return line.startsWith("SIP/2.0 ") || line.endsWith(" SIP/2.0");
  }
}
