package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE;
import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.BOB;
import static io.continuo.server.transport.sip.Scene.bytes;
import static io.continuo.server.transport.sip.Scene.chatHeaders;
import static io.continuo.server.transport.sip.Scene.chatSdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation.ToWhom;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.KnownDevice;
import io.continuo.server.registrar.Registration;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// GRUUs (RFC 5627): given to alice's phone, and used to reach bob's.
class GruuTest {
  private static final String PHONE = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  private static final String BOBS = "urn:uuid:bobs";
  private static final String PUBLIC = "sip:bob@continuo.test;gr=" + BOBS;

  private final Scene scene =
      new Scene(AuthSettings.DEFAULT, Scene.settings("multi-client", false, ""));
  private final Gruus gruus =
      new Gruus(
          Scene.KEY, new OwnAddress(Scene.settings("multi-client", false, "")), new SecureRandom());

  @BeforeEach
  void bobsPhoneIsRegistered() {
    Device device = Scene.device(BOBS, "sip:bob@192.0.2.2:6000", Optional.empty());
    scene.known.put(
        BOB + " " + BOBS, new KnownDevice(device, true, Set.of("bobs-call"), Instant.MIN));
  }

  // ---- given with the answer to a REGISTER

  private List<NameAddr> registered(String supported) {
    Map<String, String> phone = new LinkedHashMap<>();
    phone.put("+sip.instance", "<" + PHONE.toUpperCase().replace("URN:UUID", "urn:uuid") + ">");
    scene.outcome =
        new Registration.Outcome.Bound(
            List.of(
                new Registration.BoundContact("sip:alice@192.0.2.1", phone, 60, "c1"),
                new Registration.BoundContact("sip:alice@192.0.2.8", Map.of(), 60, "c2")));
    SipHeaders headers =
        SipHeaders.of(
            "From", "<sip:alice@continuo.test>;tag=1",
            "To", "<sip:alice@continuo.test>",
            "Call-ID", "c1",
            "CSeq", "1 REGISTER",
            "Supported", supported);
    return scene
        .request("REGISTER", "sip:continuo.test", headers, "", ALICE_TCP)
        .answer()
        .headers()
        .lines("Contact")
        .stream()
        .flatMap(line -> NameAddr.parse(line).stream())
        .toList();
  }

  @Test
  @Spec("RFC 5627 §5.2")
  void aDeviceThatAsksGetsAPublicAndATemporaryOneForEachNamedInstance() {
    List<NameAddr> contacts = registered("gruu");

    assertThat(contacts.getFirst().parameter("pub-gruu"))
        .contains("sip:alice@continuo.test;gr=" + PHONE);
    assertThat(contacts.getFirst().parameter("temp-gruu").orElse(""))
        .matches("sip:tgruu\\.[\\w-]+@continuo\\.test;gr")
        .doesNotContain("alice", "f81d4fae");
    assertThat(contacts.getLast().parameters()).doesNotContainKeys("pub-gruu", "temp-gruu");
  }

  @Test
  @Spec("RFC 5627 §5.2")
  void whoDoesNotAskGetsNone() {
    assertThat(registered("path").getFirst().parameters())
        .doesNotContainKeys("pub-gruu", "temp-gruu");
  }

  @Test
  @Spec("RFC 5627 §5.4")
  void eachRefreshGivesAnotherTemporaryOneAndAllAreGoodWhileTheCallIdIsTheSame() {
    String first = registered("gruu").getFirst().parameter("temp-gruu").orElseThrow();
    String second = registered("gruu").getFirst().parameter("temp-gruu").orElseThrow();

    assertThat(second).isNotEqualTo(first);
    for (String gruu : List.of(first, second)) {
      Gruus.Named.Temporarily named = (Gruus.Named.Temporarily) gruus.read(gruu).orElseThrow();
      assertThat(named.subscriber()).isEqualTo(ALICE);
      assertThat(named.instance()).isEqualTo(PHONE);
      assertThat(named.isOf("c1")).isTrue();
      assertThat(named.isOf("c2")).isFalse();
    }
  }

  @Test
  @Spec("RFC 5627 §5.1")
  void aContactThatIsAGruuIsNotBound() {
    SipHeaders headers =
        SipHeaders.of(
            "From", "<sip:alice@continuo.test>;tag=1",
            "To", "<sip:alice@continuo.test>",
            "Call-ID", "c1",
            "CSeq", "1 REGISTER",
            "Contact", "<sip:alice@continuo.test;gr=" + PHONE + ">");
    assertThat(scene.request("REGISTER", "sip:continuo.test", headers, "", ALICE_TCP).status())
        .isEqualTo(403);
    assertThat(scene.registrations).isEmpty();
  }

  // ---- nobody can make one

