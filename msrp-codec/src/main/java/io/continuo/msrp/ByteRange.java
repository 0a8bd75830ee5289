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
  private static final long STAR = -1;
  private static final long NONE = -2;

  /// @throws IllegalArgumentException when the parts contradict each other; [#parse] is for what
  ///   strangers write
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
    long start = number(value, 0, dash);
    long end = number(value, dash + 1, slash);
    long total = number(value, slash + 1, value.length());
    boolean possible =
        start >= 1
            && end != NONE
            && total != NONE
            && (end == STAR || end >= start - 1)
            && (end == STAR || total == STAR || end <= total);
    return possible
        ? Optional.of(new ByteRange(start, known(end), known(total)))
        : Optional.empty();
  }

  /// The number that stands there, [#STAR], or [#NONE]. By hand, since every chunk comes by here.
  private static long number(String text, int from, int to) {
    int first = from;
    while (first < to && text.charAt(first) == ' ') {
      first++;
    }
    int end = to;
    while (end > first && text.charAt(end - 1) == ' ') {
      end--;
    }
    if (end - first == 1 && text.charAt(first) == '*') {
      return STAR;
    }
    if (first == end || end - first > MAX_DIGITS) {
      return NONE;
    }
    long number = 0;
    for (int i = first; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static OptionalLong known(long number) {
    return number == STAR ? OptionalLong.empty() : OptionalLong.of(number);
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
