package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.bytes;
import static io.continuo.server.transport.sip.Scene.chatHeaders;
import static io.continuo.server.transport.sip.Scene.chatSdp;
import static io.continuo.server.transport.sip.Scene.sdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Carriage;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Offer and answer for `m=message` as a device sees them (RFC 3264, RFC 4975 §8).
class SdpNegotiationTest {
  private static final String SHA256 = "sha-256 " + "ab:".repeat(31) + "CD";
  private static final String SHA1 =
      "sha-1 0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:0A:ff";
  private static final String TLS_PATH = "a=path:msrps://192.0.2.1:9000/peer1;tcp";

  private static Scene speaking(boolean requireTls, String... transports) {
    MsrpTransportSettings d = MsrpTransportSettings.DEFAULT;
    MsrpTransportSettings msrp =
        new MsrpTransportSettings(
            List.of(transports),
            d.tlsPort(),
            d.wsPort(),
            d.wssPort(),
            d.offer(),
            requireTls,
            d.cema(),
            d.fingerprintHashes(),
            d.matchSessionId(),
            d.websocketOrigins(),
            d.websocketPing(),
            d.websocketFrame(),
            d.handshakeTimeout());
    return new Scene(AuthSettings.DEFAULT, Scene.settings("multi-client", false, ""), msrp);
  }

  private static FakeEndpoint.Invite offers(Scene scene, String... lines) {
    return scene.invite(
        "sip:bob@continuo.test", chatHeaders("bob"), "application/sdp", sdp(lines), ALICE_TCP);
  }

  // ---- which lines are taken

