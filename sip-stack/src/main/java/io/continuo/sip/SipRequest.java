package io.continuo.sip;

/// A request as received, or as a test writes it.
public record SipRequest(String method, String uri, SipHeaders headers, byte[] body)
    implements SipMessage {}
