package io.continuo.verification;

import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A section of a specification as `@Spec` names it.
///
/// @param document `RFC 4975`, or `wire` for our own profile
/// @param section `7.3.1`, a topic, or empty when the whole document is meant
record SpecSection(String document, String section) implements Comparable<SpecSection> {
  private static final String OWN_PROFILE = "wire";
  private static final Pattern PIECES = Pattern.compile("\\d+|\\D+");
  private static final Comparator<SpecSection> NATURAL =
      Comparator.<SpecSection, String>comparing(SpecSection::document, SpecSection::natural)
          .thenComparing(SpecSection::section, SpecSection::natural);

  /// Reads `RFC 4975 §7.3.1` and `wire: glare`.
  static SpecSection parse(String text) {
    int sign = text.indexOf('§');
    if (sign >= 0) {
      return new SpecSection(text.substring(0, sign).strip(), text.substring(sign + 1).strip());
    }
    int colon = text.indexOf(':');
    return colon < 0
        ? new SpecSection(text.strip(), "")
        : new SpecSection(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
  }

  /// Whether a test of the other section shows this one: the same, or a part of it.
  boolean isShownBy(SpecSection other) {
    return document.equals(other.document)
        && (section.equals(other.section) || other.section.startsWith(section + "."));
  }

  @Override
  public int compareTo(SpecSection other) {
    return NATURAL.compare(this, other);
  }

  @Override
  public String toString() {
    if (section.isEmpty()) {
      return document;
    }
    return document + (document.equals(OWN_PROFILE) ? ": " : " §") + section;
  }

  /// Numbers compare as numbers: §7.3 before §7.10, RFC 822 before RFC 3261.
  private static int natural(String left, String right) {
    List<String> lefts = pieces(left);
    List<String> rights = pieces(right);
    for (int i = 0; i < Math.min(lefts.size(), rights.size()); i++) {
      int order = piece(lefts.get(i), rights.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(lefts.size(), rights.size());
  }

  private static int piece(String left, String right) {
    boolean numbers = Character.isDigit(left.charAt(0)) && Character.isDigit(right.charAt(0));
    return numbers
        ? Long.compare(Long.parseLong(left), Long.parseLong(right))
        : left.compareTo(right);
  }

  private static List<String> pieces(String text) {
    return PIECES.matcher(text).results().map(MatchResult::group).toList();
  }
}
