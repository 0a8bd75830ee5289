package io.continuo.device.sip;

/// A response.
public record SipResponse(int status, String reason, SipHeaders headers, byte[] body)
    implements SipMessage {

  /// The same with one more header field.
  public SipResponse with(String name, String value) {
    return new SipResponse(status, reason, headers.with(name, value), body);
  }

  /// The same with a body.
  public SipResponse with(String contentType, byte[] content) {
    return new SipResponse(status, reason, headers.with("Content-Type", contentType), content);
  }

  public boolean isProvisional() {
    return status < 200;
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  @Override
  public String startLine() {
    return "SIP/2.0 " + status + " " + reason;
  }

  @Override
  public String method() {
    return headers.required("CSeq").strip().split("\\s+")[1];
  }
}
