package io.continuo.msrp;

/// What a transaction id and a Message-ID may be made of: `ident = ALPHANUM 3*31ident-char` (RFC
/// 4975 §9).
public final class Ident {
  /// Characters of the shortest one.
  public static final int SHORTEST = 4;

  /// Characters of the longest one.
  public static final int LONGEST = 32;

  private Ident() {}

  private static final String OTHERS = ".-+%=";
  private static final boolean[] ALLOWED = new boolean[128];

  static {
    for (char c = 0; c < ALLOWED.length; c++) {
      ALLOWED[c] = isAlphanumeric(c) || OTHERS.indexOf(c) >= 0;
    }
  }

  /// Whether the whole text is an ident. By hand, since every message comes by here.
  public static boolean isIdent(String text) {
    if (text.length() < SHORTEST || text.length() > LONGEST || !isAlphanumeric(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ALLOWED.length || !ALLOWED[c]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }
}
