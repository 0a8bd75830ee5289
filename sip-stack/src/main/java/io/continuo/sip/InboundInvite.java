package io.continuo.sip;

/// An INVITE that starts a dialog. Any thread may answer. 100 has been sent.
public interface InboundInvite extends InboundRequest {
  /// A provisional response (101-199); nothing after the final one. When the INVITE requires
  /// `100rel` it is repeated until its PRACK comes (RFC 3262 §3), another meanwhile is left out,
  /// and none in 32 s is a 504 to the INVITE. With a Contact the early dialog can be refreshed by
  /// UPDATE.
  void provisional(SipResponse response);

  /// A 2xx, with a Contact. The stack repeats it until the ACK comes (RFC 3261 §13.3.1.4), else
  /// sends BYE and tells [DialogListener#lost] after 32 s. It waits for the PRACK of a provisional
  /// response with a body (RFC 3262 §3). When the peer cancelled first the dialog is told as lost.
  SipDialog accept(SipResponse ok, DialogListener listener);

  /// Told when the peer cancels before our final answer, or ends the early dialog by BYE; the stack
  /// has answered that with 200 and the INVITE with 487. Also when it acknowledges no reliable
  /// provisional response (504), and when nobody answered for 5 min 32 s (408). Told at once when
  /// that has happened already.
  void onCancel(Runnable listener);
}
