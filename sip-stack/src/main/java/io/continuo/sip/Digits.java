package io.continuo.sip;

/// Numbers in the text of a peer, before they are read as one: no sign, no blank, and no more
/// digits than the reader can hold.
public final class Digits {
  private Digits() {}

  /// Whether text is ASCII digits, at least one and so many at most.
  public static boolean only(String text, int most) {
    if (text.isEmpty() || text.length() > most) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
