package io.continuo.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Finds MSRP messages in bytes as they come (RFC 4975 §7.1: the end-line alone frames).
final class Frames {
  /// Bytes of one MSRP message; a peer that sends more is broken.
  static final int MAX_FRAME = 4 << 20;

  private static final int MAX_START_LINE = 200;

  private Frames() {}

  /// One message inside a buffer; offsets into it.
  ///
  /// @param status of a response; 0: a request
  /// @param body where the body begins; -1: none
  /// @param flag `$`, `+` or `#`
  /// @param end behind its last byte
  record Frame(
      byte[] bytes,
      int start,
      String transaction,
      String method,
      int status,
      int body,
      int bodyEnd,
      char flag,
      int end) {
    /// The value of a header line, empty text when there is none.
    String header(String name) {
      int headEnd = body < 0 ? bodyEnd : body;
      String head = new String(bytes, start, headEnd - start, StandardCharsets.ISO_8859_1);
      int at = head.indexOf("\r\n" + name + ": ");
      int value = at + name.length() + 4;
      return at < 0 ? "" : head.substring(value, head.indexOf("\r\n", value));
    }
  }

  /// The next message between two offsets, or null when it is not all there yet.
  static @org.jspecify.annotations.Nullable Frame next(byte[] bytes, int from, int to) {
    int lineEnd = indexOf(bytes, from, to, '\n');
    if (lineEnd < 0) {
      if (to - from > MAX_START_LINE) {
        throw new IllegalStateException("no MSRP start line");
      }
      return null;
    }
    String[] words =
        new String(bytes, from, lineEnd - from, StandardCharsets.ISO_8859_1).strip().split(" ", 4);
    if (words.length < 3 || !words[0].equals("MSRP")) {
      throw new IllegalStateException("not MSRP: " + Arrays.toString(words));
    }
    byte[] endLine = ("\r\n-------" + words[1]).getBytes(StandardCharsets.US_ASCII);
    int end = find(bytes, lineEnd - 1, to, endLine);
    int flag = end + endLine.length;
    if (end < 0 || flag + 3 > to) {
      return null;
    }
    int empty = find(bytes, lineEnd - 1, end, EMPTY);
    boolean response = Character.isDigit(words[2].charAt(0));
    return new Frame(
        bytes,
        from,
        words[1],
        words[2],
        response ? Integer.parseInt(words[2]) : 0,
        empty < 0 ? -1 : empty + EMPTY.length,
        empty < 0 ? end + 2 : end,
        (char) bytes[flag],
        flag + 3);
  }

  private static final byte[] EMPTY = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static int indexOf(byte[] bytes, int from, int to, char wanted) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  /// Where `wanted` begins between two offsets, or -1.
  static int find(byte[] bytes, int from, int to, byte[] wanted) {
    for (int i = from; i <= to - wanted.length; i++) {
      if (bytes[i] == wanted[0]
          && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
