package io.continuo.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.SessionSettings.ByePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigurationTest {
  @TempDir Path directory;

  @Test
  void withoutAFileEverythingHasItsDefault() throws Exception {
    assertThat(ServerConfiguration.withoutFile(Map.of())).isEqualTo(ServerConfiguration.DEFAULT);
  }

  @Test
  void anEmptyFileGivesTheDefaultsBesideIt() throws Exception {
    ServerConfiguration empty = load("");

    assertThat(empty.sip()).isEqualTo(SipSettings.DEFAULT);
    assertThat(empty.storage().directory()).isEqualTo(directory.resolve("data"));
    assertThat(empty.storage().subscribersFile().toString()).isEmpty();
  }

  @Test
  void keysMayBeNestedOrDotted() throws Exception {
    ServerConfiguration configuration =
        load(
            """
            sip:
              port: 5070
            sip.host: 192.0.2.1
            invite: { answer-after: 500ms, unreachable: refuse }
            session.group-bye: ends-session
            msrp:
              max-message: 64KiB
              connect-to: [ 192.0.2.0/24, "2001:db8::/32" ]
            """);

    assertThat(configuration.sip().port()).isEqualTo(5070);
    assertThat(configuration.sip().host()).isEqualTo("192.0.2.1");
    assertThat(configuration.session().answerAfter()).isEqualTo(Duration.ofMillis(500));
    assertThat(configuration.session().unreachable()).isEqualTo(SessionSettings.Unreachable.REFUSE);
    assertThat(configuration.session().groupBye()).isEqualTo(ByePolicy.ENDS_SESSION);
    assertThat(configuration.msrp().maxMessage()).isEqualTo(65_536);
    assertThat(configuration.msrp().connectTo()).isEqualTo(Set.of("192.0.2.0/24", "2001:db8::/32"));
  }

  @Test
  void byDefaultNobodySpeaksTls() throws Exception {
    assertThat(load("").speaksTls()).isFalse();
    assertThat(load("sip.transports: [udp, ws]\nmsrp.transports: [tcp, ws]").speaksTls()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sip.transports: [tls]",
        "sip.transports: [udp, wss]",
        "msrp.transports: [tcp, tls]",
        "msrp.transports: [wss]",
        "msrp: {relays: ['msrps://r.example:2855;tcp', 'msrp://s.example:2855;tcp'],"
            + " relay-user: u, relay-password-file: p}",
        "tls.certificates: [chain.pem key.pem]",
        "tls.trust: authorities.pem",
      })
  void whoListensConnectsOrNamesFilesForTlsSpeaksIt(String yaml) throws Exception {
    assertThat(load(yaml).speaksTls()).isTrue();
  }

  private static String behind(String relay, String more) {
    return "msrp: {relays: ['%s'], relay-user: u, relay-password-file: p%s}".formatted(relay, more);
  }

  @Test
  void whatTheLastRelayIsReachedOverIsSpoken() throws Exception {
    String secure = "msrps://r.example:2855;tcp";
    String plain = "msrp://r.example:2855;tcp";

    assertThat(errorsOf(behind(secure, "")))
        .containsExactly(
            "line 1: msrp.relays: needs tls in msrp.transports, as devices reach the last one");
    assertThat(errorsOf(behind(plain, ", transports: [wss]")))
        .containsExactly(
            "line 1: msrp.relays: needs tcp in msrp.transports, as devices reach the last one");
    assertThat(errorsOf(behind(plain, ", transports: [tcp, tls], require-tls: true")))
        .containsExactly("line 1: msrp.relays: needs a last one with msrps: for msrp.require-tls");
  }

  @Test
  @Spec("RFC 3264 §6")
  void sessionsBehindARelayAreOverWhatItIsReachedOver() throws Exception {
    String secure = "msrps://r.example:2855;tcp";
    String all = ", transports: [tcp, tls, ws, wss]";
    ServerConfiguration refusing = load(behind(secure, all));
    ServerConfiguration direct = load(behind(secure, all + ", without-relay: direct"));
    ServerConfiguration plain = load(behind("msrp://r.example:2855;tcp", all));

    assertThat(refusing.msrpTransports().behind(refusing.msrpRelays()).transports())
        .containsExactly("tls", "ws", "wss");
    assertThat(plain.msrpTransports().behind(plain.msrpRelays()).transports())
        .containsExactly("tcp", "ws", "wss");
    assertThat(direct.msrpTransports().behind(direct.msrpRelays()).transports()).hasSize(4);
    assertThat(direct.msrpTransports().behind(MsrpRelaySettings.DEFAULT).transports()).hasSize(4);
  }

  @Test
  void theOrderOfAlgorithmsIsKept() throws Exception {
    assertThat(load("auth.algorithms: [MD5, SHA-256]").auth().algorithms())
        .containsExactly("MD5", "SHA-256");
    assertThat(load("auth.algorithms: MD5, SHA-256").auth().algorithms())
        .containsExactly("MD5", "SHA-256");
  }

  @Test
  void anEmptyListIsAValue() throws Exception {
    assertThat(errorsOf("auth.algorithms: []"))
        .containsExactly("line 1: auth.algorithms: names no algorithm");
  }

  @Test
  void theRealmIsTheDomainUnlessItIsSaid() throws Exception {
    assertThat(load("sip.domain: example.org").auth().realm()).isEqualTo("example.org");
    assertThat(load("sip.domain: example.org\nauth.realm: ims").auth().realm()).isEqualTo("ims");
  }

  @Test
  void theSubscribersFileBesideTheConfigurationIsFound() throws Exception {
    Path subscribers = Files.writeString(directory.resolve("subscribers.yaml"), "");

    assertThat(load("").storage().subscribersFile()).isEqualTo(subscribers);
    assertThat(load("storage.subscribers-file: \"\"").storage().subscribersFile().toString())
        .isEmpty();
    assertThat(load("storage.subscribers-file: other.yaml").storage().subscribersFile())
        .isEqualTo(directory.resolve("other.yaml"));
  }

  @Test
  void overridesComeOverTheFile() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"), "sip.port: 1\nmsrp.connect-to: [10.0.0.0/8]\n");

    ServerConfiguration configuration =
        ServerConfiguration.load(
            file, Map.of("sip.port", "5099", "msrp.connect-to", "127.0.0.0/8, ::1/128"));

    assertThat(configuration.sip().port()).isEqualTo(5099);
    assertThat(configuration.msrp().connectTo()).isEqualTo(Set.of("127.0.0.0/8", "::1/128"));
  }

  @Test
  void aSystemPropertyComesOverTheFile() throws Exception {
    System.setProperty("continuo.sip.port", "5098");
    try {
      assertThat(ServerConfiguration.withoutFile().sip().port()).isEqualTo(5098);
    } finally {
      System.clearProperty("continuo.sip.port");
    }
  }

  @Test
  void everyErrorIsToldAtOnceWithItsLine() throws Exception {
    assertThat(
            errorsOf(
                """
                sip:
                  prot: 5070
                  max-message: huge
                auth:
                  nonce-lifetime: 5
                  failure-limit: 0
                registrar:
                  min-expires: 2h
                session:
                  bye: leave
                  linger: -1s
                msrp.max-message: 8MiB
                colour: blue
                """))
        .containsExactly(
            "line 2: sip.prot: is unknown; is sip.port meant?",
            "line 3: sip.max-message: 'huge' is not a size such as 2048, 64KiB or 1MiB",
            "line 5: auth.nonce-lifetime: '5' is not a duration such as 500ms, 2s, 5m, 1h or 30d",
            "line 6: auth.failure-limit: 0 is not between 1 and 1000000",
            "line 8: registrar.min-expires: is more than registrar.default-expires",
            "line 10: session.bye: 'leave' is not one of device-leaves, user-leaves, ends-session",
            "line 11: session.linger: '-1s' is not a duration such as 500ms, 2s, 5m, 1h or 30d",
            "line 13: colour: is unknown",
            "msrp.reassembly-per-leg: is less than msrp.max-message");
  }

  @Test
  void everyPortThatIsListenedOnIsItsOwn() throws Exception {
    assertThat(
            errorsOf(
                """
                sip.transports: [udp, tls, ws]
                sip.tls-port: 2856
                sip.ws-port: 9200
                msrp.transports: [tls, ws, wss]
                msrp.ws-port: 9100
                msrp.wss-port: 9100
                operations.port: 9200
                """))
        .containsExactlyInAnyOrder(
            "line 2: sip.tls-port: is the same as msrp.tls-port; each needs its own",
            "line 6: msrp.wss-port: is the same as msrp.ws-port; each needs its own",
            "line 3: sip.ws-port: is the same as operations.port; each needs its own");
    assertThat(load("sip.port: 2856\nmsrp.wss-port: 5060").sip().port())
        .as("what is not spoken is not listened on")
        .isEqualTo(2856);
  }

  @Test
  void portsThatAreTheSameAreRefused() throws Exception {
    assertThat(errorsOf("sip.port: 2855\noperations.port: 2855\ncolour: blue"))
        .containsExactlyInAnyOrder(
            "msrp.port: is the same as sip.port; each needs its own",
            "line 2: operations.port: is the same as sip.port; each needs its own",
            "line 3: colour: is unknown");
    assertThat(load("sip.port: 0\nmsrp.port: 0\noperations.port: 0").msrp().port()).isZero();
  }

  @Test
  void whatFollowsFromABrokenValueIsNotTold() throws Exception {
    assertThat(errorsOf("registrar.default-expires: often\nregistrar.max-expires: 10m"))
        .containsExactly(
            "line 1: registrar.default-expires: 'often' is not a duration such as 500ms, 2s, 5m,"
                + " 1h or 30d");
  }

  @Test
  void aListIsNoPortAndAKeyStandsOnce() throws Exception {
    assertThat(errorsOf("sip.port: [1, 2]"))
        .containsExactly("line 1: sip.port: a list is not a whole number");
    assertThat(errorsOf("sip:\n  port: 1\nsip.port: 2"))
        .containsExactly("line 3: sip.port: is there twice");
    assertThat(errorsOf("sip: 5"))
        .containsExactly(
            "line 1: sip: is a section and has no value itself; give keys like sip.domain");
  }

  @Test
  void aKeyInTheWrongCaseGetsTheRightOneNamed() throws Exception {
    assertThat(errorsOf("SIP:\n  Port: 5060"))
        .containsExactly("line 2: SIP.Port: is unknown; is sip.port meant?");
  }

  @Test
  void aSyntaxErrorIsToldWhereItIsAndWhatItIs() throws Exception {
    assertThat(errorsOf("sip:\n  port: 5060\n port: 3\n"))
        .containsExactly(
            "line 3: is no YAML: expected <block end>, but found '<block mapping start>'");
    assertThat(errorsOf("sip:\n\tport: 5060\n"))
        .singleElement()
        .asString()
        .startsWith("line 2: is no YAML: found character")
        .contains("TAB");
  }

  @Test
  void whatWouldBeReadOtherwiseThanItIsMeantIsRefused() throws Exception {
    assertThat(errorsOf("sip.port: 5060\n---\nsip.prot: 1\n"))
        .singleElement()
        .asString()
        .contains("a second document begins here");
    assertThat(errorsOf("sip.host: &here 192.0.2.1\nmsrp.host: *here\n"))
        .containsExactly("line 2: msrp.host: is an alias (*here); write the value itself");
    Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0, 1});
    assertThatThrownBy(() -> ServerConfiguration.load(directory.resolve("binary.yaml"), Map.of()))
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void anAddressThatIsToldToPeersIsOne() throws Exception {
    assertThat(errorsOf("sip.host: 300.1.1.1\nmsrp.host: 0.0.0.0\noperations.host: 0.0.0.0"))
        .containsExactly(
            "line 1: sip.host: '300.1.1.1' is not an IP address",
            "line 2: msrp.host: '0.0.0.0' cannot be told to peers; give one address of this host");
    assertThat(errorsOf("sip.host: '::'")).singleElement().asString().contains("told to peers");
    assertThat(load("sip.host: '2001:db8::1'\nmsrp.host: chat.example.com").msrp().host())
        .isEqualTo("chat.example.com");
  }

  @Test
  void whatIsNoYamlOrMissingIsAnErrorToo() throws Exception {
    assertThat(errorsOf("sip: [1, 2")).singleElement().asString().contains("is no YAML");
    assertThat(errorsOf("- a")).containsExactly("line 1: keys and values are expected");
    assertThatThrownBy(() -> ServerConfiguration.load(directory.resolve("absent.yaml"), Map.of()))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("absent.yaml")
        .hasMessageContaining("there is no such file");
  }

  @Test
  void addressesAndNetworksAreChecked() throws Exception {
    assertThat(
            errorsOf(
                "sip.trusted-peers: [192.0.2.1, 999.0.0.1]\nmsrp.connect-to: [10.0.0.0/33, '::1']"))
        .containsExactlyInAnyOrder(
            "line 1: sip.trusted-peers: '999.0.0.1' is not an IP address",
            "line 2: msrp.connect-to: '10.0.0.0/33' is not a network like 192.0.2.0/24");
  }

  private ServerConfiguration load(String text) throws Exception {
    return ServerConfiguration.load(write(text), Map.of());
  }

  private List<String> errorsOf(String text) throws IOException {
    Path file = write(text);
    return catchThrowableOfType(
            InvalidConfiguration.class, () -> ServerConfiguration.load(file, Map.of()))
        .errors()
        .stream()
        .map(ConfigurationError::toString)
        .toList();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(directory.resolve("continuo.yaml"), text);
  }
}
