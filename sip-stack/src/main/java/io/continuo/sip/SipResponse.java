package io.continuo.sip;

/// A response. One that we send names only what it adds: Via, From, To, Call-ID, CSeq and
/// Content-Length come from the stack.
///
/// @param reason the reason phrase; empty means the standard one for the status
public record SipResponse(int status, String reason, SipHeaders headers, byte[] body)
    implements SipMessage {

  /// A response with a status and nothing else.
  public static SipResponse of(int status) {
    return new SipResponse(status, "", SipHeaders.NONE, new byte[0]);
  }

  /// A response with header fields of its own.
  public static SipResponse of(int status, SipHeaders headers) {
    return new SipResponse(status, "", headers, new byte[0]);
  }
}
