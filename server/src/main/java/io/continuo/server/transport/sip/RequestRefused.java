package io.continuo.server.transport.sip;

import io.continuo.sip.SipHeaders;

/// A peer's request that gets a final answer other than 2xx. Thrown by whichever step finds the
/// fault, so that the steps of a request read in order; [SipGateway] answers in one place.
final class RequestRefused extends Exception {
  private final transient Refusal refusal;

  /// @param reason a fixed phrase for log and counter; sent in the Warning of a 488 only
  /// @param headers of the response (a challenge, Allow, Accept …)
  record Refusal(int status, String reason, SipHeaders headers) {}

  RequestRefused(int status, String reason) {
    this(status, reason, SipHeaders.NONE);
  }

  RequestRefused(int status, String reason, SipHeaders headers) {
    super(status + " " + reason, null, false, false);
    this.refusal = new Refusal(status, reason, headers);
  }

  /// An offer that is not taken, and why (RFC 3261 §13.3.1.3, §20.43).
  static RequestRefused notAcceptable(String reason) {
    String warning = "399 Continuo \"" + reason.replaceAll("[\"\\\\]", "") + '"';
    return new RequestRefused(
        488, reason, SipHeaders.of("Accept", MediaText.TYPE, "Warning", warning));
  }

  Refusal refusal() {
    return refusal;
  }
}
