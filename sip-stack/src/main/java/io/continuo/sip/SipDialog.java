package io.continuo.sip;

/// An established INVITE dialog (RFC 3261 §12). It ends by [#bye], or as its [DialogListener] is
/// told; what is asked of it then is answered 481 here.
///
/// Threading: any thread; what is called from one thread is sent in that order.
public interface SipDialog {
  /// Sends BYE with these extra headers (Reason, say), and forgets the dialog whatever the answer.
  /// Waits for the ACK to our 2xx, as the callee must (§15), for 32 s at most.
  void bye(SipHeaders headers);

  /// Sends another request inside the dialog.
  ///
  /// INVITE and UPDATE wait for earlier ones of either side (§14.1; eight at most, one more is told
  /// 491). A 491, or a 500 with a Retry-After of up to 10 s, is tried again, four times in all. An
  /// INVITE that only gets provisional answers is cancelled after 32 s. A 408 or 481 ends the
  /// dialog (§12.2.1.2): it is told first, then [DialogListener#lost].
  ///
  /// @param headers everything but what the dialog makes: Via, Route, From, To, Call-ID, CSeq,
  ///   Max-Forwards, Content-Length
  /// @param listener told once, 408 and 503 made here as in [ResponseListener]
  void request(String method, SipHeaders headers, byte[] body, ResponseListener listener);
}
