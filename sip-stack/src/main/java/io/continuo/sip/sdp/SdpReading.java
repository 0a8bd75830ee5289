package io.continuo.sip.sdp;

import io.continuo.sip.Digits;
import io.continuo.sip.sdp.MessageSdp.Direction;
import io.continuo.sip.sdp.MessageSdp.Protocol;
import io.continuo.sip.sdp.MessageSdp.Setup;
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

  /// What is asked of a line beside being a chat that can be read.
  @FunctionalInterface
  interface Policy {
    /// Why the line is not taken, as a fixed phrase; empty when it is.
    Optional<String> whyNot(MessageSdp line);
  }

  /// Takes the first `m=message` line that is not refused, has a path of MSRP URIs and speaks one
  /// of `protocols`.
  static SdpReading of(byte[] body, Set<Protocol> protocols) {
    return of(
        body,
        line ->
            protocols.contains(line.protocol())
                ? Optional.empty()
                : Optional.of(UNKNOWN_TRANSPORT));
  }

  /// Takes the first `m=message` line that is not refused, has a path of MSRP URIs and that the
  /// policy takes.
  static SdpReading of(byte[] body, Policy policy) {
    try {
      return choose(SessionDescription.parse(body), policy);
    } catch (MalformedSdp malformed) {
      return new NotAcceptable("malformed SDP");
    }
  }

  /// The transport of the m-line is none of MSRP's, or one that is not spoken.
  String UNKNOWN_TRANSPORT = "m=message transport not supported";

  /// URIs of a path; there is a relay or two in front of an endpoint, not more.
  int MAX_PATH = 10;

  /// Of `max-size`, in bytes.
  int MAX_SIZE_DIGITS = 18;

  private static SdpReading choose(SessionDescription session, Policy policy) {
    String reason = "no m=message line";
    for (int i = 0; i < session.media().size(); i++) {
      MediaDescription line = session.media().get(i);
      if (line.media().equals("message")) {
        reason = whyNot(line);
        if (reason.isEmpty()) {
          MessageSdp message = read(session, line);
          reason = policy.whyNot(message).orElse("");
          if (reason.isEmpty()) {
            return new Usable(session, i, message);
          }
        }
      }
    }
    return new NotAcceptable(reason);
  }

  private static String whyNot(MediaDescription line) {
    if (line.port() == 0) {
      return "m=message has port 0";
    }
    if (Protocol.of(line.protocol()).isEmpty()) {
      return UNKNOWN_TRANSPORT;
    }
    List<String> path = words(line.attribute("path"));
    if (path.isEmpty()) {
      return "m=message without path";
    }
    if (path.size() > MAX_PATH) {
      return "path of too many hops";
    }
    return path.stream().allMatch(SdpReading::isMsrp) ? "" : "path is not MSRP";
  }

  private static boolean isMsrp(String uri) {
    int slashes = uri.indexOf("://");
    String scheme = slashes < 0 ? "" : uri.substring(0, slashes);
    return (scheme.equalsIgnoreCase("msrp") || scheme.equalsIgnoreCase("msrps"))
        && uri.length() > slashes + 3;
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
        fingerprints(session, line));
  }

  private static List<String> fingerprints(SessionDescription session, MediaDescription line) {
    List<String> own = line.attributes("fingerprint");
    return own.isEmpty() ? session.attributes("fingerprint") : own;
  }

  private static Optional<String> either(
      SessionDescription session, MediaDescription line, String name) {
    return line.attribute(name).or(() -> session.attribute(name));
  }

  private static Optional<Setup> setup(String text) {
    for (Setup setup : Setup.values()) {
      if (setup.name().equalsIgnoreCase(text)) {
        return Optional.of(setup);
      }
    }
    return Optional.empty();
  }

  private static OptionalLong maxSize(MediaDescription line) {
    return line.attribute("max-size")
        .filter(text -> Digits.only(text, MAX_SIZE_DIGITS))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private static Direction direction(SessionDescription session, MediaDescription line) {
    return direction(line.attributes())
        .or(() -> direction(session.attributes()))
        .orElse(Direction.SENDRECV);
  }

  private static Optional<Direction> direction(List<SdpAttribute> attributes) {
    for (Direction direction : Direction.values()) {
      for (SdpAttribute attribute : attributes) {
        if (attribute.name().equals(direction.text())) {
          return Optional.of(direction);
        }
      }
    }
    return Optional.empty();
  }

  private static List<String> words(Optional<String> text) {
    return text.map(SdpWords::of).orElse(List.of());
  }

  private static List<String> lowerCase(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }
}
