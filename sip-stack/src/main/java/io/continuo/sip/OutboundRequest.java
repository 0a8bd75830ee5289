package io.continuo.sip;

/// A request that we start outside of a dialog.
///
/// @param method INVITE, MESSAGE, OPTIONS …
/// @param uri the Request-URI
/// @param headers From (a tag it has is kept, else one is added) and To as name-addr, Contact
///   complete (see [SipEndpoint#address]), and everything else but Via and Content-Length, which
///   the stack adds. So it does with Max-Forwards (70), Call-ID and CSeq, unless they are there:
///   who passes a request on says one less than it had (RFC 3261 §16.6 (3)), and a request sent
///   again in another form, after a refusal, has the Call-ID of the refused one and a CSeq one
///   higher (RFC 3261 §8.1.3.5)
/// @param body with its Content-Type among the headers
/// @param nextHop where it goes
public record OutboundRequest(
    String method, String uri, SipHeaders headers, byte[] body, NextHop nextHop) {}
