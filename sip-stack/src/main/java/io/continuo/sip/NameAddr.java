package io.continuo.sip;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A `name-addr` or `addr-spec` with header parameters, as in From, To, Contact, Route (RFC 3261
/// §20.10).
///
/// @param displayName without quotes; empty when there is none
/// @param uri without angle brackets, with its own parameters
/// @param parameters header parameters by lower-case name, in order; value without quotes, empty
///   for a bare flag
public record NameAddr(String displayName, String uri, Map<String, String> parameters) {

  /// Reads one element. Empty for text without a URI (`*` included).
  public static Optional<NameAddr> parse(String text) {
    String display = "";
    String uri;
    String rest;
    int open = indexOutsideQuotes(text, '<');
    if (open >= 0) {
      int close = text.indexOf('>', open);
      if (close < 0) {
        return Optional.empty();
      }
      display = unquote(text.substring(0, open).strip());
      uri = text.substring(open + 1, close).strip();
      rest = text.substring(close + 1);
    } else {
      int end = text.indexOf(';');
      uri = (end < 0 ? text : text.substring(0, end)).strip();
      rest = end < 0 ? "" : text.substring(end);
    }
    if (uri.indexOf(':') <= 0) {
      return Optional.empty();
    }
    return Optional.of(new NameAddr(display, uri, readParameters(rest)));
  }

  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name.toLowerCase(Locale.ROOT)));
  }

  private static Map<String, String> readParameters(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : HeaderText.splitParameters(text)) {
      int equals = part.indexOf('=');
      String name =
          (equals < 0 ? part : part.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
      parameters.put(name, equals < 0 ? "" : unquote(part.substring(equals + 1).strip()));
    }
    return parameters;
  }

  private static int indexOutsideQuotes(String text, char wanted) {
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static String unquote(String text) {
    if (text.length() < 2 || text.charAt(0) != '"' || text.charAt(text.length() - 1) != '"') {
      return text;
    }
    String inside = text.substring(1, text.length() - 1);
    return inside.indexOf('\\') < 0 ? inside : unescape(inside);
  }

  private static String unescape(String quoted) {
    StringBuilder plain = new StringBuilder(quoted.length());
    for (int i = 0; i < quoted.length(); i++) {
      boolean escape = quoted.charAt(i) == '\\' && i + 1 < quoted.length();
      plain.append(quoted.charAt(escape ? ++i : i));
    }
    return plain.toString();
  }
}
