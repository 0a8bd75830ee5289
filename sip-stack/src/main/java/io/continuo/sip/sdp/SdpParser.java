package io.continuo.sip.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads one session description, line by line.
///
/// Threading: used once, by one thread.
final class SdpParser {
  private static final String KNOWN_TYPES = "vosiuepcbtrzkam";
  private static final int MAX_PORT = 65_535;

  private final String[] lines;
  private final List<MediaDescription> media = new ArrayList<>();
  private final List<SdpAttribute> attributes = new ArrayList<>();
  private String origin = "";
  private Optional<String> address = Optional.empty();
  private boolean named;
  private boolean timed;

  SdpParser(String text) {
    lines = text.split("\r?\n", SessionDescription.MAX_LINES + 1);
  }

  SessionDescription parse() throws MalformedSdp {
    if (lines.length > SessionDescription.MAX_LINES) {
      throw new MalformedSdp(lines.length, "at most " + SessionDescription.MAX_LINES + " lines");
    }
    if (!lines[0].strip().equals("v=0")) {
      throw new MalformedSdp(1, "v=0");
    }
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        read(i + 1, lines[i]);
      }
    }
    if (origin.isEmpty() || !named || !timed) {
      throw new MalformedSdp(0, "o=, s= and t= lines");
    }
    return new SessionDescription(origin, address, attributes, media);
  }

  private void read(int number, String line) throws MalformedSdp {
    if (line.length() < 2 || line.charAt(1) != '=' || KNOWN_TYPES.indexOf(line.charAt(0)) < 0) {
      throw new MalformedSdp(number, "a known type letter and '='");
    }
    String value = line.substring(2).strip();
    switch (line.charAt(0)) {
      case 'v' -> throw new MalformedSdp(number, "one v= line");
      case 'o' -> origin = sixFields(number, value);
      case 's' -> named = true;
      case 't' -> timed = true;
      case 'c' -> connection(addressOf(number, value));
      case 'a' -> attribute(SdpAttribute.parse(value));
      case 'm' -> media.add(mediaLine(number, value));
      default -> {
        // i, u, e, p, b, r, z, k say nothing that a chat needs.
      }
    }
  }

  private String sixFields(int number, String value) throws MalformedSdp {
    if (!origin.isEmpty() || value.split(" +").length != 6) {
      throw new MalformedSdp(number, "one o= line of six fields");
    }
    return value;
  }

  private static String addressOf(int number, String value) throws MalformedSdp {
    String[] fields = value.split(" +");
    if (fields.length != 3 || !fields[0].equals("IN") || !fields[1].matches("IP[46]")) {
      throw new MalformedSdp(number, "IN IP4|IP6 address");
    }
    return fields[2];
  }

  private void connection(String found) {
    if (media.isEmpty()) {
      address = Optional.of(found);
      return;
    }
    MediaDescription last = media.getLast();
    replaceLast(Optional.of(found), last.attributes());
  }

  private void attribute(SdpAttribute attribute) {
    if (media.isEmpty()) {
      attributes.add(attribute);
      return;
    }
    MediaDescription last = media.getLast();
    List<SdpAttribute> more = new ArrayList<>(last.attributes());
    more.add(attribute);
    replaceLast(last.address(), more);
  }

  private void replaceLast(Optional<String> newAddress, List<SdpAttribute> newAttributes) {
    MediaDescription last = media.removeLast();
    media.add(
        new MediaDescription(
            last.media(), last.port(), last.protocol(), last.formats(), newAddress, newAttributes));
  }

  private static MediaDescription mediaLine(int number, String value) throws MalformedSdp {
    String[] fields = value.split(" +", 4);
    if (fields.length != 4 || !fields[1].matches("\\d{1,5}(/\\d{1,5})?")) {
      throw new MalformedSdp(number, "media port protocol formats");
    }
    int port = Integer.parseInt(fields[1].replaceFirst("/.*", ""));
    if (port > MAX_PORT) {
      throw new MalformedSdp(number, "a port of at most " + MAX_PORT);
    }
    return new MediaDescription(fields[0], port, fields[2], fields[3], Optional.empty(), List.of());
  }
}
