package io.continuo.server.registrar;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Compares Contact URIs by RFC 3261 §19.1.4: scheme, host and parameters without case, the user
/// part with it; a character that is not reserved equals its escape; `user`, `ttl`, `method`,
/// `maddr` and `transport` count even when only one has them, other parameters only when both do.
final class ContactUri {
  private static final Set<String> ALWAYS_COMPARED =
      Set.of("user", "ttl", "method", "maddr", "transport");

  private static final Pattern ESCAPED = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9_.!~*'()-]");

  private ContactUri() {}

  static boolean same(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    Parts a = Parts.of(one);
    Parts b = Parts.of(other);
    return a.scheme.equals(b.scheme)
        && a.user.equals(b.user)
        && a.hostPort.equals(b.hostPort)
        && sameParameters(a.parameters, b.parameters);
  }

  private static boolean sameParameters(Map<String, String> a, Map<String, String> b) {
    return matches(a, b) && matches(b, a);
  }

  private static boolean matches(Map<String, String> these, Map<String, String> those) {
    return these.entrySet().stream()
        .allMatch(parameter -> {
          String there = those.get(parameter.getKey());
          return there == null
              ? !ALWAYS_COMPARED.contains(parameter.getKey())
              : there.equals(parameter.getValue());
        });
  }

  private record Parts(
      String scheme, String user, String hostPort, Map<String, String> parameters) {

    static Parts of(String uri) {
      int colon = Math.max(uri.indexOf(':'), 0);
      String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
      String rest = uri.substring(Math.min(colon + 1, uri.length()));
      int at = rest.indexOf('@');
      String user = at < 0 ? "" : unescaped(rest.substring(0, at));
      String[] pieces = rest.substring(at + 1).split("[;?]", -1);
      Map<String, String> parameters = new TreeMap<>();
      for (int i = 1; i < pieces.length; i++) {
        int equals = pieces[i].indexOf('=');
        String name = equals < 0 ? pieces[i] : pieces[i].substring(0, equals);
        String value = equals < 0 ? "" : pieces[i].substring(equals + 1);
        parameters.put(
            unescaped(name).toLowerCase(Locale.ROOT), unescaped(value).toLowerCase(Locale.ROOT));
      }
      return new Parts(scheme, user, pieces[0].toLowerCase(Locale.ROOT), parameters);
    }

    private static String unescaped(String text) {
      return text.indexOf('%') < 0
          ? text
          : ESCAPED
              .matcher(text)
              .replaceAll(escape -> {
                String character = Character.toString(Integer.parseInt(escape.group(1), 16));
                return Matcher.quoteReplacement(
                    UNRESERVED.matcher(character).matches()
                        ? character
                        : escape.group().toUpperCase(Locale.ROOT));
              });
    }
  }
}
