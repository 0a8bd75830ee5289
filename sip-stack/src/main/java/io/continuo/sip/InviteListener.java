package io.continuo.sip;

/// Told what becomes of an INVITE of ours. In order; never two at once.
public interface InviteListener {
  /// 101-199.
  void provisional(SipResponse response);

  /// A 2xx: once for each To-tag when the request was forked downstream. The ACK has been sent, and
  /// is repeated for each repeated 2xx. Returns who listens to the new dialog.
  DialogListener accepted(SipDialog dialog, SipResponse response);

  /// The final response when there was no 2xx; 408 and 503 as in [ResponseListener].
  void refused(SipResponse response);
}
