package io.continuo.sip;

/// Told what happens in a dialog. In order for one dialog.
public interface DialogListener {
  /// The ACK to a 2xx of ours came: to the INVITE that began the dialog, or to one inside it. Once
  /// for each. Where that INVITE had no offer, our 2xx made one, and the answer is in here (RFC
  /// 3261 §13.2.1, §14.2).
  ///
  /// @param dialog that the listener was made for
  void acknowledged(SipDialog dialog, SipRequest ack);

  /// A BYE; the stack has answered 200.
  void bye(SipRequest request);

  /// re-INVITE, UPDATE, INFO, MESSAGE …: to be answered.
  void request(InboundRequest request);

  /// The dialog is gone without a BYE: no ACK came, or a request in it was answered 408 or 481.
  void lost(String reason);
}
