package io.continuo.sipcomparison;

import io.continuo.device.sip.DigestAnswer;
import io.continuo.device.sip.SipHeaders;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipResponse;

/// Answers the challenge to a first REGISTER; refreshes over the same flow need none.
final class Credentials {
  private Credentials() {}

  static String password(String user) {
    return user + "-secret";
  }

  /// The Authorization field with its line break.
  static String answering(Received challenge, String user) {
    SipHeaders headers =
        SipHeaders.NONE.with("WWW-Authenticate", challenge.header("WWW-Authenticate"));
    SipRequest request = new SipRequest("REGISTER", "sip:" + Messages.DOMAIN, SipHeaders.NONE);
    return DigestAnswer.to(
            new SipResponse(401, "", headers, new byte[0]), request, user, password(user))
        .map(field -> field.name() + ": " + field.value() + "\r\n")
        .orElseThrow(() -> new IllegalStateException("cannot answer " + challenge.text()));
  }
}
