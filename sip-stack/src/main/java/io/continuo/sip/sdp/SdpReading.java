package io.continuo.sip.sdp;

import io.continuo.sip.sdp.MessageSdp.Direction;
import io.continuo.sip.sdp.MessageSdp.Protocol;
import io.continuo.sip.sdp.MessageSdp.Setup;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What came of looking for a chat in a session description.
public sealed interface SdpReading {

  /// There is one.
  ///
  /// @param index of its m-line
  record Usable(SessionDescription session, int index, MessageSdp message) implements SdpReading {}

  /// There is none that can be used: 488 (RFC 3261 §21.4.26).
  ///
  /// @param reason a fixed phrase, nothing of the text
  record NotAcceptable(String reason) implements SdpReading {}

  /// Takes the first `m=message` line that is not refused, speaks one of `protocols` and has a path
  /// of MSRP URIs.
  static SdpReading of(byte[] body, Set<Protocol> protocols) {
    try {
      return choose(SessionDescription.parse(body), protocols);
    } catch (MalformedSdp malformed) {
      return new NotAcceptable("malformed SDP");
    }
  }

  private static SdpReading choose(SessionDescription session, Set<Protocol> protocols) {
    String reason = "no m=message line";
    for (int i = 0; i < session.media().size(); i++) {
      MediaDescription line = session.media().get(i);
      if (line.media().equals("message")) {
        reason = whyNot(line, protocols);
        if (reason.isEmpty()) {
          return new Usable(session, i, read(session, line));
        }
      }
    }
    return new NotAcceptable(reason);
  }

  private static String whyNot(MediaDescription line, Set<Protocol> protocols) {
    if (line.port() == 0) {
      return "m=message has port 0";
    }
    if (Protocol.of(line.protocol()).filter(protocols::contains).isEmpty()) {
      return "m=message transport not supported";
    }
    List<String> path = words(line.attribute("path"));
    if (path.isEmpty()) {
      return "m=message without path";
    }
    return path.stream().allMatch(uri -> uri.matches("(?i)msrps?://\\S+"))
        ? ""
        : "path is not MSRP";
  }

  private static MessageSdp read(SessionDescription session, MediaDescription line) {
    return new MessageSdp(
        line.address().or(session::address).orElse(""),
        line.port(),
        Protocol.of(line.protocol()).orElseThrow(),
        lowerCase(words(line.attribute("accept-types"))),
        lowerCase(words(line.attribute("accept-wrapped-types"))),
        words(line.attribute("path")),
        either(session, line, "setup").flatMap(SdpReading::setup),
        either(session, line, "connection").filter(c -> c.equalsIgnoreCase("new")).isPresent(),
        maxSize(line),
        line.attribute("msrp-cema").isPresent(),
        either(session, line, "multi-client").isPresent(),
        direction(session, line),
        either(session, line, "fingerprint"));
  }

  private static Optional<String> either(
      SessionDescription session, MediaDescription line, String name) {
    return line.attribute(name).or(() -> session.attribute(name));
  }

  private static Optional<Setup> setup(String text) {
    return EnumSet.allOf(Setup.class).stream()
        .filter(setup -> setup.text().equalsIgnoreCase(text))
        .findFirst();
  }

  private static OptionalLong maxSize(MediaDescription line) {
    return line.attribute("max-size")
        .filter(text -> text.matches("\\d{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private static Direction direction(SessionDescription session, MediaDescription line) {
    return EnumSet.allOf(Direction.class).stream()
        .filter(direction -> line.attribute(direction.text()).isPresent())
        .findFirst()
        .or(() ->
            EnumSet.allOf(Direction.class).stream()
                .filter(direction -> session.attribute(direction.text()).isPresent())
                .findFirst())
        .orElse(Direction.SENDRECV);
  }

  private static List<String> words(Optional<String> text) {
    return text.map(t -> Arrays.stream(t.split("\\s+")).filter(w -> !w.isEmpty()).toList())
        .orElse(List.of());
  }

  private static List<String> lowerCase(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }
}
