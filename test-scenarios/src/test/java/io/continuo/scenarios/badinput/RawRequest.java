package io.continuo.scenarios.badinput;

import io.continuo.device.sip.DigestAnswer;
import io.continuo.device.sip.SipText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A SIP request as text, for spoiling it line by line.
///
/// @param lines header fields as they are said
record RawRequest(String startLine, List<String> lines, String body) {
  RawRequest {
    lines = List.copyOf(lines);
  }

  RawRequest starting(String line) {
    return new RawRequest(line, lines, body);
  }

  /// Another field at the end.
  RawRequest with(String name, String value) {
    List<String> more = new ArrayList<>(lines);
    more.add(name + ": " + value);
    return new RawRequest(startLine, more, body);
  }

  RawRequest without(String name) {
    return new RawRequest(
        startLine, lines.stream().filter(line -> !line.startsWith(name + ":")).toList(), body);
  }

  /// The same field with another value, in its place.
  RawRequest saying(String name, String value) {
    return new RawRequest(
        startLine,
        lines.stream()
            .map(line -> line.startsWith(name + ":") ? name + ": " + value : line)
            .toList(),
        body);
  }

  RawRequest carrying(String contentType, String content) {
    RawRequest typed = saying("Content-Length", String.valueOf(content.length()));
    return new RawRequest(typed.startLine, typed.lines, content).with("Content-Type", contentType);
  }

  String value(String name) {
    return value(text(), name);
  }

  static String value(String message, String name) {
    Matcher line = Pattern.compile("(?im)^" + name + ":[ \t]*(.*?)\r?$").matcher(message);
    return line.find() ? line.group(1) : "";
  }

  /// With credentials that answer a challenge (RFC 7616 §3.4).
  RawRequest provenBy(String user, String password, String challenged) {
    Matcher parameters =
        Pattern.compile("(?im)^WWW-Authenticate:.*algorithm=SHA-256.*$").matcher(challenged);
    if (!parameters.find()) {
      throw new AssertionError("no challenge in: " + challenged);
    }
    String realm = parameter(parameters.group(), "realm");
    String nonce = parameter(parameters.group(), "nonce");
    String method = startLine.split(" ")[0];
    String uri = startLine.split(" ")[1];
    String cnonce = SipText.random(6);
    String ha1 = DigestAnswer.hash("SHA-256", user + ":" + realm + ":" + password);
    String ha2 = DigestAnswer.hash("SHA-256", method + ":" + uri);
    String response =
        DigestAnswer.hash("SHA-256", ha1 + ":" + nonce + ":00000001:" + cnonce + ":auth:" + ha2);
    return with(
        "Authorization",
        ("Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", uri=\"%s\", response=\"%s\","
                + " algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\"%s\"")
            .formatted(user, realm, nonce, uri, response, cnonce));
  }

  private static String parameter(String challenge, String name) {
    Matcher value = Pattern.compile(name + "=\"([^\"]*)\"").matcher(challenge);
    if (!value.find()) {
      throw new AssertionError("no " + name + " in: " + challenge);
    }
    return value.group(1);
  }

  /// The ACK to a final answer other than 2xx (RFC 3261 §17.1.1.3).
  RawRequest ackTo(String answer) {
    return new RawRequest(startLine.replaceFirst("^INVITE", "ACK"), List.of(), "")
        .with("Via", value("Via"))
        .with("Max-Forwards", "70")
        .with("From", value("From"))
        .with("To", value(answer, "To"))
        .with("Call-ID", value("Call-ID"))
        .with("CSeq", value("CSeq").replace("INVITE", "ACK"))
        .with("Content-Length", "0");
  }

  String text() {
    return startLine + "\r\n" + String.join("\r\n", lines) + "\r\n\r\n" + body;
  }
}
