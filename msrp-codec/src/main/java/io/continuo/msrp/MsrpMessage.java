package io.continuo.msrp;

import java.util.List;
import java.util.Optional;

/// A request or a response (RFC 4975 §7). Immutable.
public sealed interface MsrpMessage permits MsrpRequest, MsrpResponse {
  /// Also the framing token of the end-line (§7.1).
  String transactionId();

  /// At least one URI, the next hop first.
  List<MsrpUri> toPath();

  /// At least one URI, the last hop first.
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
