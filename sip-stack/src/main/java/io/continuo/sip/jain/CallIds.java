package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import java.nio.charset.StandardCharsets;

/// Finds the Call-ID of a message without parsing it, to choose its stripe.
final class CallIds {
  private CallIds() {}

  /// The Call-ID as [gov.nist.javax.sip.header.CallID] reads it; the flow for a message without
  /// one.
  static String of(byte[] message, Flow flow) {
    int line = 0;
    while (line < message.length) {
      int end = lineEnd(message, line);
      if (end - line <= 1 && line > 0) {
        break; // the empty line
      }
      int colon = colon(message, line, end);
      if (colon > line && isCallId(text(message, line, colon).strip())) {
        return text(message, colon + 1, end).strip();
      }
      line = end + 1;
    }
    return flow.toString();
  }

  private static boolean isCallId(String name) {
    return name.equalsIgnoreCase("Call-ID") || name.equalsIgnoreCase("i");
  }

  private static int lineEnd(byte[] message, int from) {
    int i = from;
    while (i < message.length && message[i] != '\n') {
      i++;
    }
    return i;
  }

  // A header name that is longer than this is none that is looked for.
  private static int colon(byte[] message, int from, int end) {
    int limit = Math.min(end, from + 16);
    for (int i = from; i < limit; i++) {
      if (message[i] == ':') {
        return i;
      }
    }
    return -1;
  }

  private static String text(byte[] message, int from, int to) {
    return new String(message, from, to - from, StandardCharsets.UTF_8);
  }
}
