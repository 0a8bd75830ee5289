package io.continuo.msrp.cpim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Header lines up to a blank line, as they stand in the bytes. Line ends may be CRLF or LF; a line
/// that begins with white space continues the one before it.
///
/// @param end where the block ends, behind its blank line
/// @param blank the blank line's own bytes; empty when the bytes ended without one
record HeaderBlock(List<Field> fields, byte[] blank, int end) {

  private static final Pattern FOLD = Pattern.compile("\r?\n[ \t]+");

  /// @param endMayCome whether the end of the bytes may stand for the blank line
  static HeaderBlock parse(byte[] bytes, int from, boolean endMayCome)
      throws MalformedCpimException {
    List<Field> fields = new ArrayList<>();
    int at = from;
    while (at < bytes.length) {
      int next = nextLine(bytes, at);
      if (isBlank(bytes, at, next)) {
        return new HeaderBlock(fields, Arrays.copyOfRange(bytes, at, next), next);
      }
      while (next < bytes.length && (bytes[next] == ' ' || bytes[next] == '\t')) {
        next = nextLine(bytes, next);
      }
      fields.add(field(bytes, at, next));
      at = next;
    }
    if (!endMayCome) {
      throw new MalformedCpimException("offset " + at + ": expected a blank line, found the end");
    }
    return new HeaderBlock(fields, new byte[0], at);
  }

  private static Field field(byte[] bytes, int from, int to) throws MalformedCpimException {
    String line = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip();
    if (name.isEmpty() || hasSpaceOrControl(name)) {
      throw new MalformedCpimException("offset " + from + ": expected a header `name: value`");
    }
    String value = unfolded(line.substring(colon + 1).strip());
    return new Field(new CpimHeader(name, value), Arrays.copyOfRange(bytes, from, to));
  }

  private static boolean hasSpaceOrControl(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) <= ' ') {
        return true;
      }
    }
    return false;
  }

  // Hardly any header is folded, and every header of every copy comes by here.
  private static String unfolded(String value) {
    return value.indexOf('\n') < 0 ? value : FOLD.matcher(value).replaceAll(" ");
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
