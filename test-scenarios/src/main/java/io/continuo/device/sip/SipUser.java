package io.continuo.device.sip;

/// What a SIP agent tells its device. Called on the reader's thread of one flow, in order: returns
/// at once, so that an answer on the same flow that comes later is seen later.
public interface SipUser {
  /// A new request, but ACK and CANCEL.
  void requested(ServerTransaction request);

  /// The peer gave up this INVITE; the CANCEL itself has been answered.
  void cancelled(ServerTransaction invite, SipRequest cancel);

  /// An ACK for a 2xx of ours.
  void acknowledged(SipRequest ack);
}