  @Test
  @Spec("RFC 4975 §8.1")
  @Spec("RFC 8122 §5")
  void aTlsOfferIsReadWithItsFingerprintsWhateverTheirCase() {
    Scene scene = speaking(false, "tcp", "tls");
    offers(
        scene,
        "m=message 9000 TCP/TLS/MSRP *",
        TLS_PATH,
        "a=msrp-cema",
        "a=fingerprint:" + SHA256,
        "a=fingerprint:SHA-1 " + SHA1.substring(6),
        "a=fingerprint:md5 00:11");

    Carriage carriage = scene.invitations.getFirst().offer().orElseThrow().carriage();
    assertThat(carriage.secure()).isTrue();
    assertThat(carriage.cema()).isTrue();
    assertThat(carriage.address()).isEqualTo("192.0.2.1");
    assertThat(carriage.fingerprints())
        .extracting(Fingerprint::toString)
        .containsExactly("sha-256 " + "AB:".repeat(31) + "CD", "sha-1 " + "0A:".repeat(19) + "FF");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcp     | TCP/TLS/MSRP | msrps | tcp | m=message transport not supported",
        "tls     | TCP/MSRP     | msrp  | tcp | m=message transport not supported",
        "tcp,tls | TCP/TLS/MSRP | msrps | ws  | m=message transport not supported",
        "ws      | TCP/TLS/MSRP | msrps | ws  | m=message transport not supported",
        "wss     | TCP/MSRP     | msrp  | ws  | m=message transport not supported",
        "ws      | TCP/MSRP     | msrp  | tcp | m=message transport not supported",
      })
  @Spec("RFC 3261 §21.4.26")
  void whatIsNotSpokenIs488(
      String transports, String protocol, String scheme, String transport, String reason) {
    Scene scene = speaking(false, transports.split(","));
    FakeEndpoint.Invite invite =
        offers(
            scene,
            "m=message 9000 " + protocol + " *",
            "a=path:" + scheme + "://192.0.2.1:9000/peer1;" + transport);
    assertThat(invite.status()).isEqualTo(488);
    assertThat(scene.refusals).containsExactly("488 " + reason);
  }

  @ParameterizedTest
  @CsvSource({
    "tcp,TCP/MSRP,msrp,tcp",
    "tls,TCP/TLS/MSRP,msrps,tcp",
    "ws,TCP/MSRP,msrp,ws",
    "wss,TCP/TLS/MSRP,msrps,ws",
    "wss,TCP/TLS/MSRP,msrps,wss"
  })
  @Spec("RFC 7977 §5.2")
  void whatIsSpokenReachesTheChat(String spoken, String protocol, String scheme, String transport) {
    Scene scene = speaking(false, spoken);
    offers(
        scene,
        "m=message 9000 " + protocol + " *",
        "a=path:" + scheme + "://df7jal23ls0d.invalid:2855/peer1;" + transport);
    assertThat(scene.invitations).hasSize(1);
    assertThat(scene.invitations.getFirst().offer().orElseThrow().overWebSocket())
        .isEqualTo(!transport.equals("tcp"));
  }

  @Test
  void whereTlsIsRequiredAPlainOfferIs488() {
    Scene scene = speaking(true, "tcp", "tls");
    assertThat(scene.aliceInvites("bob").status()).isEqualTo(488);
    assertThat(scene.refusals).containsExactly("488 TLS is required");
  }

  @ParameterizedTest
  @ValueSource(strings = {SHA1, "md5 00:11", "sha-256 ab:cd", "sha-256"})
  @Spec("RFC 8122 §5.1")
  void anOfferWhoseFingerprintsAreAllUnusableIs488(String fingerprint) {
    Scene scene = speaking(false, "tls");
    FakeEndpoint.Invite invite =
        offers(scene, "m=message 9000 TCP/TLS/MSRP *", TLS_PATH, "a=fingerprint:" + fingerprint);
    assertThat(invite.status()).isEqualTo(488);
    assertThat(scene.refusals).containsExactly("488 no fingerprint of an accepted hash function");
  }

  @Test
  @Spec("RFC 3264 §6")
  void ofTwoChatLinesTheOneThatIsSpokenIsAnsweredAndTheOthersGetPortZero() {
    Scene scene = speaking(false, "tcp");
    FakeEndpoint.Invite invite =
        offers(
            scene,
            "m=audio 4000 RTP/AVP 0 8",
            "m=message 9001 TCP/TLS/MSRP *",
            TLS_PATH,
            "m=message 9000 TCP/MSRP *",
            "a=path:" + Scene.PATH);
    answers(scene, Carriage.PLAIN);
    assertThat(mediaLines(text(invite)))
        .containsExactly(
            "m=audio 0 RTP/AVP 0 8", "m=message 0 TCP/TLS/MSRP *", "m=message 2855 TCP/MSRP *");
  }

  /// MSRP chooses connections by session (RFC 4975 §5.4), so nothing hangs on it; an answer that
  /// does not say it says `new`, which answers both.
  @ParameterizedTest
  @ValueSource(strings = {"new", "existing"})
  @Spec("RFC 4145 §5")
  void aConnectionAttributeIsAcceptedAtFirstAndLater(String connection) {
    Scene scene = speaking(false, "tcp");
    String[] lines = {
      "m=message 9000 TCP/MSRP *", "a=path:" + Scene.PATH, "a=connection:" + connection
    };
    FakeEndpoint.Invite invite = offers(scene, lines);
    answers(scene, Carriage.PLAIN);

    assertThat(invite.status()).isEqualTo(200);
    assertThat(mediaLines(text(invite))).containsExactly("m=message 2855 TCP/MSRP *");
    assertThat(text(invite)).doesNotContain("a=connection:existing");
    assertThat(again(invite, sdp(lines))).isEqualTo(text(invite));
  }

  // ---- what we say

  @Test
  @Spec("RFC 6714 §4")
  @Spec("RFC 8122 §5")
  @Spec("RFC 4566 §5.7")
  void ourSideSaysTransportAddressCemaAndFingerprint() {
    Scene scene = speaking(false, "tls");
    FakeEndpoint.Invite invite = offers(scene, "m=message 9000 TCP/TLS/MSRP *", TLS_PATH);
    Fingerprint ours = Fingerprint.parse(SHA256).orElseThrow();
    answers(scene, new Carriage(true, "2001:db8::1", true, List.of(ours)));
    assertThat(text(invite))
        .contains(
            "c=IN IP6 2001:db8::1\r\n",
            "m=message 2855 TCP/TLS/MSRP *\r\n",
            "a=msrp-cema\r\n",
            "a=fingerprint:" + ours + "\r\n");
  }

  @Test
  @Spec("RFC 3264 §6")
  void anAnswerOfAnotherTransportThanWeOfferedIsEndedAndCountsAs488() {
    Scene scene = speaking(false, "tcp", "tls");
    var device = Scene.device("urn:uuid:bobs", "sip:bob@192.0.2.2", Optional.empty());
    scene.gateway.invite(new io.continuo.server.identity.LegId("leg1"), Scene.invitation(device));
    FakeEndpoint.Dialog dialog = new FakeEndpoint.Dialog();
    scene
        .endpoint
        .calls
        .getFirst()
        .listener()
        .accepted(dialog, Scene.ok(sdp("m=message 9000 TCP/TLS/MSRP *", TLS_PATH)));
    assertThat(dialog.byes).hasSize(1);
    assertThat(scene.told).containsExactly("refused leg1 488");
  }

  // ---- offers inside the dialog

  @Test
  @Spec("RFC 3264 §8")
  @Spec("RFC 3264 §8.4")
  void aHoldRaisesTheVersionByOneEachTimeItChangesSomethingAndNeverOtherwise() {
    Scene scene = new Scene();
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    answers(scene, Carriage.PLAIN);
    assertThat(version(text(invite))).isEqualTo(1);

    String held = again(invite, chatSdp() + "a=inactive\r\n");
    assertThat(held).contains("a=inactive\r\n").contains("a=setup:passive\r\n");
    assertThat(version(held)).isEqualTo(2);
    assertThat(again(invite, chatSdp() + "a=inactive\r\n")).isEqualTo(held);

    // Asked for an offer we say what we would like, and leave the hold when nobody answers it.
    String offered = again(invite, "");
    assertThat(offered).contains("a=sendrecv\r\n");
    assertThat(version(offered)).isEqualTo(3);
    acknowledges(invite);
    String still = again(invite, chatSdp() + "a=inactive\r\n");
    assertThat(version(still)).as("that offer had a version of its own").isEqualTo(4);

    String resumed = again(invite, chatSdp());
    assertThat(resumed).contains("a=sendrecv\r\n");
    assertThat(version(resumed)).isEqualTo(5);
    assertThat(origin(resumed).replace(" 5 ", " 1 ")).isEqualTo(origin(text(invite)));
  }

  @ParameterizedTest
  @CsvSource({"sendonly,recvonly", "recvonly,sendonly", "inactive,inactive", "sendrecv,sendrecv"})
  @Spec("RFC 3264 §6")
  void aDirectionIsAnsweredByItsMirror(String offered, String answered) {
    Scene scene = new Scene();
    FakeEndpoint.Invite invite =
        offers(scene, "m=message 9000 TCP/MSRP *", "a=path:" + Scene.PATH, "a=" + offered);
    answers(scene, Carriage.PLAIN);
    assertThat(text(invite)).contains("a=" + answered + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({"sendonly,false", "recvonly,true", "inactive,false", "sendrecv,true"})
  @Spec("RFC 3264 §5.1")
  void theDirectionOfAnOfferSaysWhetherTheDeviceTakesMessages(String offered, boolean receives) {
    Scene scene = new Scene();
    offers(scene, "m=message 9000 TCP/MSRP *", "a=path:" + Scene.PATH, "a=" + offered);
    assertThat(scene.invitations.getFirst().offer().orElseThrow().receives()).isEqualTo(receives);
  }

  @Test
  @Spec("RFC 3264 §8.4")
  void aHoldAndItsEndAreToldOnceEach() {
    Scene scene = new Scene();
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    answers(scene, Carriage.PLAIN);
    scene.told.clear();

    again(invite, chatSdp() + "a=recvonly\r\n");
    assertThat(scene.told).isEmpty();
    again(invite, chatSdp() + "a=sendonly\r\n");
    again(invite, chatSdp() + "a=inactive\r\n");
    again(invite, "");
    acknowledges(invite);
    assertThat(scene.told).containsExactly("directed false");

    FakeEndpoint.Request refused = inDialog(chatSdp().replace("peer1", "peer2"));
    invite.listener.request(refused);
    assertThat(refused.status()).isEqualTo(488);
    assertThat(scene.told).containsExactly("directed false");

    FakeEndpoint.Request update =
        new FakeEndpoint.Request(
            new SipRequest(
                "UPDATE",
                "sip:x",
                SipHeaders.of("Content-Type", "application/sdp"),
                bytes(chatSdp())),
            ALICE_TCP);
    invite.listener.request(update);
    assertThat(update.status()).isEqualTo(200);
    assertThat(scene.told).containsExactly("directed false", "directed true");
  }

  @Test
  @Spec("RFC 3264 §8.1")
  void aLineThatIsAddedLaterIsRefusedInItsPlace() {
    Scene scene = new Scene();
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    answers(scene, Carriage.PLAIN);
    String more = again(invite, chatSdp() + "m=video 5000 RTP/AVP 99\r\n");
    assertThat(mediaLines(more))
        .containsExactly("m=message 2855 TCP/MSRP *", "m=video 0 RTP/AVP 99");
    assertThat(version(more)).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"active,passive", "passive,active", "actpass,passive"})
  @Spec("RFC 4145 §4.1")
  void aRoleInALaterOfferIsAnsweredByItsCounterpart(String offered, String answered) {
    Scene scene = new Scene();
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    answers(scene, Carriage.PLAIN);
    assertThat(again(invite, chatSdp() + "a=setup:" + offered + "\r\n"))
        .contains("a=setup:" + answered + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "peer1, peer2, re-INVITE changes the path",
    "TCP/MSRP, TCP/TLS/MSRP, re-INVITE changes the path",
    "v=0, v=1, malformed SDP",
    "m=message 9000, m=message 0, m=message has port 0"
  })
  @Spec("RFC 3261 §14.2")
  void aLaterOfferThatWouldMoveTheSessionIs488AndChangesNothing(
      String from, String to, String reason) {
    Scene scene = speaking(false, "tcp", "tls");
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    answers(scene, Carriage.PLAIN);
    FakeEndpoint.Request request = inDialog(chatSdp().replace(from, to));
    invite.listener.request(request);
    assertThat(request.status()).isEqualTo(488);
    assertThat(scene.refusals).containsExactly("488 " + reason);
    assertThat(again(invite, "")).isEqualTo(text(invite));
  }

  private static void answers(Scene scene, Carriage carriage) {
    MsrpMedia media = Scene.ourMedia();
    MsrpMedia ours =
        new MsrpMedia(
            media.path(),
            Setup.PASSIVE,
            2855,
            media.acceptTypes(),
            media.acceptWrappedTypes(),
            media.maxSize(),
            true,
            carriage);
    scene.gateway.answer(
        scene.invitations.getFirst().leg(),
        ours,
        "",
        new ConversationHeaders(Optional.of("C"), Optional.of("D"), Optional.empty()));
  }

  private static String again(FakeEndpoint.Invite invite, String offer) {
    FakeEndpoint.Request request = inDialog(offer);
    invite.listener.request(request);
    assertThat(request.status()).isEqualTo(200);
    return new String(request.answer().body(), StandardCharsets.UTF_8);
  }

  private static void acknowledges(FakeEndpoint.Invite invite) {
    invite.listener.acknowledged(
        invite.dialog, new SipRequest("ACK", "sip:x", SipHeaders.of("CSeq", "2 ACK"), bytes("")));
  }

  private static FakeEndpoint.Request inDialog(String offer) {
    SipHeaders headers = SipHeaders.of("Content-Type", "application/sdp", "CSeq", "2 INVITE");
    return new FakeEndpoint.Request(
        new SipRequest("INVITE", "sip:x", headers, bytes(offer)), ALICE_TCP);
  }

  private static String text(FakeEndpoint.Invite invite) {
    return new String(invite.answer().body(), StandardCharsets.UTF_8);
  }

  private static List<String> mediaLines(String sdp) {
    return sdp.lines().filter(line -> line.startsWith("m=")).toList();
  }

  private static String origin(String sdp) {
    return sdp.lines().filter(line -> line.startsWith("o=")).findFirst().orElseThrow();
  }

  private static int version(String sdp) {
    return Integer.parseInt(origin(sdp).split(" ")[2]);
  }
}
