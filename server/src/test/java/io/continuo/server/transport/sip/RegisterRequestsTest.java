package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.ALICE_UDP;
import static io.continuo.server.transport.sip.Scene.CORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.AuthSettings.TrustFlow;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.Registration;
import io.continuo.sip.Flow;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegisterRequestsTest {
  private static final String DOMAIN = "sip:continuo.test";
  private final Scene scene =
      new Scene(Scene.auth(TrustFlow.TCP), Scene.settings("multi-client", false, ""));

  private static SipHeaders register(String user, String... more) {
    SipHeaders headers =
        SipHeaders.of(
            "From",
            "<sip:" + user + "@continuo.test>;tag=1",
            "To",
            "<sip:" + user + "@continuo.test>",
            "Call-ID",
            "reg1",
            "CSeq",
            "7 REGISTER");
    for (int i = 0; i < more.length; i += 2) {
      headers = headers.with(more[i], more[i + 1]);
    }
    return headers;
  }

  private FakeEndpoint.Request asAlice(SipHeaders headers) {
    return scene.withDigest("REGISTER", DOMAIN, headers, ALICE_UDP, "alice", Scene.PASSWORD);
  }

  private static final String PHONE =
      "<sip:alice@192.0.2.1:6000>;+sip.instance=\"<urn:uuid:phone>\";reg-id=1;+g.oma.sip-im";

  @Test
  @Spec("RFC 3261 §10.3")
  void aRegistrationReachesTheRegistrar() {
    FakeEndpoint.Request request =
        asAlice(register("alice", "Contact", PHONE + ";expires=300", "Path", "<sip:edge.test;lr>"));
    assertThat(request.status()).isEqualTo(200);
    assertThat(scene.registrations)
        .containsExactly(
            new Registration(
                Scene.ALICE,
                DeviceSource.REGISTER,
                "reg1",
                7,
                List.of(
                    new Registration.Contact(
                        "sip:alice@192.0.2.1:6000",
                        Map.of(
                            "+sip.instance", "<urn:uuid:phone>",
                            "reg-id", "1",
                            "+g.oma.sip-im", "",
                            "expires", "300"))),
                false,
                OptionalInt.empty(),
                List.of("<sip:edge.test;lr>"),
                Optional.empty()));
  }

  @Test
  @Spec("RFC 3327 §5.3")
  @Spec("RFC 7315 §4")
  void theAnswerListsEveryBindingAndEchoesPath() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("+sip.instance", "<urn:uuid:phone>");
    parameters.put("reg-id", "1");
    parameters.put("+g.oma.sip-im", "");
    scene.outcome =
        new Registration.Outcome.Bound(
            List.of(
                new Registration.BoundContact("sip:alice@192.0.2.1:6000", parameters, 299, "reg1"),
                new Registration.BoundContact("sip:alice@192.0.2.5", Map.of(), 10, "reg2")));
    SipHeaders answer =
        asAlice(
                register(
                    "alice",
                    "Contact",
                    PHONE,
                    "Path",
                    "<sip:edge.test;lr>",
                    "Supported",
                    "path, outbound"))
            .answer()
            .headers();
    assertThat(answer.lines("Contact"))
        .containsExactly(
            "<sip:alice@192.0.2.1:6000>;expires=299;+sip.instance=\"<urn:uuid:phone>\";reg-id=1;+g.oma.sip-im",
            "<sip:alice@192.0.2.5>;expires=10");
    assertThat(answer.lines("Path")).containsExactly("<sip:edge.test;lr>");
    assertThat(answer.first("Supported")).contains("path, outbound, gruu");
    assertThat(answer.first("Require")).contains("outbound");
    assertThat(answer.first("P-Associated-URI"))
        .contains("<sip:alice@continuo.test>, <tel:+15551000>");
  }

  @Test
  void allBindingsAreRemovedByAStar() {
    asAlice(register("alice", "Contact", "*", "Expires", "0"));
    assertThat(scene.registrations.getFirst().removeAll()).isTrue();
    assertThat(scene.registrations.getFirst().contacts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"*|60", "*, <sip:alice@192.0.2.1>|0", "not a uri|0", "<mailto:alice@x>|60"})
  @Spec("RFC 3261 §10.3")
  void anImpossibleContactIs400(String contact, String expires) {
    assertThat(asAlice(register("alice", "Contact", contact, "Expires", expires)).status())
        .isEqualTo(400);
    assertThat(scene.registrations).isEmpty();
  }

  @Test
  void tooManyDevicesIs403WithAWarning() {
    scene.outcome =
        new Registration.Outcome.Refused(403, Optional.of("too many devices"), OptionalInt.empty());
    SipResponse answer = asAlice(register("alice", "Contact", PHONE)).answer();
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers().first("Warning"))
        .contains("399 continuo.test \"too many devices\"");
  }

  @Test
  @Spec("RFC 3261 §10.3")
  void tooBriefIs423WithMinExpires() {
    scene.outcome = new Registration.Outcome.Refused(423, Optional.empty(), OptionalInt.of(60));
    SipResponse answer = asAlice(register("alice", "Contact", PHONE)).answer();
    assertThat(answer.status()).isEqualTo(423);
    assertThat(answer.headers().first("Min-Expires")).contains("60");
  }

  @Test
  @Spec("RFC 8760 §2.3")
  void theChallengeOffersEachAlgorithmInOrder() {
    SipResponse challenge =
        scene.request("REGISTER", DOMAIN, register("alice"), "", ALICE_UDP).answer();
    assertThat(challenge.status()).isEqualTo(401);
    assertThat(challenge.headers().lines("WWW-Authenticate"))
        .extracting(line -> line.replaceFirst(".*algorithm=", ""))
        .containsExactly("SHA-256", "MD5");
  }

  @Test
  void aRegistrationForSomebodyElseIs403() {
    assertThat(asAlice(register("bob", "Contact", PHONE)).status()).isEqualTo(403);
    assertThat(scene.refusals).containsExactly("403 acts for somebody else");
  }

  @Test
  void anAliasIsOnesOwnAddress() {
    SipHeaders headers =
        SipHeaders.of(
            "From", "<tel:+1-555-1000>;tag=1",
            "To", "<tel:+1-555-1000>",
            "Call-ID", "x",
            "CSeq", "1 REGISTER",
            "Contact", PHONE);
    assertThat(asAlice(headers).status()).isEqualTo(200);
    assertThat(scene.registrations.getFirst().subscriber()).isEqualTo(Scene.ALICE);
  }

  @Test
  void wrongCredentialsAndUnknownUsersGetTheSameChallenge() {
    SipResponse wrong =
        scene
            .withDigest("REGISTER", DOMAIN, register("alice"), ALICE_UDP, "alice", "guess")
            .answer();
    SipResponse unknown =
        scene
            .withDigest("REGISTER", DOMAIN, register("nobody"), ALICE_UDP, "nobody", "guess")
            .answer();
    SipResponse unknownWithoutCredentials =
        scene.request("REGISTER", DOMAIN, register("nobody"), "", ALICE_UDP).answer();
    assertThat(shape(wrong)).isEqualTo(shape(unknown)).isEqualTo(shape(unknownWithoutCredentials));
    assertThat(wrong.status()).isEqualTo(401);
  }

  private static String shape(SipResponse response) {
    return response.status()
        + response.reason()
        + response.headers().toString().replaceAll("nonce=\"[^\"]+\"", "nonce");
  }

  @Test
  void afterTheLimitOfFailuresEvenTheRightPasswordIs403UntilTheWindowHasPassed() {
    for (int i = 0; i < 3; i++) {
      assertThat(login(ALICE_UDP, "guess")).isEqualTo(401);
    }
    assertThat(login(ALICE_UDP, Scene.PASSWORD)).isEqualTo(403);
    assertThat(login(Scene.flow(Flow.Transport.UDP, "192.0.2.77", 0), Scene.PASSWORD))
        .isEqualTo(200);
    scene.now = scene.now.plus(Duration.ofSeconds(61));
    assertThat(login(ALICE_UDP, Scene.PASSWORD)).isEqualTo(200);
  }

  private int login(Flow flow, String password) {
    return scene
        .withDigest("REGISTER", DOMAIN, register("alice"), flow, "alice", password)
        .status();
  }

  @Test
  void aReplayedAuthorizationIsChallengedAgain() {
    SipResponse challenge =
        scene.request("REGISTER", DOMAIN, register("alice"), "", ALICE_UDP).answer();
    SipHeaders headers =
        register("alice")
            .with(
                "Authorization",
                Scene.credentials(challenge, "REGISTER", DOMAIN, "alice", Scene.PASSWORD, 1));
    assertThat(scene.request("REGISTER", DOMAIN, headers, "", ALICE_UDP).status()).isEqualTo(200);
    assertThat(scene.request("REGISTER", DOMAIN, headers, "", ALICE_UDP).status()).isEqualTo(401);
    assertThat(scene.refusals).contains("401 nonce count replayed");
  }

  @Test
  @Spec("RFC 7616 §3.3")
  void anExpiredNonceIsStale() {
    SipResponse challenge =
        scene.request("REGISTER", DOMAIN, register("alice"), "", ALICE_UDP).answer();
    scene.now = scene.now.plus(Duration.ofMinutes(5));
    SipHeaders headers =
        register("alice")
            .with(
                "Authorization",
                Scene.credentials(challenge, "REGISTER", DOMAIN, "alice", Scene.PASSWORD, 1));
    SipResponse again = scene.request("REGISTER", DOMAIN, headers, "", ALICE_UDP).answer();
    assertThat(again.status()).isEqualTo(401);
    assertThat(again.headers().lines("WWW-Authenticate"))
        .hasSize(2)
        .allMatch(line -> line.endsWith(", stale=true"));
  }

  @Test
  void aFlowThatADeviceRegisteredOverIsBelievedForItsOwnerOnly() {
    assertThat(scene.request("REGISTER", DOMAIN, register("alice"), "", ALICE_TCP).status())
        .isEqualTo(200);
    assertThat(scene.request("REGISTER", DOMAIN, register("bob"), "", ALICE_TCP).status())
        .isEqualTo(401);
    assertThat(
            scene
                .request(
                    "REGISTER",
                    DOMAIN,
                    register("alice", "Via", "SIP/2.0/TCP edge", "Via", "SIP/2.0/TCP phone"),
                    "",
                    ALICE_TCP)
                .status())
        .isEqualTo(401);
    scene.gateway.flowClosed(ALICE_TCP);
    assertThat(scene.request("REGISTER", DOMAIN, register("alice"), "", ALICE_TCP).status())
        .isEqualTo(401);
  }

  /// A border controller writes its own Via over that of the device, and says by Path that others
  /// come the same way.
  @Test
  @Spec("RFC 3327 §5.3")
  void aFlowWithAPathIsNoDevicesOwn() {
    asAlice(register("alice", "Contact", PHONE, "Path", "<sip:edge.test;lr>"));
    asAlice(register("alice", "Contact", PHONE));
    assertThat(scene.registrations.getFirst().flow()).isEmpty();
    assertThat(scene.registrations.getLast().flow()).contains(ALICE_UDP.toString());
  }

  @ParameterizedTest
  @CsvSource({"NONE,TCP,401", "TCP,UDP,401", "TCP,TCP,200", "ALL,UDP,200"})
  void whichFlowsAreBelievedIsConfigured(TrustFlow trust, Flow.Transport transport, int status) {
    Scene other = new Scene(Scene.auth(trust), Scene.settings("multi-client", false, ""));
    Flow flow = Scene.flow(transport, "192.0.2.1", 7);
    other.flowOwners.put(flow.toString(), Scene.ALICE);
    assertThat(other.request("REGISTER", DOMAIN, register("alice"), "", flow).status())
        .isEqualTo(status);
  }

  @Test
  void anotherDomainIs404() {
    assertThat(
            scene
                .request("REGISTER", "sip:elsewhere.test", register("alice"), "", ALICE_TCP)
                .status())
        .isEqualTo(404);
  }

  // ---- third party

  private static SipHeaders fromScscf(String expires) {
    return SipHeaders.of(
        "From", "<sip:scscf.ims.test>;tag=s",
        "To", "<sip:bob@continuo.test>",
        "Contact", "<sip:scscf.ims.test:6060>",
        "Call-ID", "tp1",
        "CSeq", "3 REGISTER",
        "Expires", expires);
  }

  private static final String ENCLOSED =
      """
      REGISTER sip:ims.test SIP/2.0\r
      t: <sip:bob@continuo.test>\r
      m: <sip:bob@192.0.2.40:5060>;+sip.instance="<urn:uuid:tablet>";\r
       expires=600\r
      Path: <sip:pcscf.ims.test;lr>\r
      \r
      """;

  @Test
  @Spec("TS 24.229 §5.4.1.7")
  void theDevicesOfAThirdPartyRegisterAreThoseOfTheEnclosedRegister() {
    FakeEndpoint.Request request =
        scene.request(
            "REGISTER",
            "sip:as.test",
            fromScscf("600").with("Content-Type", "message/sip"),
            ENCLOSED,
            CORE);
    assertThat(request.status()).isEqualTo(200);
    assertThat(scene.registrations)
        .containsExactly(
            new Registration(
                Scene.BOB,
                DeviceSource.THIRD_PARTY_REGISTER,
                "tp1",
                3,
                List.of(
                    new Registration.Contact(
                        "sip:bob@192.0.2.40:5060",
                        Map.of("+sip.instance", "<urn:uuid:tablet>", "expires", "600"))),
                false,
                OptionalInt.of(600),
                List.of("<sip:pcscf.ims.test;lr>"),
                Optional.empty()));
  }

  @Test
  @Spec("TS 24.229 §5.4.1.7")
  void theEnclosedAnswerTellsWhatIsBoundNow() {
    String body =
        "--x\r\nContent-Type: message/sip\r\n\r\n"
            + ENCLOSED
            + "\r\n--x\r\nContent-Type: message/sip\r\n\r\n"
            + "SIP/2.0 200 OK\r\nContact: <sip:bob@192.0.2.41>;expires=120\r\n\r\n"
            + "\r\n--x--\r\n";
    scene.request(
        "REGISTER",
        "sip:as.test",
        fromScscf("600").with("Content-Type", "multipart/mixed;boundary=x"),
        body,
        CORE);
    assertThat(scene.registrations.getFirst().contacts())
        .extracting(contact -> contact.uri() + " " + contact.parameters().get("expires"))
        .containsExactly("sip:bob@192.0.2.41 120", "sip:bob@192.0.2.40:5060 0");
  }

  @Test
  @Spec("TS 24.229 §5.4.1.7")
  void thirdPartyExpiresZeroRemovesWhatWasTold() {
    assertThat(scene.request("REGISTER", "sip:as.test", fromScscf("0"), "", CORE).status())
        .isEqualTo(200);
    assertThat(scene.registrations.getFirst().removeAll()).isTrue();
    assertThat(scene.registrations.getFirst().source())
        .isEqualTo(DeviceSource.THIRD_PARTY_REGISTER);
  }

  @Test
  void aThirdPartyRegisterWithoutABodyNamesNoDevice() {
    assertThat(scene.request("REGISTER", "sip:as.test", fromScscf("600"), "", CORE).status())
        .isEqualTo(200);
    assertThat(scene.registrations).isEmpty();
  }

  @Test
  void aThirdPartyRegisterFromAStrangerIsChallengedThenForbidden() {
    SipHeaders headers =
        SipHeaders.of(
            "From", "<sip:scscf.ims.test>;tag=s",
            "To", "<sip:alice@continuo.test>",
            "Call-ID", "x",
            "CSeq", "1 REGISTER");
    assertThat(scene.request("REGISTER", DOMAIN, headers, ENCLOSED, ALICE_UDP).status())
        .isEqualTo(401);
    assertThat(asAlice(headers).status()).isEqualTo(403);
    assertThat(scene.registrations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "REGISTER", "x 7 REGISTER"})
  void aCSeqThatIsNoneIs400(String cseq) {
    SipHeaders headers =
        SipHeaders.of(
            "From", "<sip:alice@continuo.test>", "To", "<sip:alice@continuo.test>", "CSeq", cseq);
    assertThat(scene.request("REGISTER", DOMAIN, headers, "", ALICE_TCP).status()).isEqualTo(400);
  }
}
