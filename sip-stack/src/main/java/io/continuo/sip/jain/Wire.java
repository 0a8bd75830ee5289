package io.continuo.sip.jain;

import gov.nist.javax.sip.header.ContentLength;
import gov.nist.javax.sip.header.SIPHeader;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/// Writes messages: the fields that the stack owns, then those of the application exactly as it
/// wrote them.
final class Wire {
  private static final String LINE_BREAK = "\r\n";
  private static final String FIELD_SEPARATOR = ": ";
  private static final String CONTENT_LENGTH = "Content-Length";

  private Wire() {}

  /// @param owned what the stack or the dialog wrote
  /// @throws IllegalArgumentException for a field with a line break, which would inject another
  static byte[] encode(String startLine, CharSequence owned, SipHeaders headers, byte[] body) {
    StringBuilder text = new StringBuilder(1024).append(startLine).append(LINE_BREAK).append(owned);
    for (SipHeader header : headers.all()) {
      append(text, header.name(), header.value());
    }
    append(text, CONTENT_LENGTH, Integer.toString(body.length));
    byte[] head = text.append(LINE_BREAK).toString().getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[head.length + body.length];
    System.arraycopy(head, 0, message, 0, head.length);
    System.arraycopy(body, 0, message, head.length, body.length);
    return message;
  }

  /// Bytes that [#encode] would write, without writing them.
  static int size(String startLine, CharSequence owned, SipHeaders headers, byte[] body) {
    int separators = LINE_BREAK.length() + FIELD_SEPARATOR.length();
    int size =
        ByteBufUtil.utf8Bytes(startLine) + LINE_BREAK.length() + ByteBufUtil.utf8Bytes(owned);
    for (SipHeader header : headers.all()) {
      size += header.name().length() + ByteBufUtil.utf8Bytes(header.value()) + separators;
    }
    String length = Integer.toString(body.length);
    size += CONTENT_LENGTH.length() + length.length() + separators + LINE_BREAK.length();
    return size + body.length;
  }

  static void append(StringBuilder text, String name, String value) {
    if (hasLineBreak(name) || hasLineBreak(value)) {
      throw new IllegalArgumentException("line break in header field " + name.strip());
    }
    text.append(name).append(FIELD_SEPARATOR).append(value).append(LINE_BREAK);
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
