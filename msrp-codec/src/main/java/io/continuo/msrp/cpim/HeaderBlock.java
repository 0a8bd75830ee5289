package io.continuo.msrp.cpim;

import java.util.ArrayList;
import java.util.List;

/// Header lines up to a blank line, as they stand in the bytes. Line ends may be CRLF or LF; a line
/// that begins with white space continues the one before it.
///
/// @param blankAt where the blank line begins that ends the block
/// @param end behind that blank line; the same place when the bytes ended without one
record HeaderBlock(List<Field> fields, int blankAt, int end) {

  /// @param endMayCome whether the end of the bytes may stand for the blank line
  static HeaderBlock parse(byte[] bytes, int from, boolean endMayCome)
      throws MalformedCpimException {
    List<Field> fields = new ArrayList<>();
    int at = from;
    while (at < bytes.length) {
      int next = nextLine(bytes, at);
      if (isBlank(bytes, at, next)) {
        return new HeaderBlock(fields, at, next);
      }
      if (isWhite(bytes[at])) {
        throw new MalformedCpimException("offset " + at + ": expected a header, found white space");
      }
      while (next < bytes.length && isWhite(bytes[next])) {
        next = nextLine(bytes, next);
      }
      fields.add(Field.read(bytes, at, next));
      at = next;
    }
    if (!endMayCome) {
      throw new MalformedCpimException("offset " + at + ": expected a blank line, found the end");
    }
    return new HeaderBlock(fields, at, at);
  }

  private static boolean isWhite(byte b) {
    return b == ' ' || b == '\t';
  }

  private static int nextLine(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return bytes.length;
  }

  private static boolean isBlank(byte[] bytes, int from, int to) {
    return bytes[to - 1] == '\n' && (to - from == 1 || (to - from == 2 && bytes[from] == '\r'));
  }
}
