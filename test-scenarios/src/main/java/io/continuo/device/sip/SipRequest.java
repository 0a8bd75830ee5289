package io.continuo.device.sip;

/// A request.
public record SipRequest(String method, String uri, SipHeaders headers, byte[] body)
    implements SipMessage {
  private static final byte[] EMPTY = new byte[0];

  public SipRequest(String method, String uri, SipHeaders headers) {
    this(method, uri, headers, EMPTY);
  }

  /// The same with other headers.
  public SipRequest with(SipHeaders others) {
    return new SipRequest(method, uri, others, body);
  }

  @Override
  public String startLine() {
    return method + " " + uri + " SIP/2.0";
  }

  /// A response with the headers that RFC 3261 §8.2.6 copies.
  ///
  /// @param toTag added to To when that has no tag yet; empty adds none
  public SipResponse answer(int status, String toTag) {
    SipHeaders copied = SipHeaders.NONE;
    for (SipHeaders.Field field : headers.fields()) {
      switch (field.name().toLowerCase(java.util.Locale.ROOT)) {
        case "via", "from", "call-id", "cseq", "record-route" ->
            copied = copied.with(field.name(), field.value());
        case "to" -> copied = copied.with("To", tagged(field.value(), toTag));
        default -> {
          // Every other header stays with the request.
        }
      }
    }
    return new SipResponse(status, SipText.reason(status), copied, EMPTY);
  }

  private static String tagged(String to, String tag) {
    boolean untagged = SipText.parameter(to, "tag").isEmpty();
    return untagged && !tag.isEmpty() ? to + ";tag=" + tag : to;
  }
}
