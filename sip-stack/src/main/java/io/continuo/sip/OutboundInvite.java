package io.continuo.sip;

/// An INVITE that we sent and that is not finished.
public interface OutboundInvite {
  /// Sends CANCEL as soon as the RFC allows it (after a provisional, RFC 3261 §9.1). Whatever final
  /// response still comes is told as usual, a crossing 2xx included. Does nothing once a final
  /// response came.
  void cancel(SipHeaders headers);
}
