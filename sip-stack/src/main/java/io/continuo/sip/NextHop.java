package io.continuo.sip;

/// Where a request that starts something goes on the wire.
public sealed interface NextHop {
  /// Back over a flow that a peer opened. A TCP flow that is closed is an error, never a new
  /// connection.
  record OverFlow(Flow flow) implements NextHop {}

  /// By the topmost Route header, else by the Request-URI (RFC 3261 §8.1.2, RFC 3263 without SRV
  /// for literal addresses).
  record ByRoute() implements NextHop {}
}
