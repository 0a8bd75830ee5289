package io.continuo.sip;

/// A request or a response. Immutable; `body` is shared and must not be written to.
public sealed interface SipMessage permits SipRequest, SipResponse {
  SipHeaders headers();

  byte[] body();
}
