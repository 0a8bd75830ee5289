package io.continuo.server.configuration;

import io.continuo.msrp.MsrpUri;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Relays that sessions go through (`msrp.relay*`; RFC 4976).
///
/// @param relays their MSRP URIs without a session id, the one that we connect to first (default
///   none: every session is direct)
/// @param relayUser our user name with all of them
/// @param relayPasswordFile a file whose first line is the password
/// @param relayExpires how long a reservation should last; the relay may ask for another time
///   (default 30 min). It is refreshed when a quarter of it is left
/// @param withoutRelay what becomes of sessions while there is no way through the relays (default
///   [WithoutRelay#REFUSE])
public record MsrpRelaySettings(
    @Key("msrp.relays") List<String> relays,
    @Key("msrp.relay-user") String relayUser,
    @Key("msrp.relay-password-file") Path relayPasswordFile,
    @Key("msrp.relay-expires") Duration relayExpires,
    @Key("msrp.without-relay") WithoutRelay withoutRelay) {

  /// What becomes of a session that begins while no relay lets us in.
  public enum WithoutRelay {
    /// Its leg ends at once: where there is a relay, devices do not reach us without.
    REFUSE,
    /// It goes without.
    DIRECT
  }

  public MsrpRelaySettings {
    relays = List.copyOf(relays);
    boolean none = relays.isEmpty();
    new Check()
        .each("msrp.relays", relays, MsrpRelaySettings::isRelay, "a URI like msrps://host:2855;tcp")
        .that("msrp.relay-user", none || !relayUser.isBlank(), "is needed with msrp.relays")
        .that(
            "msrp.relay-password-file",
            none || !relayPasswordFile.toString().isEmpty(),
            "is needed with msrp.relays")
        .between("msrp.relay-expires", relayExpires, Duration.ofSeconds(1), Duration.ofDays(1))
        .done();
  }

  private static boolean isRelay(String text) {
    return MsrpUri.parse(text)
        .filter(uri -> uri.sessionId().isEmpty() && uri.transport().equals("tcp"))
        .isPresent();
  }

  /// Whether one of them is reached over TLS.
  boolean speaksTls() {
    return uris().stream().anyMatch(MsrpUri::secure);
  }

  /// The transport by which peers reach the outermost relay, as in `msrp.transports`; empty without
  /// relays.
  public Optional<String> outward() {
    return relays.isEmpty()
        ? Optional.empty()
        : Optional.of(
            uris().getLast().secure() ? MsrpTransportSettings.TLS : MsrpTransportSettings.TCP);
  }

  /// [#relays] as URIs.
  public List<MsrpUri> uris() {
    return relays.stream().map(uri -> MsrpUri.parse(uri).orElseThrow()).toList();
  }

  public static final MsrpRelaySettings DEFAULT =
      new MsrpRelaySettings(
          List.of(), "", Path.of(""), Duration.ofMinutes(30), WithoutRelay.REFUSE);
}
