package io.continuo.sip.sdp;

import java.util.List;
import java.util.Optional;

/// One `m=` line and what belongs to it (RFC 8866 §5.14).
///
/// @param media `message`, `audio` …
/// @param protocol as written: `TCP/MSRP`
/// @param formats the rest of the line
/// @param address of its own `c=` line
public record MediaDescription(
    String media,
    int port,
    String protocol,
    String formats,
    Optional<String> address,
    List<SdpAttribute> attributes) {
  public MediaDescription {
    attributes = List.copyOf(attributes);
  }

  /// The value of the first attribute of this name; attribute names are case-sensitive.
  public Optional<String> attribute(String name) {
    return SdpAttribute.first(attributes, name);
  }

  /// The values of all attributes of this name, in order.
  public List<String> attributes(String name) {
    return SdpAttribute.values(attributes, name);
  }
}
