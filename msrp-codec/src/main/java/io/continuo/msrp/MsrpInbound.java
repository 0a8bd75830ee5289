package io.continuo.msrp;

import java.util.List;
import java.util.Optional;

/// What came over the wire with an end-line: a message, or one that cannot be understood.
/// Immutable.
public sealed interface MsrpInbound permits MsrpMessage, MalformedMessage {
  /// Also the framing token of the end-line (RFC 4975 §7.1).
  String transactionId();

  /// The next hop first.
  List<MsrpUri> toPath();

  /// The last hop first.
  List<MsrpUri> fromPath();

  /// Everything else, in order.
  List<MsrpHeader> headers();

  /// The first header of that name, whatever its case.
  default Optional<String> header(String name) {
    for (MsrpHeader header : headers()) {
      if (header.name().equalsIgnoreCase(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }
}
