package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.bytes;
import static io.continuo.server.transport.sip.Scene.chatHeaders;
import static io.continuo.server.transport.sip.Scene.chatSdp;
import static io.continuo.server.transport.sip.Scene.sdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation.ToWhom;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// INVITEs without SDP: the offer is ours, in the 2xx, and the answer comes with the ACK.
class DelayedOfferTest {
  private static final ConversationHeaders IDS =
      new ConversationHeaders(Optional.empty(), Optional.empty(), Optional.empty());

  private final Scene scene = new Scene();
  private FakeEndpoint.Invite invite;

  private void invited(SipHeaders headers) {
    invite = scene.invite("sip:bob@continuo.test", headers, "", "", ALICE_TCP);
  }

  private void answered() {
    scene.gateway.answer(scene.invitations.getFirst().leg(), Scene.ourMedia(), "", IDS);
  }

  private void acknowledged(long sequence, String body) {
    SipHeaders headers = SipHeaders.of("CSeq", sequence + " ACK");
    invite.listener.acknowledged(
        invite.dialog,
        new SipRequest(
            "ACK",
            "sip:x",
            body.isEmpty() ? headers : headers.with("Content-Type", "application/sdp"),
            bytes(body)));
  }

  private FakeEndpoint.Request inDialog(String method, long sequence, String body) {
    SipHeaders headers = SipHeaders.of("CSeq", sequence + " " + method);
    FakeEndpoint.Request request =
        new FakeEndpoint.Request(
            new SipRequest(
                method,
                "sip:x",
                body.isEmpty() ? headers : headers.with("Content-Type", "application/sdp"),
                bytes(body)),
            ALICE_TCP);
    invite.listener.request(request);
    return request;
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  private void begun() {
    invited(chatHeaders("bob"));
    answered();
    acknowledged(1, chatSdp());
    scene.told.clear();
  }

  @Test
  @Spec("RFC 3261 §13.2.1")
  @Spec("RFC 3264 §4")
  void anInviteWithoutSdpIsOfferedAChatInThe2xx() {
    invited(chatHeaders("bob").with("Supported", "multi-client"));
    assertThat(scene.invitations.getFirst().offer()).isEmpty();
    assertThat(scene.invitations.getFirst().multiClient()).isTrue();

    answered();

    assertThat(invite.status()).isEqualTo(200);
    assertThat(invite.answer().headers().first("Content-Type")).contains("application/sdp");
    assertThat(text(invite.answer().body()))
        .contains("m=message 2855 TCP/MSRP *\r\n")
        .contains("a=setup:actpass\r\n")
        .contains("a=path:msrp://127.0.0.1:2855/leg1;tcp\r\n")
        .contains("a=accept-types:message/cpim text/plain\r\n")
        .contains("a=sendrecv\r\n");
    assertThat(scene.told).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §13.2.1")
  void theAckHoldsTheAnswer() {
    invited(chatHeaders("bob"));
    answered();

    acknowledged(1, chatSdp());

    assertThat(scene.told).containsExactly("answered");
    assertThat(scene.answered.path()).containsExactly(Scene.PATH);
    assertThat(scene.answered.setup()).as("unsaid: it waits").isEqualTo(MsrpMedia.Setup.PASSIVE);
    assertThat(invite.dialog.byes).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                  | no answer in the ACK",
        "nonsense                                          | malformed SDP",
        "m=audio 4000 RTP/AVP 0                            | no m=message line",
        "m=message 0 TCP/MSRP *                            | m=message has port 0",
        "m=message 9 TCP/MSRP *                            | m=message without path",
        "m=message 9 TCP/TLS/MSRP *%a=path:msrps://h:1/s;tcp | answer of another transport",
      })
  @Spec("RFC 3261 §13.2.2.4")
  void anAckWithoutAUsableAnswerEndsTheLegAndSaysWhy(String line, String reason) {
    invited(chatHeaders("bob"));
    answered();

    acknowledged(1, line == null ? "" : sdp(line.split("%")));

    assertThat(scene.told).containsExactly("lost");
    assertThat(invite.dialog.byes).hasSize(1);
    assertThat(invite.dialog.byes.getFirst().first("Reason"))
        .contains("SIP;cause=488;text=\"" + reason + "\"");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  @Spec("RFC 3264 §4")
  void whileOurOfferIsUnansweredThereIsNoPlaceForAnother() {
    invited(chatHeaders("bob"));
    answered();
    assertThat(inDialog("INVITE", 2, chatSdp()).status()).isEqualTo(491);
    assertThat(inDialog("UPDATE", 3, chatSdp()).status()).isEqualTo(491);
    assertThat(inDialog("INVITE", 4, "").status()).isEqualTo(491);
    assertThat(inDialog("UPDATE", 5, "").status()).isEqualTo(200);

    acknowledged(4, chatSdp()); // of another INVITE
    assertThat(scene.told).isEmpty();
    acknowledged(1, chatSdp());

    assertThat(scene.told).containsExactly("answered");
    assertThat(inDialog("INVITE", 6, chatSdp()).status()).isEqualTo(200);
  }

  @Test
  @Spec("RFC 3262 §5")
  void theFirstReliableResponseIsThe2xx() {
    invited(chatHeaders("bob").with("Require", "100rel"));
    scene.gateway.ring(scene.invitations.getFirst().leg());
    assertThat(invite.provisionals).isEmpty();
    answered();
    assertThat(text(invite.answer().body())).contains("m=message");
  }

  @Test
  void whoDoesNotRequireThemReliablyHearsItRing() {
    invited(chatHeaders("bob"));
    scene.gateway.ring(scene.invitations.getFirst().leg());
    assertThat(invite.provisionals).hasSize(1);
    assertThat(invite.provisionals.getFirst().body()).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §9.2")
  void oneThatIsCancelledIsToldSo() {
    invited(chatHeaders("bob"));
    invite.cancelled.run();
    answered();
    assertThat(scene.told).containsExactly("cancelled");
    assertThat(invite.responses).isEmpty();
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  @Spec("RFC 3261 §13.3.1.4")
  void whoNeverAcknowledgesIsLost() {
    invited(chatHeaders("bob"));
    answered();
    invite.listener.lost("no ACK");
    assertThat(scene.told).containsExactly("lost");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  @Spec("RFC 5366 §4")
  void aGroupMayBeBegunWithoutAnOffer() {
    String list =
        "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>"
            + "<entry uri=\"sip:bob@continuo.test\"/><entry uri=\"sip:carol@continuo.test\"/>"
            + "</list></resource-lists>";
    invite =
        scene.invite(
            "sip:chat@continuo.test",
            chatHeaders("chat"),
            "application/resource-lists+xml",
            list,
            ALICE_TCP);
    assertThat(scene.refusals).isEmpty();
    assertThat(scene.invitations.getFirst().offer()).isEmpty();
    assertThat(scene.invitations.getFirst().toWhom()).isInstanceOf(ToWhom.Listed.class);
  }

  @Test
  @Spec("RFC 3261 §14.2")
  void aReInviteWithoutSdpIsOfferedTheSessionAsItIs() {
    begun();

    FakeEndpoint.Request again = inDialog("INVITE", 2, "");

    assertThat(again.status()).isEqualTo(200);
    assertThat(text(again.answer().body()))
        .contains("a=setup:active\r\n") // the device waits, as it answered
        .contains("a=path:msrp://127.0.0.1:2855/leg1;tcp\r\n")
        .contains("a=sendrecv\r\n");
    acknowledged(2, chatSdp());
    assertThat(scene.told).isEmpty();
    assertThat(scene.gateway.legs()).isOne();
  }

  @Test
  @Spec("RFC 6337 §5.3")
  void whatItAnswersToAReInviteMayHoldAndTheNextOfferEndsTheHold() {
    begun();
    inDialog("INVITE", 2, "");
    acknowledged(2, chatSdp() + "a=inactive\r\n");
    assertThat(scene.told).containsExactly("directed false");

    FakeEndpoint.Request held = inDialog("INVITE", 3, chatSdp() + "a=sendonly\r\n");
    assertThat(text(held.answer().body())).contains("a=recvonly\r\n");
    FakeEndpoint.Request again = inDialog("INVITE", 4, "");
    assertThat(text(again.answer().body())).contains("a=sendrecv\r\n");
    acknowledged(4, chatSdp());

    assertThat(scene.told).containsExactly("directed false", "directed true");
  }

  @Test
  @Spec("RFC 3264 §8")
  void ourNewOfferHasTheLinesThereAreAndAVersionOfItsOwn() {
    invite = scene.aliceInvites("bob");
    scene.gateway.answer(
        scene.invitations.getFirst().leg(), Scene.ourMedia().as(MsrpMedia.Setup.PASSIVE), "", IDS);
    acknowledged(1, "");
    String audio = "m=audio 4000 RTP/AVP 0\r\n";
    FakeEndpoint.Request more =
        inDialog(
            "INVITE", 2, chatSdp().replace("t=0 0\r\n", "t=0 0\r\n" + audio) + "a=sendonly\r\n");
    String said = text(more.answer().body());
    acknowledged(2, "");

    String offer = text(inDialog("INVITE", 3, "").answer().body());

    assertThat(said).contains("m=audio 0 RTP/AVP 0\r\nm=message").contains("a=recvonly");
    assertThat(offer).contains("m=audio 0 RTP/AVP 0\r\nm=message").contains("a=sendrecv");
    assertThat(version(offer)).isEqualTo(version(said) + 1);
  }

  private static long version(String sdp) {
    return Long.parseLong(sdp.split("o=- ")[1].split(" ")[1]);
  }

  @Test
  @Spec("RFC 4028 §7.4")
  void whoSaysNothingInTheAckToAReInviteLeavesTheSessionAsItIs() {
    begun();
    inDialog("INVITE", 2, "");
    acknowledged(2, "");
    assertThat(scene.told).isEmpty();
    assertThat(scene.gateway.legs()).isOne();
    assertThat(inDialog("INVITE", 3, chatSdp()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"m=message 0 TCP/MSRP *", "m=message 9 TCP/MSRP *%a=path:msrp://x:1/y;tcp"})
  @Spec("RFC 3261 §14.2")
  void anAnswerToAReInviteThatCannotBeUsedEndsTheLeg(String lines) {
    begun();
    inDialog("INVITE", 2, "");
    acknowledged(2, sdp(lines.split("%")));
    assertThat(scene.told).containsExactly("lost");
    assertThat(invite.dialog.byes.getFirst().first("Reason").orElseThrow())
        .startsWith("SIP;cause=488;text=");
  }

  @ParameterizedTest
  @CsvSource({"active,passive,false", "passive,active,true", "actpass,passive,false"})
  @Spec("RFC 4145 §4.1")
  void aHeldConnectionIsMadeWhenALaterOfferAllowsIt(String setup, String role, boolean weConnect) {
    invite =
        scene.invite(
            "sip:bob@continuo.test",
            chatHeaders("bob"),
            "application/sdp",
            chatSdp() + "a=setup:holdconn\r\n",
            ALICE_TCP);
    assertThat(scene.invitations.getFirst().offer().orElseThrow().setup())
        .isEqualTo(MsrpMedia.Setup.HOLDCONN);
    scene.gateway.answer(
        scene.invitations.getFirst().leg(), Scene.ourMedia().as(MsrpMedia.Setup.HOLDCONN), "", IDS);
    assertThat(text(invite.answer().body())).contains("a=setup:holdconn\r\n");
    acknowledged(1, "");
    scene.told.clear();
    inDialog("INVITE", 2, chatSdp() + "a=setup:holdconn\r\n");
    assertThat(scene.told).isEmpty();

    FakeEndpoint.Request offer = inDialog("INVITE", 3, chatSdp() + "a=setup:" + setup + "\r\n");

    assertThat(text(offer.answer().body())).contains("a=setup:" + role + "\r\n");
    assertThat(scene.told).containsExactly("may connect " + weConnect);
  }

  @Test
  @Spec("RFC 4145 §4.1")
  void aHeldConnectionIsOfferedAgainToWhoAsksForAnOffer() {
    invited(chatHeaders("bob"));
    answered();
    acknowledged(1, chatSdp() + "a=setup:holdconn\r\n");
    assertThat(scene.answered.setup()).isEqualTo(MsrpMedia.Setup.HOLDCONN);
    scene.told.clear();

    FakeEndpoint.Request again = inDialog("INVITE", 2, "");
    assertThat(text(again.answer().body())).contains("a=setup:actpass\r\n");
    acknowledged(2, chatSdp() + "a=setup:active\r\n");

    assertThat(scene.told).containsExactly("may connect false");
  }
}