  @Test
  @Spec("RFC 5627 §5.4")
  void aForgedOrForeignTemporaryOneNamesNothing() {
    String good = gruus.temporarily(BOB, BOBS, "bobs-call");
    int middle = good.indexOf('@') / 2;
    char other = good.charAt(middle) == 'A' ? 'B' : 'A';
    String changed = good.substring(0, middle) + other + good.substring(middle + 1);
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;
    String foreign =
        new Gruus(
                otherKey,
                new OwnAddress(Scene.settings("multi-client", false, "")),
                new SecureRandom())
            .temporarily(BOB, BOBS, "bobs-call");

    assertThat(gruus.read(good)).isPresent();
    assertThat(gruus.read(changed)).isEmpty();
    assertThat(gruus.read(foreign)).isEmpty();
    assertThat(gruus.read("sip:tgruu.@continuo.test;gr")).isEmpty();
    assertThat(gruus.read("sip:tgruu.%%%@continuo.test;gr")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "sip:bob@continuo.test;gr=urn:uuid:BOBS,urn:uuid:bobs",
    "sip:bob@continuo.test;transport=tcp;gr=urn:uuid:bobs;lr,urn:uuid:bobs",
    "sip:bob@continuo.test;gr=urn%3auuid%3Abobs,urn:uuid:bobs",
    "sip:bob@continuo.test;GR=kjh29x97us97d,kjh29x97us97d",
  })
  @Spec("RFC 5627 §3.1")
  void aPublicOneIsReadAsItMayBeWritten(String uri, String instance) {
    assertThat(gruus.read(uri)).contains(new Gruus.Named.Publicly(BOB, instance));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sip:bob@continuo.test",
        "sip:bob@continuo.test;gr",
        "sip:bob@continuo.test;gr=%zz",
        "sip:bob@continuo.test;group=x",
        "tel:+15551000"
      })
  void anythingElseIsNone(String uri) {
    assertThat(gruus.read(uri)).isEmpty();
  }

  @Test
  void anInstanceThatIsNoUrnSurvivesTheWayThere() {
    String odd = "a b;c=\"d\"+é";
    assertThat(gruus.read(gruus.publicly(BOB, odd))).contains(new Gruus.Named.Publicly(BOB, odd));
  }

  // ---- resolved out of a dialog

  private FakeEndpoint.Invite invited(String uri) {
    return scene.invite(uri, chatHeaders("bob"), "application/sdp", chatSdp(), ALICE_TCP);
  }

  @Test
  @Spec("RFC 5627 §6.1")
  void anInviteToEitherKindIsForThatDeviceOnly() {
    invited(PUBLIC);
    invited(gruus.temporarily(BOB, BOBS, "bobs-call"));

    assertThat(scene.invitations)
        .extracting(one -> one.toWhom())
        .containsExactly(
            new ToWhom.One(BOB, Optional.of(new DeviceId(BOB, BOBS))),
            new ToWhom.One(BOB, Optional.of(new DeviceId(BOB, BOBS))));
  }

  @Test
  @Spec("RFC 5627 §6.1")
  void aMessageToAGruuIsForThatDeviceOnly() {
    SipHeaders headers = chatHeaders("bob").with("Content-Type", "text/plain");
    scene.request("MESSAGE", PUBLIC, headers, "hi", ALICE_TCP);

    assertThat(scene.told)
        .containsExactly("message " + ALICE + " to " + BOB + "#" + BOBS + " text/plain hi");
  }

  @Test
  @Spec("RFC 5627 §6.1")
  void aPublicOneOfADeviceThatIsNotThereIs480() {
    assertThat(invited("sip:bob@continuo.test;gr=urn:uuid:other").status()).isEqualTo(480);
    assertThat(scene.refusals).containsExactly("480 device of the GRUU is not registered");
  }

  @Test
  @Spec("RFC 5627 §6.1")
  void aTemporaryOneOfAnEarlierRegistrationIs404() {
    assertThat(invited(gruus.temporarily(BOB, BOBS, "an-older-call")).status()).isEqualTo(404);
    assertThat(invited("sip:tgruu.AAAA@continuo.test;gr").status()).isEqualTo(404);
    assertThat(invited("sip:nobody@continuo.test;gr=urn:uuid:x").status()).isEqualTo(404);
  }

  // ---- in a dialog, and as a Contact

  @Test
  @Spec("RFC 5627 §4.4")
  void aContactThatIsAGruuNamesTheInstance() {
    SipHeaders headers =
        Scene.from("alice")
            .with("To", "<sip:bob@continuo.test>")
            .with("Contact", "<" + gruus.temporarily(ALICE, PHONE, "c1") + ">");
    scene.invite("sip:bob@continuo.test", headers, "application/sdp", chatSdp(), ALICE_TCP);

    assertThat(scene.invitations.getFirst().device().id().instance()).isEqualTo("<" + PHONE + ">");
  }

  @Test
  @Spec("RFC 5627 §4.4")
  void insideADialogAnyRequestUriWillDo() {
    FakeEndpoint.Invite invite = invited("sip:bob@continuo.test");
    scene.gateway.answer(
        scene.invitations.getFirst().leg(),
        Scene.ourMedia(),
        "sip:g-1b4e28ba-2fa1-11d2-883f-0016d3cca427@continuo.test",
        new ConversationHeaders(Optional.empty(), Optional.empty(), Optional.empty()));
    FakeEndpoint.Request update =
        new FakeEndpoint.Request(
            new SipRequest("UPDATE", PUBLIC, SipHeaders.NONE, bytes("")), ALICE_TCP);
    invite.listener.request(update);

    assertThat(update.status()).isEqualTo(200);
  }
}
