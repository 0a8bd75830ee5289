package io.continuo.sip.screening;

/// The form of a From, To or Contact element: `name-addr` or `addr-spec` with parameters (RFC 3261
/// §20.10, §25.1). One pass, so that a long field costs no more than its length.
///
/// Stricter than [io.continuo.sip.NameAddr], which reads what passed here. Lenient where shipped
/// clients are sloppy and nothing can be misread: non-ASCII letters in a display name without
/// quotes, and empty parameters.
final class AddressField {
  private AddressField() {}

  static boolean isWellFormed(String text) {
    int open = unquoted(text, 0, '<');
    return open >= 0 ? isNameAddr(text, open) : isAddrSpec(text);
  }

  private static boolean isNameAddr(String text, int open) {
    int close = text.indexOf('>', open);
    return close >= 0
        && isDisplayName(text.substring(0, open).strip())
        && isUri(text.substring(open + 1, close))
        && areParameters(text.substring(close + 1).strip());
  }

  // RFC 3261 §20.10: a URI with a comma, question mark or semicolon must stand in angle brackets.
  private static boolean isAddrSpec(String text) {
    int end = text.indexOf(';');
    String uri = end < 0 ? text : text.substring(0, end).strip();
    return isUri(uri)
        && uri.indexOf('?') < 0
        && uri.indexOf(',') < 0
        && areParameters(end < 0 ? "" : text.substring(end));
  }

  /// A quoted string, or tokens between blanks.
  private static boolean isDisplayName(String name) {
    if (name.startsWith("\"")) {
      return closingQuote(name, 0) == name.length() - 1;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != ' ' && c != '\t' && c <= 0x7F && !RawMessage.isTokenCharacter(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUri(String uri) {
    int colon = uri.indexOf(':');
    return colon > 0
        && colon < uri.length() - 1
        && RawMessage.isToken(uri.substring(0, colon))
        && RequestUri.isUnquoted(uri);
  }

  private static boolean areParameters(String text) {
    return text.isEmpty() || (text.charAt(0) == ';' && unquoted(text, 0, '<') != UNBALANCED);
  }

  private static final int NONE = -1;
  private static final int UNBALANCED = -2;

  /// Where a character stands outside of quotes.
  private static int unquoted(String text, int from, char wanted) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == wanted) {
        return i;
      }
      if (text.charAt(i) == '"') {
        i = closingQuote(text, i);
        if (i < 0) {
          return UNBALANCED;
        }
      }
    }
    return NONE;
  }

  private static int closingQuote(String text, int open) {
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '"') {
        return i;
      }
    }
    return NONE;
  }
}
