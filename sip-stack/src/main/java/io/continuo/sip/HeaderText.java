package io.continuo.sip;

import java.util.ArrayList;
import java.util.List;

/// Splits header text where commas and semicolons are separators, not inside quotes or angle
/// brackets.
final class HeaderText {
  private HeaderText() {}

  static List<String> splitList(String text) {
    return split(text, ',');
  }

  static List<String> splitParameters(String text) {
    return split(text, ';');
  }

  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int angle = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '<') {
        angle++;
      } else if (!quoted && c == '>') {
        angle--;
      } else if (!quoted && angle <= 0 && c == separator) {
        addNonBlank(parts, text.substring(start, i));
        start = i + 1;
      }
    }
    addNonBlank(parts, text.substring(Math.min(start, text.length())));
    return parts;
  }

  private static void addNonBlank(List<String> parts, String part) {
    if (!part.isBlank()) {
      parts.add(part.strip());
    }
  }
}
