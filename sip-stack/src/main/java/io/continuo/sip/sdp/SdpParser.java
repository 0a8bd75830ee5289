package io.continuo.sip.sdp;

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
  private static final int LINE_SEPARATOR = 0x2028;
  private static final int PARAGRAPH_SEPARATOR = 0x2029;

  private final String[] lines;
  private final List<MediaDescription> media = new ArrayList<>();
  private final List<SdpAttribute> attributes = new ArrayList<>();
  private String origin = "";
  private Optional<String> address = Optional.empty();
  private @Nullable Section section;
  private boolean named;
  private boolean timed;

  /// An m-line while its lines come.
  private static final class Section {
    private final String[] fields;
    private final int port;
    private final List<SdpAttribute> attributes = new ArrayList<>();
    private Optional<String> address = Optional.empty();

    Section(String[] fields, int port) {
      this.fields = fields;
      this.port = port;
    }

    MediaDescription read() {
      return new MediaDescription(fields[0], port, fields[2], fields[3], address, attributes);
    }
  }

  SdpParser(String text) {
    lines = text.split("\r?\n", SessionDescription.MAX_LINES + 1);
  }

  SessionDescription parse() throws MalformedSdp {
    if (lines.length > SessionDescription.MAX_LINES) {
      throw new MalformedSdp(lines.length, "at most " + SessionDescription.MAX_LINES + " lines");
    }
    if (!lines[0].trim().equals("v=0")) {
      throw new MalformedSdp(1, "v=0");
    }
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        read(i + 1, lines[i]);
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
    if (line.chars().anyMatch(SdpParser::isControl)) {
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
  private static boolean isControl(int character) {
    return Character.isISOControl(character) && character != '\t'
        || character == LINE_SEPARATOR
        || character == PARAGRAPH_SEPARATOR;
  }

  private String sixFields(int number, String value) throws MalformedSdp {
    if (!origin.isEmpty() || section != null || value.split(" +", 7).length != 6) {
      throw new MalformedSdp(number, "one o= line of six fields");
    }
    return value;
  }

  private static String addressOf(int number, String value) throws MalformedSdp {
    String[] fields = value.split(" +", 4);
    boolean isAddress =
        fields.length == 3
            && fields[0].equals("IN")
            && (fields[1].equals("IP4") || fields[1].equals("IP6"));
    if (!isAddress) {
      throw new MalformedSdp(number, "IN IP4|IP6 address");
    }
    return fields[2];
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

  private void mediaLine(int number, String value) throws MalformedSdp {
    endSection();
    if (media.size() == SessionDescription.MAX_MEDIA) {
      throw new MalformedSdp(number, "at most " + SessionDescription.MAX_MEDIA + " m= lines");
    }
    String[] fields = value.split(" +", 4);
    if (fields.length != 4 || !fields[1].matches("\\d{1,5}(/\\d{1,5})?")) {
      throw new MalformedSdp(number, "media port protocol formats");
    }
    int port = Integer.parseInt(fields[1].replaceFirst("/.*", ""));
    if (port > MAX_PORT) {
      throw new MalformedSdp(number, "a port of at most " + MAX_PORT);
    }
    section = new Section(fields, port);
  }
}
