package io.continuo.device.sip;

/// What a SIP message is called in a ladder.
final class SipLabel {
  private SipLabel() {}

  static String of(SipMessage message) {
    return switch (message) {
      case SipResponse response -> response.status() + " " + response.method() + mark(response);
      case SipRequest request ->
          switch (request.method()) {
            case "INVITE" -> "INVITE " + to(request) + mark(request);
            case "MESSAGE" -> "MESSAGE " + SipText.user(request.headers().required("To"));
            case "BYE", "CANCEL" -> request.method() + reason(request);
            default -> request.method();
          };
    };
  }

  /// Who is invited. A group's focus is a number that tells a reader nothing.
  private static String to(SipRequest request) {
    boolean group =
        request.headers().first("Contact").filter(it -> it.contains("isfocus")).isPresent();
    return group ? "group" : SipText.user(request.headers().required("To"));
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
        .map(cause -> " (Reason " + cause + ")")
        .orElse("");
  }
}
