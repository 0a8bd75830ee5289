package io.continuo.msrp;

import java.util.Optional;
import java.util.OptionalLong;

/// Byte-Range (RFC 4975 §9: `start-end/total`). Says where a chunk's bytes belong; never how many
/// there are, for which only the end-line counts.
///
/// @param start place of the chunk's first byte, counted from 1
/// @param end place of its last byte; empty for `*`. A bodiless request writes `1-0`
/// @param total bytes of the whole message; empty for `*`
public record ByteRange(long start, OptionalLong end, OptionalLong total) {
  private static final int MAX_DIGITS = 18;

  public ByteRange {
    if (start < 1) {
      throw new IllegalArgumentException("a range starts at 1, not " + start);
    }
    if (end.isPresent() && end.getAsLong() < start - 1) {
      throw new IllegalArgumentException("ends at " + end.getAsLong() + " before " + start);
    }
    if (end.isPresent() && total.isPresent() && end.getAsLong() > total.getAsLong()) {
      throw new IllegalArgumentException("ends behind the total " + total.getAsLong());
    }
  }

  /// A range that says everything.
  public static ByteRange of(long start, long end, long total) {
    return new ByteRange(start, OptionalLong.of(end), OptionalLong.of(total));
  }

  /// What a chunk without Byte-Range means (RFC 4975 §7.1.1): the message from its first byte on.
  public static final ByteRange UNSAID =
      new ByteRange(1, OptionalLong.empty(), OptionalLong.empty());

  /// Reads the value of the header; empty when it is not a range, or one that cannot be.
  public static Optional<ByteRange> parse(String value) {
    int dash = value.indexOf('-');
    int slash = value.indexOf('/', dash + 1);
    if (dash < 0 || slash < 0) {
      return Optional.empty();
    }
    String start = value.substring(0, dash).strip();
    String end = value.substring(dash + 1, slash).strip();
    String total = value.substring(slash + 1).strip();
    if (!isNumber(start) || !isNumberOrStar(end) || !isNumberOrStar(total)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ByteRange(Long.parseLong(start), number(end), number(total)));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  private static boolean isNumberOrStar(String text) {
    return text.equals("*") || isNumber(text);
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_DIGITS;
  }

  private static OptionalLong number(String text) {
    return text.equals("*") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  /// As it stands in the header.
  @Override
  public String toString() {
    return start + "-" + star(end) + "/" + star(total);
  }

  private static String star(OptionalLong number) {
    return number.isPresent() ? Long.toString(number.getAsLong()) : "*";
  }
}
