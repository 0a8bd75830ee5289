package io.continuo.sip.sdp;

import java.util.ArrayList;
import java.util.List;

/// Text between blanks. By hand: an offer has some twenty lines, and patterns took most of the
/// time.
final class SdpWords {
  private SdpWords() {}

  static List<String> of(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  /// @param most words; the last one then holds the rest, blanks included
  static List<String> of(String text, int most) {
    List<String> words = new ArrayList<>();
    int at = afterBlanks(text, 0);
    while (at < text.length()) {
      int end = words.size() == most - 1 ? text.length() : wordEnd(text, at);
      words.add(text.substring(at, end));
      at = afterBlanks(text, end);
    }
    return words;
  }

  private static int afterBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int wordEnd(String text, int from) {
    int at = from;
    while (at < text.length() && !isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
