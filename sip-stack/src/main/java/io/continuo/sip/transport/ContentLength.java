package io.continuo.sip.transport;

import io.continuo.sip.Digits;

/// Reads Content-Length (or its compact form `l`) out of a header block without parsing the rest.
final class ContentLength {
  /// Why a message cannot be framed.
  static final String BAD = "Bad Content-Length";

  private static final int MAX_DIGITS = 10;

  private ContentLength() {}

  /// The length; 0 when there is none; -1 when it is negative, not a number or given twice.
  static long of(String head) {
    long found = 0;
    boolean seen = false;
    for (int line = nextLine(head, 0); line < head.length(); line = nextLine(head, line)) {
      int colon = head.indexOf(':', line);
      if (colon < 0) {
        break;
      }
      if (!isBlank(head.charAt(line))
          && isName(head.substring(line, Math.min(colon, line + 32)).strip())) {
        long value = digits(unfolded(head, colon + 1));
        if (seen || value < 0) {
          return -1;
        }
        seen = true;
        found = value;
      }
    }
    return found;
  }

  private static boolean isName(String name) {
    return name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("l");
  }

  private static int nextLine(String head, int from) {
    int end = head.indexOf('\n', from);
    return end < 0 ? head.length() : end + 1;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /// The value with the lines that continue it (RFC 3261 §7.3.1).
  private static String unfolded(String head, int from) {
    int end = nextLine(head, from);
    String value = head.substring(from, end).strip();
    while (end < head.length() && isBlank(head.charAt(end))) {
      int next = nextLine(head, end);
      value = (value + ' ' + head.substring(end, next).strip()).strip();
      end = next;
    }
    return value;
  }

  private static long digits(String text) {
    return Digits.only(text, MAX_DIGITS) ? Long.parseLong(text) : -1;
  }
}
