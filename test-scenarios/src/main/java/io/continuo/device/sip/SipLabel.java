package io.continuo.device.sip;

/// What a SIP message is called in a ladder.
final class SipLabel {
  private SipLabel() {}

  static String of(SipMessage message) {
    return switch (message) {
      case SipResponse response -> response.status() + " " + response.method() + mark(response);
      case SipRequest request ->
          switch (request.method()) {
            case "INVITE" ->
                "INVITE " + SipText.user(request.headers().required("To")) + mark(request);
            case "MESSAGE" -> "MESSAGE " + SipText.user(request.headers().required("To"));
            case "BYE", "CANCEL" -> request.method() + reason(request);
            default -> request.method();
          };
    };
  }

  private static String mark(SipMessage message) {
    boolean invite = message.method().equals("INVITE");
    return invite && message.headers().lists("Supported", "multi-client") ? " (multi-client)" : "";
  }

  private static String reason(SipRequest request) {
    return request
        .headers()
        .first("Reason")
        .flatMap(reason -> SipText.parameter(reason, "cause"))
        .map(cause -> " (" + cause + ")")
        .orElse("");
  }
}
