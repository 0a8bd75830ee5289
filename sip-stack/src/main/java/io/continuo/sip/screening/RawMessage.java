package io.continuo.sip.screening;

import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A message split into start line, header fields and body, without understanding any of them. What
/// it costs is bounded: each octet is looked at a few times, and nothing past a limit is kept.
///
/// @param defect what is wrong with its form; empty when nothing is
/// @param charset of the head: UTF-8 (RFC 3261 §7). Only where a field that an answer must copy
///   exactly is not, it is Latin-1, in which every octet goes back as it came, and a defect
public record RawMessage(
    String startLine, SipHeaders headers, byte[] body, String defect, Charset charset) {
  /// More header fields than this are refused.
  static final int MAX_FIELDS = 200;

  /// Characters of one header field with its name; a longer one is refused. The stack's parser is
  /// slow on long ones.
  static final int MAX_FIELD_LENGTH = 8_192;

  /// Semicolons in one header field; more are refused. A Contact of a device that shows every
  /// feature tag there is has about forty.
  static final int MAX_PARAMETERS = 128;

  /// What an answer copies (RFC 3261 §8.2.6.2).
  private static final List<String> COPIED = List.of("Via", "From", "To", "Call-ID", "CSeq");

  /// Of octets that are no UTF-8.
  private static final char REPLACEMENT = '\uFFFD';

  /// Splits; never fails.
  public static RawMessage read(byte[] bytes) {
    int end = headEnd(bytes);
    RawMessage read = read(bytes, end, StandardCharsets.UTF_8, "");
    return read.isResponse() || read.isCopyable() || isUtf8(bytes, end)
        ? read
        : read(bytes, end, StandardCharsets.ISO_8859_1, "Malformed UTF-8");
  }

  private boolean isCopyable() {
    for (String name : COPIED) {
      for (String value : headers.lines(name)) {
        if (value.indexOf(REPLACEMENT) >= 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isUtf8(byte[] bytes, int end) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  /// @param known a defect
  private static RawMessage read(byte[] bytes, int end, Charset charset, String known) {
    Lines lines = Lines.of(new String(bytes, 0, end, charset));
    List<SipHeader> fields = new ArrayList<>();
    String defect = lines.tooMany() ? "Too Many Header Fields" : known;
    for (String line : lines.fields()) {
      String wrong = defect(line);
      if (wrong.isEmpty()) {
        int colon = line.indexOf(':');
        String name = HeaderNames.longForm(line.substring(0, colon).strip());
        fields.add(new SipHeader(name, line.substring(colon + 1).strip()));
      } else if (defect.isEmpty()) {
        defect = wrong;
      }
    }
    byte[] body = Arrays.copyOfRange(bytes, end, bytes.length);
    return new RawMessage(lines.start(), new SipHeaders(fields), body, defect, charset);
  }

  private static String defect(String line) {
    int colon = line.indexOf(':');
    if (line.length() > MAX_FIELD_LENGTH) {
      return "Header Field Too Long";
    }
    if (colon <= 0 || hasControl(line) || !isToken(line.substring(0, colon).stripTrailing())) {
      return "Malformed Header Field";
    }
    return count(line, ';') > MAX_PARAMETERS ? "Too Many Parameters" : "";
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

  // A lone CR would split a line of ours where the field is copied. Other control characters may
  // stand in a quoted string behind a backslash (RFC 3261 §25.1, quoted-pair).
  private static boolean hasControl(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean control = (c < ' ' && c != '\t') || c == 0x7F;
      boolean escaped = i > 0 && line.charAt(i - 1) == '\\' && c != '\r' && c != '\n';
      if (control && !escaped) {
        return true;
      }
    }
    return false;
  }

  /// Whether text is a `token` (RFC 3261 §25.1).
  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenCharacter(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /// How often a character stands in text.
  static int count(String text, char wanted) {
    int count = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      count++;
    }
    return count;
  }

  static boolean isTokenCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-.!%*_+`'~".indexOf(c) >= 0;
  }

  /// The head in lines, those that were folded made one again (RFC 3261 §7.3.1).
  ///
  /// @param fields no more than may be, each no longer than shows that it is too long
  /// @param tooMany whether there were more
  private record Lines(String start, List<String> fields, boolean tooMany) {
    static Lines of(String head) {
      String text = withoutLineBreaks(head).stripTrailing();
      List<StringBuilder> lines = new ArrayList<>();
      int from = 0;
      while (from <= text.length() && lines.size() <= MAX_FIELDS + 1) {
        int end = lineEnd(text, from);
        if (from < end && isBlank(text.charAt(from)) && isValued(lines)) {
          append(lines.getLast(), text.substring(from, end));
        } else {
          lines.add(new StringBuilder(text.substring(from, withoutCr(text, from, end))));
        }
        from = end + 1;
      }
      List<String> fields =
          lines.stream().skip(1).limit(MAX_FIELDS).map(StringBuilder::toString).toList();
      return new Lines(lines.getFirst().toString(), fields, lines.size() > MAX_FIELDS + 1);
    }

    // Only a value may be folded, not a name before its colon (RFC 3261 §25.1, HCOLON).
    private static boolean isValued(List<StringBuilder> lines) {
      return !lines.isEmpty() && lines.getLast().indexOf(":") >= 0;
    }

    // RFC 3261 §7.5.
    private static String withoutLineBreaks(String head) {
      int from = 0;
      while (from < head.length() && (head.charAt(from) == '\r' || head.charAt(from) == '\n')) {
        from++;
      }
      return head.substring(from);
    }

    // A field that is too long already need not grow: its sender wants it to cost something.
    private static void append(StringBuilder line, String folded) {
      if (line.length() <= MAX_FIELD_LENGTH) {
        int end = line.length();
        while (end > 0 && isBlank(line.charAt(end - 1))) {
          end--;
        }
        line.setLength(end);
        line.append(' ').append(folded.strip());
      }
    }

    private static int lineEnd(String text, int from) {
      int end = text.indexOf('\n', from);
      return end < 0 ? text.length() : end;
    }

    private static int withoutCr(String text, int from, int end) {
      return end > from && end < text.length() && text.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t';
    }
  }
}
