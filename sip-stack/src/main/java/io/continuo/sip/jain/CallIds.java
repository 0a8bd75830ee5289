package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import java.nio.charset.StandardCharsets;

/// Finds the Call-ID of a message without parsing it, to choose its stripe. Must read the same as
/// [io.continuo.sip.screening.RawMessage] does: two readings of one Call-ID would put its messages
/// on two threads.
final class CallIds {
  private CallIds() {}

  /// The Call-ID as [gov.nist.javax.sip.header.CallID] reads it; the flow for a message without
  /// one.
  static String of(byte[] message, Flow flow) {
    int line = 0;
    while (line < message.length) {
      int end = lineEnd(message, line);
      if (isEmpty(message, line, end) && line > 0) {
        break; // the end of the head
      }
      int value = value(message, line, end);
      if (value >= 0) {
        return unfolded(message, value, end);
      }
      line = end + 1;
    }
    return flow.toString();
  }

  // A line of one blank is no empty one: it continues the line before.
  private static boolean isEmpty(byte[] message, int from, int end) {
    return end == from || (end == from + 1 && message[from] == '\r');
  }

  /// Where the value begins, when this line is a Call-ID; else -1.
  private static int value(byte[] message, int from, int end) {
    int name = nameEnd(message, from, end);
    int colon = name;
    while (colon < end && isBlank(message[colon])) {
      colon++;
    }
    boolean field = name > from && colon < end && message[colon] == ':';
    return field && isCallId(text(message, from, name)) ? colon + 1 : -1;
  }

  private static boolean isCallId(String name) {
    return name.equalsIgnoreCase("Call-ID") || name.equalsIgnoreCase("i");
  }

  /// Where the first characters of a line end that could be the name.
  private static int nameEnd(byte[] message, int from, int end) {
    int limit = Math.min(end, from + "Call-ID".length() + 1);
    int i = from;
    while (i < limit && message[i] != ':' && !isBlank(message[i])) {
      i++;
    }
    return i;
  }

  /// The value with the lines that continue it (RFC 3261 §7.3.1).
  private static String unfolded(byte[] message, int from, int end) {
    StringBuilder value = new StringBuilder(text(message, from, end).strip());
    int next = end + 1;
    while (next < message.length && isBlank(message[next])) {
      int nextEnd = lineEnd(message, next);
      value.append(' ').append(text(message, next, nextEnd).strip());
      next = nextEnd + 1;
    }
    return value.toString().strip();
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static int lineEnd(byte[] message, int from) {
    int i = from;
    while (i < message.length && message[i] != '\n') {
      i++;
    }
    return i;
  }

  private static String text(byte[] message, int from, int to) {
    return new String(message, from, to - from, StandardCharsets.UTF_8);
  }
}
