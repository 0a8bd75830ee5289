package io.continuo.device.msrp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Reads MSRP frames off a stream. The end-line alone frames them (RFC 4975 §7.1); Byte-Range is
/// not trusted for length.
///
/// Threading: one reader at a time.
final class MsrpReader {
  /// Bytes of one line, and of one body, taken from a peer; more ends the connection.
  static final int MAX_LINE = 64 * 1024;

  static final int MAX_BODY = 64 << 20;

  private final InputStream in;

  MsrpReader(InputStream in) {
    this.in = in;
  }

  /// The next frame; empty at the end of the stream.
  Optional<MsrpFrame> next() throws IOException {
    String start = line();
    if (start.isEmpty()) {
      return Optional.empty();
    }
    String[] words = start.split(" ", 4);
    if (words.length < 3 || !words[0].equals("MSRP")) {
      throw new IOException("not MSRP: " + start);
    }
    String end = "-------" + words[1];
    List<MsrpFrame.Header> headers = new ArrayList<>();
    String line = line();
    for (; !line.isEmpty() && !line.startsWith(end); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not an MSRP header: " + line);
      }
      headers.add(
          new MsrpFrame.Header(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    if (words[2].matches("\\d{3}")) {
      String comment = words.length > 3 ? words[3] : "";
      return Optional.of(
          new MsrpFrame.Response(words[1], Integer.parseInt(words[2]), comment, headers));
    }
    return Optional.of(request(words[1], words[2], headers, line, end));
  }

  private MsrpFrame request(
      String transaction, String method, List<MsrpFrame.Header> headers, String line, String end)
      throws IOException {
    if (!line.isEmpty()) {
      return new MsrpFrame.Request(
          transaction, method, headers, Optional.empty(), line.charAt(end.length()));
    }
    byte[] pattern = ("\r\n" + end).getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Tail tail = new Tail(pattern.length + 3);
    while (true) {
      int c = byteOrEnd();
      body.write(c);
      tail.add(c);
      if (c == '\n' && tail.endsFrame(pattern)) {
        byte[] all = body.toByteArray();
        char flag = (char) all[all.length - 3];
        byte[] content = Arrays.copyOf(all, all.length - pattern.length - 3);
        return new MsrpFrame.Request(transaction, method, headers, Optional.of(content), flag);
      }
      if (body.size() > MAX_BODY) {
        throw new IOException("MSRP body over " + MAX_BODY + " bytes");
      }
    }
  }

  private int byteOrEnd() throws IOException {
    int c = in.read();
    if (c < 0) {
      throw new EOFException("closed inside an MSRP frame");
    }
    return c;
  }

  /// A line without its end; empty text also at the end of the stream.
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.write(c);
      if (line.size() > MAX_LINE) {
        throw new IOException("MSRP line over " + MAX_LINE + " bytes");
      }
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /// The last bytes read, to look for the end-line in without copying the body.
  private static final class Tail {
    private final byte[] ring;
    private int count;

    Tail(int size) {
      ring = new byte[size];
    }

    void add(int c) {
      ring[count++ % ring.length] = (byte) c;
    }

    /// Whether the bytes are CRLF, the end-line, a flag, CRLF.
    boolean endsFrame(byte[] pattern) {
      if (count < ring.length || "$+#".indexOf(at(pattern.length)) < 0) {
        return false;
      }
      for (int i = 0; i < pattern.length; i++) {
        if (at(i) != pattern[i]) {
          return false;
        }
      }
      return at(pattern.length + 1) == '\r';
    }

    private byte at(int i) {
      return ring[(count + i) % ring.length];
    }
  }
}
