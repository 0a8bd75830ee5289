package io.continuo.sip;

/// Told what becomes of an INVITE of ours. In order; never two at once.
public interface InviteListener {
  /// 101-199, once each: a reliable one is acknowledged, and its repetitions are not told (RFC 3262
  /// §4). Of several To-tags each is an early dialog of its own.
  void provisional(SipResponse response);

  /// A 2xx: once for each To-tag when the request was forked downstream (RFC 3261 §13.2.2.4), up to
  /// 32 s after the first and up to 32 of them. Also one that crossed a CANCEL. The ACK has been
  /// sent, and is repeated for each repeated 2xx. Who wants the dialog not ends it by
  /// [SipDialog#bye]. Returns who listens to the new dialog.
  DialogListener accepted(SipDialog dialog, SipResponse response);

  /// The final response when there was no 2xx; 408 and 503 as in [ResponseListener].
  void refused(SipResponse response);
}
