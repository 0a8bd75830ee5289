package io.continuo.sip.jain;

import java.util.List;

/// The fields of a request of ours that make its transaction.
///
/// @param from with our tag
/// @param to with the peer's tag once there is one
/// @param routes Route values, topmost first
/// @param maxForwards how often it may be passed on
record RequestHead(
    String method,
    String uri,
    String from,
    String to,
    String callId,
    long sequence,
    List<String> routes,
    int maxForwards) {

  /// Of a request that nobody sent us before (RFC 3261 §8.1.1.6).
  static final int MAX_FORWARDS = 70;

  /// The fields as text, without the start line.
  String fields(String via) {
    StringBuilder text = new StringBuilder(512);
    Wire.append(text, "Via", via);
    Wire.append(text, "Max-Forwards", Integer.toString(maxForwards));
    routes.forEach(route -> Wire.append(text, "Route", route));
    Wire.append(text, "From", from);
    Wire.append(text, "To", to);
    Wire.append(text, "Call-ID", callId);
    Wire.append(text, "CSeq", sequence + " " + method);
    return text.toString();
  }

  String startLine() {
    return method + " " + uri + " SIP/2.0";
  }
}
