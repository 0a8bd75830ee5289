package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.BOB;
import static io.continuo.server.transport.sip.Scene.CAROL;
import static io.continuo.server.transport.sip.Scene.CORE;
import static io.continuo.server.transport.sip.Scene.bytes;
import static io.continuo.server.transport.sip.Scene.chatHeaders;
import static io.continuo.server.transport.sip.Scene.chatSdp;
import static io.continuo.server.transport.sip.Scene.sdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.InboundInvitation.ToWhom;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InviteRequestsTest {
  private static final ConversationHeaders IDS =
      new ConversationHeaders(Optional.of("C"), Optional.of("D"), Optional.empty());
  private final Scene scene = new Scene();

  @Test
  @Spec("RFC 3261 §20.20")
  void anInviteOfARegisteredDeviceReachesTheChatWithItsOffer() {
    scene.invite(
        "sip:bob@continuo.test",
        chatHeaders("bob")
            .with("Supported", "timer, multi-client")
            .with("Conversation-ID", "C")
            .with("Contribution-ID", "D")
            .with("Expires", "60"),
        "application/sdp",
        chatSdp(),
        ALICE_TCP);

    InboundInvitation invitation = scene.invitations.getFirst();
    assertThat(invitation.toWhom()).isEqualTo(new ToWhom.One(BOB));
    assertThat(invitation.signalledFrom()).contains("192.0.2.1");
    assertThat(invitation.offer())
        .contains(
            new MsrpMedia(
                List.of(Scene.PATH),
                MsrpMedia.Setup.ACTIVE,
                9000,
                List.of("message/cpim", "text/plain"),
                List.of(),
                Long.MAX_VALUE,
                true,
                new MsrpMedia.Carriage(false, "192.0.2.1", false, List.of())));
    assertThat(invitation.headers()).isEqualTo(IDS);
    assertThat(invitation.expires()).isEqualTo(Duration.ofSeconds(60));
    assertThat(invitation.leg().value()).matches("[0-9a-f]{32}");
    assertThat(scene.seen)
        .containsExactly("sip:alice@continuo.test sip:alice@192.0.2.1:6000 " + ALICE_TCP);
  }

  static List<String> unusableIds() {
    return List.of("", "two words", "\u00e9", "x".repeat(256));
  }

  @ParameterizedTest
  @MethodSource("unusableIds")
  @Spec("OMA CPM 2.2 §7.2")
  void anIdThatIsNoneCountsAsNone(String id) {
    scene.invite(
        "sip:bob@continuo.test",
        chatHeaders("bob")
            .with("Conversation-ID", id)
            .with("Contribution-ID", "x".repeat(255))
            .with("InReplyTo-Contribution-ID", id),
        "application/sdp",
        chatSdp(),
        ALICE_TCP);

    assertThat(scene.invitations.getFirst().headers())
        .isEqualTo(
            new ConversationHeaders(
                Optional.empty(), Optional.of("x".repeat(255)), Optional.empty()));
  }

  @Test
  void aLegacyDeviceShowsNoMark() {
    scene.aliceInvites("bob");
    assertThat(scene.invitations.getFirst().multiClient()).isFalse();
  }

  @Test
  void theSdpMarkCountsToo() {
    scene.invite(
        "sip:bob@continuo.test",
        chatHeaders("bob"),
        "application/sdp",
        chatSdp() + "a=multi-client\r\n",
        ALICE_TCP);
    assertThat(scene.invitations.getFirst().multiClient()).isTrue();
  }

  @Test
  @Spec("RFC 5366 §4")
  @Spec("RFC 4579 §5.4")
  void theConferenceFactoryInvitesWhoeverIsListedAndKnown() {
    scene.invite(
        "sip:chat@continuo.test",
        chatHeaders("chat"),
        MIXED,
        listed("bob", "nobody", "carol", "alice"),
        ALICE_TCP);
    assertThat(scene.invitations.getFirst().toWhom())
        .isEqualTo(new ToWhom.Listed(List.of(BOB, CAROL)));
    assertThat(scene.refusals).containsExactly("404 unknown on the recipient list");
  }

  @Test
  @Spec("RFC 3261 §19.1.4")
  @Spec("RFC 5366 §5")
  void whoIsListedMayBeWrittenInAnyFormOfItsAddress() {
    scene.invite(
        "sip:chat@continuo.test",
        chatHeaders("chat"),
        MIXED,
        listed("%62ob", "b%6Fb", "carol")
            .replace("carol@continuo.test", "carol@CONTINUO.test;a=b?S=x"),
        ALICE_TCP);
    assertThat(scene.invitations.getFirst().toWhom())
        .isEqualTo(new ToWhom.Listed(List.of(BOB, CAROL)));
    assertThat(scene.refusals).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §19.1.4")
  void aPercentEncodedRequestUriIsTheSubscriber() {
    scene.invite(
        "sip:%62ob@continuo.test", chatHeaders("bob"), "application/sdp", chatSdp(), ALICE_TCP);
    assertThat(scene.invitations.getFirst().toWhom()).isEqualTo(new ToWhom.One(BOB));
  }

  @Test
  @Spec("RFC 3261 §8.2.3")
  void anInviteWithABodyOfAnotherKindIs415() {
    FakeEndpoint.Invite invite =
        scene.invite("sip:bob@continuo.test", chatHeaders("bob"), "text/plain", "hi", ALICE_TCP);
    assertThat(invite.status()).isEqualTo(415);
    assertThat(invite.answer().headers().first("Accept").orElse(""))
        .contains("application/sdp", "multipart/mixed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none|100",
        "application/sdp|100",
        "text/plain, Application/SDP;level=1|100",
        "application/*;q=0.1|100",
        "*/*|100",
        "text/nobodyKnowsThis|406",
        "''|406",
        "application/sdp;q=0, */*|406",
        "application/*; q=0.000, */*|406",
      })
  @Spec("RFC 3261 §20.1")
  @Spec("RFC 3261 §21.4.7")
  @Spec("RFC 4475 §3.3.15")
  void whoTakesNoSdpInTheAnswerIs406(String accept, int status) {
    SipHeaders headers = chatHeaders("bob");
    FakeEndpoint.Invite invite =
        scene.invite(
            "sip:bob@continuo.test",
            accept == null ? headers : headers.with("Accept", accept),
            "application/sdp",
            chatSdp(),
            ALICE_TCP);

    assertThat(scene.invitations).hasSize(status == 406 ? 0 : 1);
    if (status == 406) {
      assertThat(invite.status()).isEqualTo(406);
      assertThat(scene.refusals).containsExactly("406 no acceptable content type for the answer");
    }
  }

  @Test
  void aListOfStrangersIs404() {
    assertThat(
            scene
                .invite(
                    "sip:chat@continuo.test",
                    chatHeaders("chat"),
                    MIXED,
                    listed("nobody"),
                    ALICE_TCP)
                .status())
        .isEqualTo(404);
  }

  @Test
  void theConferenceFactoryWithoutAListIs400() {
    assertThat(scene.aliceInvites("chat").status()).isEqualTo(400);
    assertThat(scene.refusals).containsExactly("400 no usable recipient list");
  }

  @Test
  void aListWithADocumentTypeIs400() {
    String bomb =
        mixed(
            "application/resource-lists+xml",
            "<!DOCTYPE r SYSTEM \"file:///none\"><r><entry uri=\"sip:bob@continuo.test\"/></r>");
    assertThat(
            scene
                .invite("sip:chat@continuo.test", chatHeaders("chat"), MIXED, bomb, ALICE_TCP)
                .status())
        .isEqualTo(400);
  }

  @Test
  void aFocusUriRejoinsItsGroup() {
    String focus = "g-123e4567-e89b-12d3-a456-426614174000";
    scene.aliceInvites(focus);
    assertThat(scene.invitations.getFirst().toWhom()).isEqualTo(new ToWhom.Focus(focus));
  }

  @Test
  @Spec("wire: first message in the INVITE")
  void aMessageInsideTheInviteIsHandedOverByteForByte() {
    String cpim = "From: <sip:a@b>\r\n\r\nContent-Type: text/plain\r\n\r\nsch\u00f6n \ud83d\ude00";
    scene.invite(
        "sip:bob@continuo.test", chatHeaders("bob"), MIXED, mixed("message/cpim", cpim), ALICE_TCP);
    InboundInvitation.FirstMessage first =
        scene.invitations.getFirst().firstMessage().orElseThrow();
    assertThat(first.contentType()).isEqualTo("message/cpim");
    assertThat(new String(first.body(), StandardCharsets.UTF_8)).isEqualTo(cpim);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sip:nobody@continuo.test    | 404 | unknown subscriber",
        "sip:bob@elsewhere.test      | 404 | unknown subscriber",
        "sip:alice@continuo.test     | 403 | chat with oneself",
        "tel:+15551000               | 403 | chat with oneself",
      })
  void aTargetThatCannotBeChattedWithIsRefused(String uri, int status, String reason) {
    assertThat(
            scene.invite(uri, chatHeaders("x"), "application/sdp", chatSdp(), ALICE_TCP).status())
        .isEqualTo(status);
    assertThat(scene.refusals).containsExactly(status + " " + reason);
    assertThat(scene.gateway.legs()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m=audio 4000 RTP/AVP 0                                   | no m=message line",
        "m=message 0 TCP/MSRP *                                   | m=message has port 0",
        "m=message 9000 TCP/MSRP *                                | m=message without path",
        "m=message 9000 SCTP/MSRP *                               | m=message transport not supported",
        "nonsense                                                 | malformed SDP",
      })
  @Spec("RFC 3261 §21.4.26")
  @Spec("RFC 3261 §13.3.1.3")
  void anOfferWithoutAUsableChatIs488(String line, String reason) {
    FakeEndpoint.Invite invite =
        scene.invite(
            "sip:bob@continuo.test", chatHeaders("bob"), "application/sdp", sdp(line), ALICE_TCP);
    assertThat(invite.status()).isEqualTo(488);
    assertThat(invite.answer().headers().first("Warning"))
        .contains("399 Continuo \"" + reason + "\"");
    assertThat(scene.refusals).containsExactly("488 " + reason);
  }

  @Test
  @Spec("RFC 3261 §16.3")
  void anInviteThatMayNotBePassedOnIs483AndNobodyIsTold() {
    FakeEndpoint.Invite invite = anInvite(chatHeaders("bob").with("Max-Forwards", "0"));
    assertThat(invite.status()).isEqualTo(483);
    assertThat(scene.invitations).isEmpty();
    assertThat(scene.gateway.legs()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 255})
  @Spec("RFC 7332 §4")
  void howFarAnInviteMayGoIsTold(int hops) {
    anInvite(chatHeaders("bob").with("Max-Forwards", Integer.toString(hops)));
    assertThat(scene.invitations.getFirst().maxForwards()).isEqualTo(hops);
  }

  private FakeEndpoint.Invite anInvite(SipHeaders headers) {
    return scene.invite("sip:bob@continuo.test", headers, "application/sdp", chatSdp(), ALICE_TCP);
  }

  @Test
  @Spec("RFC 3261 §8.1.1.8")
  void anInviteWithoutContactIs400() {
    SipHeaders headers = Scene.from("alice").with("To", "<sip:bob@continuo.test>");
    assertThat(
            scene
                .invite("sip:bob@continuo.test", headers, "application/sdp", chatSdp(), ALICE_TCP)
                .status())
        .isEqualTo(400);
  }

  @Test
  @Spec("RFC 3261 §8.2.2.3")
  void aRequiredExtensionThatIsUnknownIs420() {
    FakeEndpoint.Invite invite =
        scene.invite(
            "sip:bob@continuo.test",
            chatHeaders("bob").with("Require", "x-new, Multi-Client, TIMER, 100Rel"),
            "application/sdp",
            chatSdp(),
            ALICE_TCP);
    assertThat(invite.status()).isEqualTo(420);
    assertThat(invite.answer().headers().first("Unsupported")).contains("x-new");
  }

  @Test
  @Spec("RFC 3262 §3")
  void anInviteMayRequireReliableProvisionalResponses() {
    scene.invite(
        "sip:bob@continuo.test",
        chatHeaders("bob").with("Require", "100rel"),
        "application/sdp",
        chatSdp(),
        ALICE_TCP);
    assertThat(scene.invitations).hasSize(1);
  }

  @Test
  @Spec("RFC 3261 §12.1.1")
  void ringingTellsWhereTheEarlyDialogIs() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    scene.gateway.ring(scene.invitations.getFirst().leg());
    assertThat(invite.provisionals).extracting(SipResponse::status).containsExactly(180);
    assertThat(invite.provisionals.getFirst().headers().first("Contact").orElse(""))
        .startsWith("<sip:continuo@");
  }

  @Test
  void aMultipartBodyThatIsNoneIs400() {
    assertThat(
            scene
                .invite(
                    "sip:bob@continuo.test",
                    chatHeaders("bob"),
                    MIXED,
                    "no boundary here",
                    ALICE_TCP)
                .status())
        .isEqualTo(400);
  }

  @Test
  @Spec("RFC 3325 §9.1")
  void aTrustedCscfAssertsWhoInvites() {
    scene.invite(
        "sip:bob@continuo.test",
        chatHeaders("bob")
            .with("P-Asserted-Identity", "<sip:stranger@x.test>, \"A, B\" <tel:+1-555-1000>"),
        "application/sdp",
        chatSdp(),
        CORE);
    InboundInvitation invitation = scene.invitations.getFirst();
    assertThat(invitation.device().id().owner()).isEqualTo(Scene.ALICE);
    assertThat(invitation.signalledFrom()).isEmpty();
    assertThat(scene.seen.getFirst()).endsWith(" -");
  }

  @Test
  void anAssertedIdentityThatIsNoSubscriberIs403() {
    assertThat(
            scene
                .invite(
                    "sip:bob@continuo.test",
                    chatHeaders("bob").with("P-Asserted-Identity", "<sip:stranger@x.test>"),
                    "application/sdp",
                    chatSdp(),
                    CORE)
                .status())
        .isEqualTo(403);
  }

  @Test
  @Spec("RFC 5502 §4.2")
  void theServedUserOriginatesWhenTheSessionCaseSaysSo() {
    scene.invite(
        "sip:bob@continuo.test",
        chatHeaders("bob")
            .with("P-Asserted-Identity", "<sip:carol@continuo.test>")
            .with("P-Served-User", "<sip:alice@continuo.test>;sescase=orig;regstate=reg"),
        "application/sdp",
        chatSdp(),
        CORE);
    assertThat(scene.invitations.getFirst().device().id().owner()).isEqualTo(Scene.ALICE);
  }

  @Test
  @Spec("RFC 5502 §4.2")
  void onTheTerminatingSideTheServedUserIsCalled() {
    scene.invite(
        "sip:192.0.2.9",
        chatHeaders("carol")
            .with("P-Asserted-Identity", "<sip:alice@continuo.test>")
            .with("P-Served-User", "<sip:bob@continuo.test>;sescase=term;regstate=reg"),
        "application/sdp",
        chatSdp(),
        CORE);
    assertThat(scene.invitations.getFirst().toWhom()).isEqualTo(new ToWhom.One(BOB));
  }

  @Test
  void anAssertedIdentityFromAStrangerIsNotBelieved() {
    FakeEndpoint.Invite invite =
        scene.invite(
            "sip:bob@continuo.test",
            chatHeaders("bob").with("P-Asserted-Identity", "<sip:alice@continuo.test>"),
            "application/sdp",
            chatSdp(),
            Scene.ALICE_UDP);
    assertThat(invite.status()).isEqualTo(401);
  }

  @Test
  void theAnswerCarriesMarkContactIdentifiersAndSdp() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    scene.gateway.ring(scene.invitations.getFirst().leg());
    scene.gateway.answer(scene.invitations.getFirst().leg(), Scene.ourMedia(), "", IDS);

    assertThat(invite.provisionals).extracting(SipResponse::status).containsExactly(180);
    SipHeaders headers = invite.answer().headers();
    assertThat(headers.first("Supported")).contains("multi-client");
    assertThat(headers.first("Contact"))
        .contains("<sip:continuo@127.0.0.1:5070;transport=tcp>;+g.oma.sip-im");
    assertThat(headers.first("Contribution-ID")).contains("D");
    assertThat(new String(invite.answer().body(), StandardCharsets.UTF_8))
        .contains("m=message 2855 TCP/MSRP *\r\n", "a=path:msrp://127.0.0.1:2855/leg1;tcp\r\n");
  }

  @Test
  @Spec("RFC 4579 §4")
  void aGroupsAnswerHasItsFocusInContact() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    scene.gateway.answer(
        scene.invitations.getFirst().leg(), Scene.ourMedia(), "sip:g-1@continuo.test", IDS);
    assertThat(invite.answer().headers().first("Contact").orElseThrow())
        .startsWith("<sip:g-1@127.0.0.1:5070;transport=tcp>;isfocus");
  }

  @Test
  @Spec("RFC 3264 §6")
  void theAnswerRefusesOtherMediaInTheirPlaces() {
    FakeEndpoint.Invite invite =
        scene.invite(
            "sip:bob@continuo.test",
            chatHeaders("bob"),
            "application/sdp",
            sdp(
                "m=audio 4000 RTP/AVP 0",
                "m=message 9000 TCP/MSRP *",
                "a=path:" + Scene.PATH,
                "m=video 4002 RTP/AVP 96"),
            ALICE_TCP);
    scene.gateway.answer(scene.invitations.getFirst().leg(), Scene.ourMedia(), "", IDS);
    assertThat(new String(invite.answer().body(), StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.startsWith("m="))
        .containsExactly(
            "m=audio 0 RTP/AVP 0", "m=message 2855 TCP/MSRP *", "m=video 0 RTP/AVP 96");
  }

  @Test
  void aRefusalOfTheChatIsSentAndCounted() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    scene.gateway.refuse(scene.invitations.getFirst().leg(), 480, "nobody there");
    assertThat(invite.status()).isEqualTo(480);
    assertThat(scene.refusals).containsExactly("480 nobody there");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  @Spec("RFC 3261 §21.4.26")
  void whenNobodyTakesSessionsTheRefusalSaysSo() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    scene.gateway.refuse(scene.invitations.getFirst().leg(), 488, "refused by the chat");
    assertThat(invite.answer().headers().first("Warning"))
        .contains("399 Continuo \"refused by the chat\"");
  }

  @Test
  void afterACancelNothingIsAnswered() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    invite.cancelled.run();
    scene.gateway.answer(scene.invitations.getFirst().leg(), Scene.ourMedia(), "", IDS);
    assertThat(scene.told).containsExactly("cancelled");
    assertThat(invite.responses).isEmpty();
    assertThat(scene.gateway.legs()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SIP;cause=200;text=\"Call completed\"       | USER_LEAVES",
        "SIP ;cause=480                              | DEVICE_DROPPED",
        "Q.850;cause=16, SIP;cause=503;text=\"x,y\"  | DEVICE_DROPPED",
        "SIP;cause=410                               | NONE",
        "Q.850;cause=200                             | NONE",
      })
  @Spec("RFC 3326 §2")
  void theReasonOfAByeIsTold(String reason, ByeReason expected) {
    FakeEndpoint.Invite invite = established();
    invite.listener.bye(new SipRequest("BYE", "sip:x", SipHeaders.of("Reason", reason), bytes("")));
    assertThat(scene.told).containsExactly("bye " + expected);
    assertThat(scene.gateway.legs()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "USER_LEAVES    | SIP;cause=200;text=\"Call completed\"",
        "DEVICE_DROPPED | SIP;cause=480;text=\"Device dropped\"",
        "GROUP_CLOSED   | SIP;cause=410;text=\"Gone\"",
        "NONE           | ",
      })
  void ourByeSaysWhy(ByeReason reason, String header) {
    FakeEndpoint.Invite invite = established();
    scene.gateway.bye(scene.invitations.getFirst().leg(), reason);
    scene.gateway.bye(scene.invitations.getFirst().leg(), reason);
    assertThat(invite.dialog.byes).hasSize(1);
    assertThat(invite.dialog.byes.getFirst().first("Reason"))
        .isEqualTo(Optional.ofNullable(header));
  }

  @Test
  void aLegThatIsLostIsToldOnce() {
    FakeEndpoint.Invite invite = established();
    SipRequest ack = new SipRequest("ACK", "sip:x", SipHeaders.of("CSeq", "1 ACK"), bytes(""));
    invite.listener.acknowledged(invite.dialog, ack);
    invite.listener.acknowledged(invite.dialog, ack);
    invite.listener.lost("481");
    invite.listener.lost("481");
    assertThat(scene.told).containsExactly("acknowledged", "lost");
  }

  @Test
  @Spec("RFC 4028 §7.4")
  @Spec("RFC 3261 §14.2")
  void aSessionRefreshGetsTheSameSdpAgain() {
    FakeEndpoint.Invite invite = established();
    FakeEndpoint.Request again = inDialog("INVITE", chatSdp());
    invite.listener.request(again);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.answer().body()).isEqualTo(invite.answer().body());
  }

  @Test
  @Spec("RFC 3261 §14.2")
  void aReInviteToAnotherPathIs488() {
    FakeEndpoint.Invite invite = established();
    FakeEndpoint.Request again = inDialog("INVITE", chatSdp().replace("peer1", "peer2"));
    invite.listener.request(again);
    assertThat(again.status()).isEqualTo(488);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVITE", "UPDATE"})
  @Spec("RFC 3261 §8.2.3")
  void aChangeOfAnotherTypeThanSdpIs415(String method) {
    FakeEndpoint.Invite invite = established();
    SipHeaders text = SipHeaders.of("Content-Type", "text/plain");
    FakeEndpoint.Request change =
        new FakeEndpoint.Request(
            new SipRequest(method, "sip:x", text, bytes(chatSdp())), ALICE_TCP);
    invite.listener.request(change);
    assertThat(change.status()).isEqualTo(415);
    assertThat(change.answer().headers().first("Accept")).contains("application/sdp");
  }

  @ParameterizedTest
  @CsvSource({
    "session,100",
    "'session;handling=required',100",
    "x-new,415",
    "'x-new;handling=required',415",
    "early-session,415",
  })
  @Spec("RFC 3261 §20.11")
  void aBodyForAPurposeThatNobodyHereKnowsIs415(String disposition, int status) {
    SipHeaders headers = chatHeaders("bob").with("Content-Disposition", disposition);
    FakeEndpoint.Invite invite =
        scene.invite("sip:bob@continuo.test", headers, "application/sdp", chatSdp(), ALICE_TCP);
    assertThat(invite.responses.isEmpty() ? 100 : invite.status()).isEqualTo(status);
  }

  /// What ends here is answered however far it came (RFC 3261 §8.2, §11); a MESSAGE goes on.
  @ParameterizedTest
  @CsvSource({"INVITE,200", "UPDATE,200", "OPTIONS,200", "MESSAGE,483"})
  @Spec("RFC 3261 §16.3")
  void inADialogOnlyWhatGoesOnMayHaveComeTooFar(String method, int status) {
    FakeEndpoint.Invite invite = established();
    SipHeaders headers = SipHeaders.of("CSeq", "2 " + method, "Max-Forwards", "0");
    String type = method.equals("MESSAGE") ? "text/plain" : "application/sdp";
    FakeEndpoint.Request request =
        new FakeEndpoint.Request(
            new SipRequest(method, "sip:x", headers.with("Content-Type", type), bytes(chatSdp())),
            ALICE_TCP);
    invite.listener.request(request);
    assertThat(request.status()).isEqualTo(status);
    assertThat(scene.replies).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"UPDATE,200", "INFO,405", "REFER,405", "OPTIONS,200"})
  @Spec("RFC 3311 §5")
  void otherRequestsInADialogAreAnswered(String method, int status) {
    FakeEndpoint.Invite invite = established();
    FakeEndpoint.Request request = inDialog(method, "");
    invite.listener.request(request);
    assertThat(request.status()).isEqualTo(status);
  }

  @Test
  void aMessageInADialogGoesToTheOtherSide() {
    FakeEndpoint.Invite invite = established();
    FakeEndpoint.Request message =
        new FakeEndpoint.Request(
            new SipRequest(
                "MESSAGE", "sip:x", SipHeaders.of("Content-Type", "text/plain"), bytes("hi")),
            ALICE_TCP);
    invite.listener.request(message);
    assertThat(scene.told)
        .containsExactly("message sip:alice@continuo.test to sip:bob@continuo.test text/plain hi");
  }

  private FakeEndpoint.Invite established() {
    FakeEndpoint.Invite invite = scene.aliceInvites("bob");
    MsrpMedia ours = Scene.ourMedia().as(MsrpMedia.Setup.PASSIVE);
    scene.gateway.answer(scene.invitations.getFirst().leg(), ours, "", IDS);
    return invite;
  }

  private static FakeEndpoint.Request inDialog(String method, String body) {
    return new FakeEndpoint.Request(
        new SipRequest(
            method, "sip:x", SipHeaders.of("Content-Type", "application/sdp"), bytes(body)),
        ALICE_TCP);
  }

  private static final String MIXED = "multipart/mixed; boundary=\"b1\"";

  private static String mixed(String type, String content) {
    return "--b1\r\nContent-Type: application/sdp\r\n\r\n"
        + chatSdp()
        + "\r\n--b1\r\nContent-Type: "
        + type
        + "\r\nContent-Disposition: recipient-list\r\n\r\n"
        + content
        + "\r\n--b1--\r\n";
  }

  private static String listed(String... users) {
    StringBuilder entries = new StringBuilder();
    for (String user : users) {
      entries.append("<entry uri=\"sip:").append(user).append("@continuo.test\"/>");
    }
    return mixed(
        "application/resource-lists+xml",
        "<?xml version=\"1.0\"?><resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>"
            + entries
            + "</list></resource-lists>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"id|true", "header; user|true", "id;critical|true", "none|false", "session|false"})
  @Spec("RFC 3323 §4.2")
  void whetherTheSenderAsksForPrivacyIsTold(String privacy, boolean anonymous) {
    scene.invite(
        "sip:bob@continuo.test",
        Scene.chatHeaders("bob").with("Privacy", privacy),
        "application/sdp",
        chatSdp(),
        ALICE_TCP);
    assertThat(scene.invitations.getFirst().anonymous()).isEqualTo(anonymous);
  }
}
