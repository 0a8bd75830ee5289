package io.continuo.server.configuration;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds the key that somebody may have meant.
final class NearestKey {
  private NearestKey() {}

  /// `; is sip.port meant?`, or nothing when no key is near.
  static String hint(String written, List<String> known) {
    String key = written.toLowerCase(Locale.ROOT);
    String last = lastPart(key);
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
        .filter(nearest -> distance(key, nearest) <= Math.max(2, key.length() / 4))
        .or(() -> known.stream().filter(one -> lastPart(one).equals(last)).findFirst())
        .map(nearest -> "; is " + nearest + " meant?")
        .orElse("");
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /// Levenshtein: insertions, deletions and replacements between the two.
  static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
