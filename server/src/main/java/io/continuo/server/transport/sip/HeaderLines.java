package io.continuo.server.transport.sip;

import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Header lines inside a body: of a MIME part, or of an enclosed SIP message. Lines without a colon
/// are skipped: what is read from here is looked up by name.
final class HeaderLines {
  /// RFC 3261 §7.3.3, the ones that are looked up.
  private static final Map<String, String> LONG_FORM =
      Map.of("m", "Contact", "i", "Call-ID", "f", "From", "t", "To", "c", "Content-Type");

  private HeaderLines() {}

  static SipHeaders parse(String text) {
    List<SipHeader> headers = new ArrayList<>();
    for (String line : text.replaceAll("\r?\n[ \t]+", " ").split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).strip();
        headers.add(
            new SipHeader(
                LONG_FORM.getOrDefault(name.toLowerCase(Locale.ROOT), name),
                line.substring(colon + 1).strip()));
      }
    }
    return new SipHeaders(headers);
  }
}
