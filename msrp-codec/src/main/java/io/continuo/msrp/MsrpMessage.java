package io.continuo.msrp;

import java.util.List;

/// A request or a response (RFC 4975 §7). Immutable.
public sealed interface MsrpMessage extends MsrpInbound permits MsrpRequest, MsrpResponse {
  /// At least one URI, the next hop first.
  @Override
  List<MsrpUri> toPath();

  /// At least one URI, the last hop first.
  @Override
  List<MsrpUri> fromPath();
}
