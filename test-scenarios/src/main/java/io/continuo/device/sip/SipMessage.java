package io.continuo.device.sip;

import java.nio.charset.StandardCharsets;

/// A SIP message as text (RFC 3261 §7).
public sealed interface SipMessage permits SipRequest, SipResponse {
  SipHeaders headers();

  byte[] body();

  /// The first line, without its line end.
  String startLine();

  /// The method: a request's own, a response's from its CSeq.
  String method();

  default String callId() {
    return headers().required("Call-ID");
  }

  /// The number in CSeq.
  default long sequence() {
    return Long.parseLong(headers().required("CSeq").split("\\s+")[0]);
  }

  /// The branch of the topmost Via, empty text when it has none.
  default String branch() {
    return SipText.parameter(headers().all("Via").getFirst(), "branch").orElse("");
  }

  /// As written on the wire; Content-Length is put here and nowhere else.
  default byte[] bytes() {
    byte[] head =
        (startLine() + "\r\n" + headers() + "Content-Length: " + body().length + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + body().length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body(), 0, all, head.length, body().length);
    return all;
  }
}
