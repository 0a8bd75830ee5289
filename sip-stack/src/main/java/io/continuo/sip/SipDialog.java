package io.continuo.sip;

/// An established INVITE dialog. Any thread.
public interface SipDialog {
  /// Sends BYE with these extra headers (Reason, say), and forgets the dialog whatever the answer.
  void bye(SipHeaders headers);

  /// Sends another request inside the dialog.
  void request(String method, SipHeaders headers, byte[] body, ResponseListener listener);
}
