package io.continuo.sip;

/// What uses the endpoint. Called on the stack's threads, one call at a time for a Call-ID; must
/// not block. Whatever it throws is logged and answered 500.
public interface SipApplication {
  /// A well-formed INVITE outside of a dialog.
  void invited(InboundInvite invite);

  /// Any other well-formed request outside of a dialog, of a method that
  /// [SipEndpointConfig#methods] allows.
  void requested(InboundRequest request);

  /// Whether a request is none of ours to answer, but to be passed on along its Route as a proxy
  /// does; asked of every well-formed request first, ACK and CANCEL included. The topmost Route is
  /// taken for ours.
  default boolean passesOn(Flow flow, SipRequest request) {
    return false;
  }

  /// A message was refused below the application (malformed, oversize, wrong version …): for the
  /// log line and the counter.
  ///
  /// @param method of the request; `-` when it cannot be told, and for a response
  /// @param status what was answered, 0 when nothing could be
  /// @param reason a short fixed phrase, no bytes of the message
  void screened(Flow flow, String method, int status, String reason);

  /// A TCP connection is gone: the flow can carry nothing any more.
  void flowClosed(Flow flow);
}
