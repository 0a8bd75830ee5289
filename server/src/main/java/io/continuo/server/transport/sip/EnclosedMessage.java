package io.continuo.server.transport.sip;

import io.continuo.sip.SipHeaders;
import java.nio.charset.StandardCharsets;

/// A SIP message as the body of another (`message/sip`, RFC 3261 §27.5): its first line and
/// headers, read as far as somebody looks them up.
record EnclosedMessage(String startLine, SipHeaders headers) {
  static EnclosedMessage parse(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8).stripLeading();
    String head = text.split("\r?\n\r?\n", 2)[0];
    String[] lines = head.split("\r?\n", 2);
    return new EnclosedMessage(
        lines[0].strip(), lines.length < 2 ? SipHeaders.NONE : HeaderLines.parse(lines[1]));
  }

  boolean isRegister() {
    return startLine.startsWith("REGISTER ");
  }

  boolean isOk() {
    return startLine.startsWith("SIP/2.0 200");
  }
}
