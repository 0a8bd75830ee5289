package io.continuo.sip.screening;

import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipMessage;

/// What screening says about one message.
public sealed interface Verdict {
  /// Well-formed as far as can be said before the stack's parser.
  record Pass(SipMessage message) implements Verdict {}

  /// A request to be answered and forgotten.
  ///
  /// @param headers Allow or Unsupported
  record Refuse(int status, String reason, SipHeaders headers) implements Verdict {
    static Refuse badRequest(String reason) {
      return new Refuse(400, reason, SipHeaders.NONE);
    }
  }

  /// Nothing that can be answered: a response, an ACK, or no usable Via.
  record Drop(String reason) implements Verdict {}
}
