package io.continuo.sip;

/// Told what happens in a dialog. In order for one dialog.
public interface DialogListener {
  /// The ACK to our 2xx came (only for dialogs that the peer began).
  void acknowledged();

  /// A BYE; the stack has answered 200.
  void bye(SipRequest request);

  /// re-INVITE, UPDATE, INFO, MESSAGE …: to be answered.
  void request(InboundRequest request);

  /// The dialog is gone without a BYE: no ACK came, or a request in it was answered 408 or 481.
  void lost(String reason);
}
