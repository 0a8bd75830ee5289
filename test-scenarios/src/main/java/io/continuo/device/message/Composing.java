package io.continuo.device.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// An is-composing indication (RFC 3994).
///
/// @param active whether somebody types now
public record Composing(boolean active) {
  /// The content type.
  public static final String TYPE = "application/im-iscomposing+xml";

  public byte[] bytes() {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">
    <state>%s</state><contenttype>text/plain</contenttype><refresh>60</refresh>
    </isComposing>
    """
        .formatted(active ? "active" : "idle")
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  public static boolean isType(String contentType) {
    return contentType.toLowerCase(Locale.ROOT).startsWith(TYPE);
  }

  public static Composing parse(byte[] xml) {
    return new Composing(new String(xml, StandardCharsets.UTF_8).contains("<state>active</state>"));
  }
}
