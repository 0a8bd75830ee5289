package io.continuo.sip.sdp;

import io.continuo.sip.Digits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one session description, line by line (RFC 8866 §5).
///
/// Threading: used once, by one thread.
final class SdpParser {
  private static final String KNOWN_TYPES = "vosiuepcbtrzkam";
  private static final int MAX_PORT = 65_535;
  private static final int PORT_DIGITS = 5;
  private static final int LINE_SEPARATOR = 0x2028;
  private static final int PARAGRAPH_SEPARATOR = 0x2029;

  private final List<String> lines;
  private final List<MediaDescription> media = new ArrayList<>();
  private final List<SdpAttribute> attributes = new ArrayList<>();
  private String origin = "";
  private Optional<String> address = Optional.empty();
  private @Nullable Section section;
  private boolean named;
  private boolean timed;

  /// An m-line while its lines come.
  private static final class Section {
    private final List<String> fields;
    private final int port;
    private final List<SdpAttribute> attributes = new ArrayList<>();
    private Optional<String> address = Optional.empty();

    Section(List<String> fields, int port) {
      this.fields = fields;
      this.port = port;
    }

    MediaDescription read() {
      return new MediaDescription(
          fields.getFirst(), port, fields.get(2), fields.get(3), address, attributes);
    }
  }

  SdpParser(String text) {
    lines = lines(text);
  }

  /// With LF or CRLF; one more than may be shows that there are too many.
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from <= text.length() && lines.size() <= SessionDescription.MAX_LINES) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end;
      boolean cr = end > from && text.charAt(end - 1) == '\r';
      lines.add(text.substring(from, cr ? end - 1 : next));
      from = next + 1;
    }
    return lines;
  }

  SessionDescription parse() throws MalformedSdp {
    if (lines.size() > SessionDescription.MAX_LINES) {
      throw new MalformedSdp(lines.size(), "at most " + SessionDescription.MAX_LINES + " lines");
    }
    if (!lines.getFirst().trim().equals("v=0")) {
      throw new MalformedSdp(1, "v=0");
    }
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        read(i + 1, lines.get(i));
      }
    }
    endSection();
    if (origin.isEmpty() || !named || !timed) {
      throw new MalformedSdp(0, "o=, s= and t= lines");
    }
    return new SessionDescription(origin, address, attributes, media);
  }

  private void read(int number, String line) throws MalformedSdp {
    if (line.length() > SessionDescription.MAX_LINE) {
      throw new MalformedSdp(number, "at most " + SessionDescription.MAX_LINE + " characters");
    }
    if (line.length() < 2 || line.charAt(1) != '=' || KNOWN_TYPES.indexOf(line.charAt(0)) < 0) {
      throw new MalformedSdp(number, "a known type letter and '='");
    }
    if (hasControl(line)) {
      throw new MalformedSdp(number, "no control characters");
    }
    String value = line.substring(2).trim();
    switch (line.charAt(0)) {
      case 'v' -> throw new MalformedSdp(number, "one v= line");
      case 'o' -> origin = sixFields(number, value);
      case 's' -> named = true;
      case 't' -> timed = true;
      case 'c' -> connection(addressOf(number, value));
      case 'a' -> attribute(SdpAttribute.parse(value));
      case 'm' -> mediaLine(number, value);
      default -> {
        // i, u, e, p, b, r, z, k say nothing that a chat needs.
      }
    }
  }

  /// A bare CR would be a line end to whoever reads an answer that repeats it.
  private static boolean hasControl(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (Character.isISOControl(c) && c != '\t'
          || c == LINE_SEPARATOR
          || c == PARAGRAPH_SEPARATOR) {
        return true;
      }
    }
    return false;
  }

  private String sixFields(int number, String value) throws MalformedSdp {
    if (!origin.isEmpty() || section != null || SdpWords.of(value, 7).size() != 6) {
      throw new MalformedSdp(number, "one o= line of six fields");
    }
    return value;
  }

  private static String addressOf(int number, String value) throws MalformedSdp {
    List<String> fields = SdpWords.of(value, 4);
    boolean isAddress =
        fields.size() == 3
            && fields.getFirst().equals("IN")
            && (fields.get(1).equals("IP4") || fields.get(1).equals("IP6"));
    if (!isAddress) {
      throw new MalformedSdp(number, "IN IP4|IP6 address");
    }
    return fields.getLast();
  }

  private void connection(String found) {
    if (section == null) {
      address = Optional.of(found);
    } else {
      section.address = Optional.of(found);
    }
  }

  private void attribute(SdpAttribute attribute) {
    (section == null ? attributes : section.attributes).add(attribute);
  }

  private void endSection() {
    if (section != null) {
      media.add(section.read());
    }
  }

  private void mediaLine(int line, String value) throws MalformedSdp {
    endSection();
    if (media.size() == SessionDescription.MAX_MEDIA) {
      throw new MalformedSdp(line, "at most " + SessionDescription.MAX_MEDIA + " m= lines");
    }
    List<String> fields = SdpWords.of(value, 4);
    String ports = fields.size() == 4 ? fields.get(1) : "";
    int slash = ports.indexOf('/');
    String port = slash < 0 ? ports : ports.substring(0, slash);
    if (!Digits.only(port, PORT_DIGITS)
        || slash >= 0 && !Digits.only(ports.substring(slash + 1), PORT_DIGITS)) {
      throw new MalformedSdp(line, "media port protocol formats");
    }
    int number = Integer.parseInt(port);
    if (number > MAX_PORT) {
      throw new MalformedSdp(line, "a port of at most " + MAX_PORT);
    }
    section = new Section(fields, number);
  }
}
