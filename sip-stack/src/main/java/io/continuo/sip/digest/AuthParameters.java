package io.continuo.sip.digest;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `Scheme name=value, name="quoted value" …` (RFC 3261 §25.1, RFC 7616 §3.4).
///
/// Threading: used once, by one thread.
public final class AuthParameters {
  /// More parameters than this are malformed.
  private static final int MAX_PARAMETERS = 32;

  private final String text;
  private int at;

  private AuthParameters(String text, int at) {
    this.text = text;
    this.at = at;
  }

  /// Values by lower-case name, without quotes and escapes. Empty when the scheme is another one, a
  /// name comes twice, or the text is malformed.
  public static Optional<Map<String, String>> parse(String header, String scheme) {
    String value = header.strip();
    boolean ours =
        value.regionMatches(true, 0, scheme, 0, scheme.length())
            && value.length() > scheme.length()
            && Character.isWhitespace(value.charAt(scheme.length()));
    return ours ? new AuthParameters(value, scheme.length()).read() : Optional.empty();
  }

  private Optional<Map<String, String>> read() {
    Map<String, String> found = new LinkedHashMap<>();
    while (skipTo()) {
      int equals = text.indexOf('=', at);
      if (equals < 0 || found.size() == MAX_PARAMETERS) {
        return Optional.empty();
      }
      String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
      at = equals + 1;
      Optional<String> value = value();
      if (value.isEmpty() || found.put(name, value.get()) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  /// Skips white space and commas; false at the end.
  private boolean skipTo() {
    while (at < text.length()
        && (text.charAt(at) == ',' || Character.isWhitespace(text.charAt(at)))) {
      at++;
    }
    return at < text.length();
  }

  private Optional<String> value() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() && text.charAt(at) == '"' ? quoted() : token();
  }

  private Optional<String> token() {
    int comma = text.indexOf(',', at);
    int end = comma < 0 ? text.length() : comma;
    String value = text.substring(at, end).strip();
    at = end;
    return value.isEmpty() || value.indexOf('"') >= 0 ? Optional.empty() : Optional.of(value);
  }

  private Optional<String> quoted() {
    StringBuilder value = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        at = i + 1;
        return Optional.of(value.toString());
      }
      if (c == '\\' && i + 1 < text.length()) {
        c = text.charAt(++i);
      }
      value.append(c);
    }
    return Optional.empty();
  }
}
