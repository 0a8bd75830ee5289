package io.continuo.sip.screening;

import io.continuo.sip.Digits;
import java.util.Optional;

/// One Via as far as an answer needs it (RFC 3261 §20.42): whether it is well-formed, and where its
/// sender listens. Read by hand in one pass: a pattern with optional white space at so many places
/// takes quadratic time on a hostile field.
///
/// @param host sent-by without its port; IPv6 in brackets
/// @param port 0 when there is none
/// @param rport index where a bare `rport` ends, for its value; -1 when there is none
/// @param wellFormed false when its parameters are not: it can be answered, but not accepted
record ViaField(String host, int port, int rport, boolean wellFormed) {
  private static final int MAX_PORT = 65_535;
  private static final int PORT_DIGITS = 5;
  private static final int VERSION_DIGITS = 4;

  /// Reads one element of a Via field; empty when it does not say who sent it.
  static Optional<ViaField> read(String text) {
    return new Reader(text).element();
  }

  /// Whether a field holds nothing but well-formed elements.
  static boolean isListOf(String field) {
    Reader reader = new Reader(field);
    do {
      if (!reader.element().map(ViaField::wellFormed).orElse(false)) {
        return false;
      }
    } while (reader.take(','));
    return reader.atEnd();
  }

  /// Threading: one call of [ViaField#read].
  private static final class Reader {
    private final String text;
    private int at;
    private int rport = -1;
    private boolean wellFormed = true;

    Reader(String text) {
      this.text = text;
    }

    /// Up to a comma, or to the end.
    Optional<ViaField> element() {
      rport = -1;
      boolean sent = word().equalsIgnoreCase("SIP") && slash() && isVersion(word()) && slash();
      if (!sent || word().isEmpty() || !blank(at)) {
        return Optional.empty();
      }
      skipBlanks();
      String host = host();
      skipBlanks();
      int port = port();
      parameters();
      return host.isEmpty() || port < 0
          ? Optional.empty()
          : Optional.of(new ViaField(host, port, rport, wellFormed));
    }

    boolean atEnd() {
      return at >= text.length();
    }

    private static boolean isVersion(String word) {
      int dot = word.indexOf('.');
      return dot > 0
          && Digits.only(word.substring(0, dot), VERSION_DIGITS)
          && Digits.only(word.substring(dot + 1), VERSION_DIGITS);
    }

    private String word() {
      skipBlanks();
      int from = at;
      while (at < text.length() && RawMessage.isTokenCharacter(text.charAt(at))) {
        at++;
      }
      return text.substring(from, at);
    }

    private boolean slash() {
      skipBlanks();
      return take('/');
    }

    private String host() {
      int from = at;
      if (take('[')) {
        while (at < text.length() && isInReference(text.charAt(at))) {
          at++;
        }
        return take(']') ? text.substring(from, at) : "";
      }
      return word();
    }

    private static boolean isInReference(char c) {
      return c == ':' || c == '.' || Character.digit(c, 16) >= 0;
    }

    /// 0 when there is none, -1 when it is wrong.
    private int port() {
      if (!take(':')) {
        return 0;
      }
      String digits = word();
      int port = Digits.only(digits, PORT_DIGITS) ? Integer.parseInt(digits) : -1;
      return port > 0 && port <= MAX_PORT ? port : -1;
    }

    private void parameters() {
      skipBlanks();
      boolean branched = false;
      while (wellFormed && take(';')) {
        String name = word();
        int end = at;
        skipBlanks();
        boolean valued = take('=');
        // Of two branches an answer could carry one only (RFC 3261 §7.3.1: no name twice).
        boolean branch = name.equalsIgnoreCase("branch");
        wellFormed = !name.isEmpty() && !(branch && branched) && (!valued || value());
        branched |= branch;
        if (name.equalsIgnoreCase("rport") && !valued) {
          rport = end;
        }
        skipBlanks();
      }
    }

    /// A token, a host or a quoted string; an IPv6 address also without brackets (RFC 5118 §4.5).
    private boolean value() {
      skipBlanks();
      int from = at;
      if (take('"')) {
        return quoted();
      }
      while (at < text.length() && isInValue(text.charAt(at))) {
        at++;
      }
      return at > from;
    }

    private boolean quoted() {
      while (at < text.length() && text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      return take('"');
    }

    private static boolean isInValue(char c) {
      return RawMessage.isTokenCharacter(c) || c == '[' || c == ']' || c == ':' || c > 0x7F;
    }

    private boolean take(char wanted) {
      boolean there = at < text.length() && text.charAt(at) == wanted;
      at += there ? 1 : 0;
      return there;
    }

    private boolean blank(int index) {
      return index < text.length() && (text.charAt(index) == ' ' || text.charAt(index) == '\t');
    }

    private void skipBlanks() {
      while (blank(at)) {
        at++;
      }
    }
  }
}
