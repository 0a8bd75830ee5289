package io.continuo.sip.screening;

import java.util.Locale;
import java.util.Map;

/// Long forms of header names (RFC 3261 §7.3.3 and the IANA list of compact forms).
final class HeaderNames {
  private static final Map<String, String> LONG_FORMS =
      Map.ofEntries(
          Map.entry("a", "Accept-Contact"),
          Map.entry("b", "Referred-By"),
          Map.entry("c", "Content-Type"),
          Map.entry("d", "Request-Disposition"),
          Map.entry("e", "Content-Encoding"),
          Map.entry("f", "From"),
          Map.entry("i", "Call-ID"),
          Map.entry("j", "Reject-Contact"),
          Map.entry("k", "Supported"),
          Map.entry("l", "Content-Length"),
          Map.entry("m", "Contact"),
          Map.entry("n", "Identity-Info"),
          Map.entry("o", "Event"),
          Map.entry("r", "Refer-To"),
          Map.entry("s", "Subject"),
          Map.entry("t", "To"),
          Map.entry("u", "Allow-Events"),
          Map.entry("v", "Via"),
          Map.entry("x", "Session-Expires"),
          Map.entry("y", "Identity"));

  private HeaderNames() {}

  static String longForm(String name) {
    return name.length() == 1 ? LONG_FORMS.getOrDefault(name.toLowerCase(Locale.ROOT), name) : name;
  }
}
