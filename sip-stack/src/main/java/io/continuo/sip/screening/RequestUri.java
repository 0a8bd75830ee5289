package io.continuo.sip.screening;

import io.continuo.sip.Digits;
import java.util.Locale;

/// The form of a Request-URI (RFC 3261 §19.1.1, §25.1), as far as nobody may guess at it.
final class RequestUri {
  private static final int MAX_PORT = 65_535;
  private static final int PORT_DIGITS = 5;

  private RequestUri() {}

  /// Any scheme; of `sip` and `sips` the host and port too. Headers in it would be a second request
  /// inside the first (§19.1.1: not in a Request-URI).
  static boolean isWellFormed(String uri) {
    int colon = uri.indexOf(':');
    boolean plain =
        colon > 0
            && colon < uri.length() - 1
            && RawMessage.isToken(uri.substring(0, colon))
            && isUnquoted(uri);
    return plain && (!isSip(scheme(uri)) || isHostPart(uri.substring(colon + 1)));
  }

  /// Without white space, control characters, angle brackets and quotes.
  static boolean isUnquoted(String uri) {
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= ' ' || c == 0x7F || c == '<' || c == '>' || c == '"') {
        return false;
      }
    }
    return true;
  }

  /// In lower case.
  static String scheme(String uri) {
    int colon = uri.indexOf(':');
    return colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
  }

  static boolean isSip(String scheme) {
    return scheme.equals("sip") || scheme.equals("sips");
  }

  private static boolean isHostPart(String rest) {
    int at = rest.indexOf('@');
    String part = rest.substring(at + 1);
    int parameters = part.indexOf(';');
    String hostPort = parameters < 0 ? part : part.substring(0, parameters);
    return part.indexOf('?') < 0 && part.indexOf('@') < 0 && isHostPort(hostPort);
  }

  private static boolean isHostPort(String text) {
    int end = text.startsWith("[") ? text.indexOf(']') + 1 : hostEnd(text);
    if (end <= 0 || !isHost(text.substring(0, end))) {
      return false;
    }
    String port = text.substring(end);
    return port.isEmpty() || (port.charAt(0) == ':' && isPort(port.substring(1)));
  }

  private static int hostEnd(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? text.length() : colon;
  }

  // Inside brackets any colons: three in a row come from an old grammar and are meant well
  // (RFC 5118 §4.10).
  private static boolean isHost(String host) {
    boolean reference = host.startsWith("[");
    int end = reference ? host.length() - 1 : host.length();
    for (int i = reference ? 1 : 0; i < end; i++) {
      char c = host.charAt(i);
      if (!(reference ? isInReference(c) : isInName(c))) {
        return false;
      }
    }
    return !reference || host.length() > 2;
  }

  private static boolean isInReference(char c) {
    return c == ':' || c == '.' || Character.digit(c, 16) >= 0;
  }

  private static boolean isInName(char c) {
    return c == '-' || c == '.' || c == '_' || Character.isLetterOrDigit(c);
  }

  private static boolean isPort(String digits) {
    return Digits.only(digits, PORT_DIGITS)
        && Integer.parseInt(digits) > 0
        && Integer.parseInt(digits) <= MAX_PORT;
  }
}
