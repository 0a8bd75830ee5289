package io.continuo.sip.sdp;

import java.util.List;
import java.util.Optional;

/// An `a=` line: `name:value`, or a bare `name` with an empty value (RFC 8866 §5.13).
public record SdpAttribute(String name, String value) {
  static SdpAttribute parse(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new SdpAttribute(text.trim(), "")
        : new SdpAttribute(text.substring(0, colon).trim(), text.substring(colon + 1).trim());
  }

  static Optional<String> first(List<SdpAttribute> attributes, String name) {
    for (SdpAttribute attribute : attributes) {
      if (attribute.name().equals(name)) {
        return Optional.of(attribute.value());
      }
    }
    return Optional.empty();
  }

  static List<String> values(List<SdpAttribute> attributes, String name) {
    return attributes.stream().filter(a -> a.name().equals(name)).map(a -> a.value()).toList();
  }
}
