package io.continuo.sipcomparison;

/// A message that the load received, as text: it looks only at what it needs.
record Received(String text) {
  boolean isResponse() {
    return text.startsWith("SIP/2.0 ");
  }

  int status() {
    return Integer.parseInt(text.substring(8, 11));
  }

  /// Of a request.
  String method() {
    return text.substring(0, text.indexOf(' '));
  }

  /// The value of a header field that is written in its long form; empty when there is none.
  String header(String name) {
    int at = text.indexOf("\r\n" + name + ":");
    if (at < 0) {
      return "";
    }
    int start = at + name.length() + 3;
    return text.substring(start, text.indexOf("\r\n", start)).strip();
  }

  String callId() {
    return header("Call-ID");
  }

  /// The method in CSeq.
  String answered() {
    String sequence = header("CSeq");
    return sequence.substring(sequence.indexOf(' ') + 1);
  }

  /// The URI between angle brackets in a header field.
  String uriIn(String name) {
    String value = header(name);
    return value.substring(value.indexOf('<') + 1, value.indexOf('>'));
  }

  /// The user of the URI between angle brackets in a header field.
  String userIn(String name) {
    String uri = uriIn(name);
    return uri.substring(uri.indexOf(':') + 1, uri.indexOf('@'));
  }

  /// The lines that an answer copies (RFC 3261 §8.2.6.2), each with its line break.
  String copied(String toTag) {
    StringBuilder lines = new StringBuilder(512);
    lines.append("Via: ").append(header("Via")).append("\r\n");
    lines.append("From: ").append(header("From")).append("\r\n");
    String to = header("To");
    lines.append("To: ").append(to);
    lines.append(to.contains(";tag=") ? "" : ";tag=" + toTag).append("\r\n");
    lines.append("Call-ID: ").append(callId()).append("\r\n");
    return lines.append("CSeq: ").append(header("CSeq")).append("\r\n").toString();
  }
}
