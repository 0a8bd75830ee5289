package io.continuo.sip.jain;

import gov.nist.javax.sip.header.ContentLength;
import gov.nist.javax.sip.header.SIPHeader;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import java.nio.charset.StandardCharsets;

/// Writes messages: the fields that the stack owns, then those of the application exactly as it
/// wrote them.
final class Wire {
  private Wire() {}

  /// @param owned what the stack or the dialog wrote
  /// @throws IllegalArgumentException for a field with a line break, which would inject another
  static byte[] encode(String startLine, CharSequence owned, SipHeaders headers, byte[] body) {
    StringBuilder text = new StringBuilder(1024).append(startLine).append("\r\n").append(owned);
    for (SipHeader header : headers.all()) {
      append(text, header.name(), header.value());
    }
    append(text, "Content-Length", Integer.toString(body.length));
    byte[] head = text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[head.length + body.length];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(body, 0, message, head.length, body.length);
    return message;
  }

  static void append(StringBuilder text, String name, String value) {
    if (hasLineBreak(name) || hasLineBreak(value)) {
      throw new IllegalArgumentException("line break in header field " + name.strip());
    }
    text.append(name).append(": ").append(value).append("\r\n");
  }

  /// The fields that the stack owns, without Content-Length.
  static StringBuilder owned(Iterable<SIPHeader> fields) {
    StringBuilder text = new StringBuilder(512);
    for (SIPHeader field : fields) {
      if (!(field instanceof ContentLength)) {
        field.encode(text);
      }
    }
    return text;
  }

  private static boolean hasLineBreak(String text) {
    return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0;
  }
}
