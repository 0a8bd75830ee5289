package io.continuo.sip;

/// An INVITE that starts a dialog. Any thread may answer. 100 has been sent.
public interface InboundInvite extends InboundRequest {
  /// A provisional response (101-199). When the INVITE requires `100rel` it is repeated until its
  /// PRACK comes (RFC 3262 §3); it must not carry a session description then.
  void provisional(SipResponse response);

  /// A 2xx. The stack repeats it until the ACK comes (RFC 3261 §13.3.1.4), else tells
  /// [DialogListener#lost].
  SipDialog accept(SipResponse ok, DialogListener listener);

  /// Told when the peer cancels before our final answer; the stack has answered the CANCEL with 200
  /// and the INVITE with 487. Also when it acknowledges no reliable provisional response (504).
  /// Told at once when that has happened already.
  void onCancel(Runnable listener);
}
