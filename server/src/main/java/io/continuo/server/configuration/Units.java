package io.continuo.server.configuration;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations (`2s`, `5m`, `30d`) and sizes (`64KiB`, `1MiB`) as configuration writes them.
final class Units {
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
  private static final Map<String, Duration> TIMES =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));
  private static final Map<String, Long> SIZES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private Units() {}

  /// A bare number has no unit and is no duration, except `0`.
  static Optional<Duration> duration(String text) {
    Matcher number = NUMBER.matcher(text.strip());
    if (!number.matches()) {
      return Optional.empty();
    }
    if (number.group(1).equals("0") && number.group(2).isEmpty()) {
      return Optional.of(Duration.ZERO);
    }
    Duration unit = TIMES.get(number.group(2));
    try {
      return Optional.ofNullable(unit)
          .map(one -> one.multipliedBy(Long.parseLong(number.group(1))));
    } catch (ArithmeticException tooLong) {
      return Optional.empty();
    }
  }

  static Optional<Long> size(String text) {
    Matcher number = NUMBER.matcher(text.strip().replace("_", ""));
    if (!number.matches() || !SIZES.containsKey(number.group(2))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Math.multiplyExact(Long.parseLong(number.group(1)), SIZES.get(number.group(2))));
    } catch (ArithmeticException tooLarge) {
      return Optional.empty();
    }
  }

  /// In the largest unit that leaves no rest.
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long length = TIMES.getOrDefault(unit, Duration.ZERO).toMillis();
      if (millis % length == 0) {
        return millis / length + unit;
      }
    }
    return millis + "ms";
  }

  /// In the largest unit that leaves no rest.
  static String text(long bytes) {
    for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
      long length = SIZES.getOrDefault(unit, 1L);
      if (bytes != 0 && bytes % length == 0) {
        return bytes / length + unit;
      }
    }
    return Long.toString(bytes);
  }
}
