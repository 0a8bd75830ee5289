package io.continuo.sip.screening;

import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A message split into start line, header fields and body, without understanding any of them.
///
/// @param defect what is wrong with its form; empty when nothing is
public record RawMessage(String startLine, SipHeaders headers, byte[] body, String defect) {
  /// More header fields than this are refused.
  static final int MAX_FIELDS = 200;

  /// A longer header field is refused: the stack's parser is slow on long ones.
  static final int MAX_FIELD_LENGTH = 8_192;

  /// Splits; never fails.
  public static RawMessage read(byte[] bytes) {
    int end = headEnd(bytes);
    List<String> lines = unfolded(new String(bytes, 0, end, StandardCharsets.UTF_8));
    List<SipHeader> fields = new ArrayList<>();
    String defect = lines.size() > MAX_FIELDS + 1 ? "Too Many Header Fields" : "";
    for (String line :
        lines.subList(Math.min(1, lines.size()), Math.min(lines.size(), MAX_FIELDS))) {
      int colon = line.indexOf(':');
      if (colon <= 0 || hasControl(line) || !isToken(line.substring(0, colon).strip())) {
        defect = defect.isEmpty() ? "Malformed Header Field" : defect;
      } else if (line.length() > MAX_FIELD_LENGTH) {
        defect = defect.isEmpty() ? "Header Field Too Long" : defect;
      } else {
        String name = HeaderNames.longForm(line.substring(0, colon).strip());
        fields.add(new SipHeader(name, line.substring(colon + 1).strip()));
      }
    }
    byte[] body = Arrays.copyOfRange(bytes, end, bytes.length);
    return new RawMessage(
        lines.isEmpty() ? "" : lines.getFirst(), new SipHeaders(fields), body, defect);
  }

  /// Whether it is meant as a response.
  public boolean isResponse() {
    return startLine.regionMatches(true, 0, "SIP/", 0, 4);
  }

  /// What a request asks for; `-` when it cannot be told, and for a response.
  public String method() {
    String first = startLine.split(" ", 2)[0];
    return !isResponse() && startLine.indexOf(' ') > 0 && isToken(first) && first.length() <= 20
        ? first
        : "-";
  }

  private static int headEnd(byte[] bytes) {
    for (int i = 1; i < bytes.length; i++) {
      if (bytes[i] == '\n'
          && (bytes[i - 1] == '\n' || (i >= 2 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n'))) {
        return i + 1;
      }
    }
    return bytes.length;
  }

  private static List<String> unfolded(String head) {
    List<String> lines = new ArrayList<>();
    for (String line : head.strip().split("\r?\n", -1)) {
      boolean continuation = !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
      if (continuation && !lines.isEmpty()) {
        lines.set(lines.size() - 1, lines.getLast().stripTrailing() + " " + line.strip());
      } else {
        lines.add(line);
      }
    }
    return lines;
  }

  // A lone CR would split a line of ours where the field is copied.
  private static boolean hasControl(String line) {
    return line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F);
  }

  /// Whether text is a `token` (RFC 3261 §25.1).
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-.!%*_+`'~".indexOf(c) >= 0;
      if (!allowed) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
