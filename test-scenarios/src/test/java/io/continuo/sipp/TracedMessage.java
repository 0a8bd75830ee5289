package io.continuo.sipp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A message of SIPp's trace file.
///
/// @param sent by SIPp; else received
/// @param text the message, line ends as `\n`
public record TracedMessage(boolean sent, String text) {
  private static final Pattern HEADING =
      Pattern.compile("(?m)^(?:UDP|TCP|TLS) message (sent|received)[^\n]*\n");
  private static final String SEPARATOR = "----------------------------------------------- ";

  static List<TracedMessage> parse(String trace) {
    String lines = trace.replace("\r\n", "\n");
    List<TracedMessage> messages = new ArrayList<>();
    Matcher heading = HEADING.matcher(lines);
    while (heading.find()) {
      int end = lines.indexOf(SEPARATOR, heading.end());
      String text = lines.substring(heading.end(), end < 0 ? lines.length() : end).strip();
      messages.add(new TracedMessage(heading.group(1).equals("sent"), text));
    }
    return messages;
  }

  boolean isProvisional() {
    return firstLine().startsWith("SIP/2.0 1");
  }

  /// `INVITE`, or `200 to INVITE`.
  String kind() {
    String[] words = firstLine().split(" ", 3);
    String method = header("CSeq").orElse("").replaceFirst("\\d+ *", "");
    return words[0].equals("SIP/2.0") ? words[1] + " to " + method : words[0];
  }

  /// The same for a message and its retransmissions (RFC 3261 §17).
  String identity() {
    return kind() + header("Call-ID").orElse("") + header("CSeq").orElse("");
  }

  public String firstLine() {
    return text.lines().findFirst().orElse("");
  }

  /// The first value of a header.
  public Optional<String> header(String name) {
    Matcher header =
        Pattern.compile("(?mi)^" + Pattern.quote(name) + "\\s*:\\s*(.*)$").matcher(text);
    return header.find() ? Optional.of(header.group(1).strip()) : Optional.empty();
  }
}
