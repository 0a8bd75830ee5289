package io.continuo.msrp;

/// What a transaction id and a Message-ID may be made of: `ident = ALPHANUM 3*31ident-char` (RFC
/// 4975 §9). What we make is so; of a peer's transaction id shorter and longer ones are read too,
/// since clients write UUIDs and counters.
public final class Ident {
  /// Characters of the shortest one.
  public static final int SHORTEST = 4;

  /// Characters of the longest one.
  public static final int LONGEST = 32;

  /// Characters of the longest one that is read of a peer.
  public static final int LONGEST_READ = 128;

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
    return text.length() >= SHORTEST && text.length() <= LONGEST && isMadeOfIts(text);
  }

  /// Whether it is read as a transaction id of a peer: of the same characters, 1 to [#LONGEST_READ]
  /// of them.
  public static boolean isReadable(String text) {
    return !text.isEmpty() && text.length() <= LONGEST_READ && isMadeOfIts(text);
  }

  private static boolean isMadeOfIts(String text) {
    if (!isAlphanumeric(text.charAt(0))) {
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
