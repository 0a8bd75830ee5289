package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.bytes;
import static io.continuo.server.transport.sip.Scene.chatHeaders;
import static io.continuo.server.transport.sip.Scene.chatSdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
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
import org.junit.jupiter.params.provider.ValueSource;

/// What is said of session timers (RFC 4028) on the wire, in both directions.
class SessionTimersTest {
  private static final LegId LEG = new LegId("leg1");
  private static final Device BOB =
      Scene.device(
          "urn:uuid:bobs",
          "sip:bob@192.0.2.2:6000;transport=tcp",
          Optional.of(Scene.flow(Flow.Transport.TCP, "192.0.2.2", 9)));
  private static final ConversationHeaders IDS =
      new ConversationHeaders(Optional.empty(), Optional.empty(), Optional.empty());

  private final Scene scene = new Scene();

  // ---- a device invites us

  private FakeEndpoint.Invite invited(SipHeaders headers) {
    FakeEndpoint.Invite invite =
        scene.invite("sip:bob@continuo.test", headers, "application/sdp", chatSdp(), ALICE_TCP);
    if (!scene.invitations.isEmpty()) {
      scene.gateway.answer(scene.invitations.getFirst().leg(), Scene.ourMedia(), "", IDS);
    }
    return invite;
  }

  private static Optional<SessionInterval> interval(long seconds, boolean ours) {
    return Optional.of(new SessionInterval(Duration.ofSeconds(seconds), ours));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Supported|1800;refresher=uac|1800;refresher=uac|false",
        "Require|1800;refresher=uac|1800;refresher=uac|false",
        "Supported|1800;refresher=uas|1800;refresher=uas|true",
        "Require|1800 ; refresher = UAS|1800;refresher=uas|true",
        "Supported|1800|1800;refresher=uas|true",
        "Supported|90|90;refresher=uas|true",
        "Supported|7200|1800;refresher=uas|true",
        "Supported||1800;refresher=uas|true",
      })
  @Spec("RFC 4028 §9")
  void theDeviceRefreshesWhenItSaysSoElseWeDo(
      String header, String asked, String granted, boolean ours) {
    SipHeaders headers = chatHeaders("bob").with(header, "timer");
    SipHeaders ok =
        invited(asked == null ? headers : headers.with("Session-Expires", asked))
            .answer()
            .headers();

    assertThat(ok.first("Session-Expires")).contains(granted);
    assertThat(ok.lines("Require")).containsExactly("timer");
    assertThat(ok.elements("Supported")).contains("timer", "multi-client");
    long seconds = Long.parseLong(granted.substring(0, granted.indexOf(';')));
    assertThat(scene.timers).containsExactly(interval(seconds, ours));
  }

  @Test
  @Spec("RFC 4028 §9")
  void aTimerThatAProxyAskedForIsOursToKeepAndRequiresNothingOfTheDevice() {
    SipHeaders ok = invited(chatHeaders("bob").with("Session-Expires", "600")).answer().headers();

    assertThat(ok.first("Session-Expires")).contains("600;refresher=uas");
    assertThat(ok.has("Require")).isFalse();
    assertThat(scene.timers).containsExactly(interval(600, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30"})
  @Spec("RFC 4028 §9")
  void aDeviceThatKnowsNoTimersGetsNone(String asked) {
    SipHeaders headers = chatHeaders("bob");
    SipHeaders ok =
        invited(asked.isEmpty() ? headers : headers.with("Session-Expires", asked))
            .answer()
            .headers();

    assertThat(ok.has("Session-Expires")).isFalse();
    assertThat(ok.has("Require")).isFalse();
    assertThat(scene.timers).containsExactly(Optional.empty());
  }

  @Test
  @Spec("RFC 4028 §9")
  void theIntervalIsNotShortenedBelowTheDevicesMinimum() {
    SipHeaders ok =
        invited(
                chatHeaders("bob")
                    .with("Supported", "timer")
                    .with("Session-Expires", "7200;refresher=uac")
                    .with("Min-SE", "3600"))
            .answer()
            .headers();

    assertThat(ok.first("Session-Expires")).contains("3600;refresher=uac");
  }

  @ParameterizedTest
  @CsvSource({"Supported,60,422", "Require,89;refresher=uac,422", "Supported,soon,400"})
  @Spec("RFC 4028 §9")
  @Spec("RFC 4028 §6")
  void anIntervalThatCannotBeIsRefused(String header, String asked, int status) {
    FakeEndpoint.Invite invite =
        invited(chatHeaders("bob").with(header, "timer").with("Session-Expires", asked));

    assertThat(invite.status()).isEqualTo(status);
    assertThat(invite.answer().headers().first("Min-SE"))
        .isEqualTo(status == 422 ? Optional.of("90") : Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"uac,false", "uas,true"})
  @Spec("RFC 4028 §9")
  void aDeviceRefreshesByUpdateAndMayHandTheDutyOver(String refresher, boolean ours) {
    FakeEndpoint.Invite invite =
        invited(chatHeaders("bob").with("Supported", "timer").with("Session-Expires", "1800"));
    FakeEndpoint.Request update =
        new FakeEndpoint.Request(
            new SipRequest(
                "UPDATE",
                "sip:x",
                SipHeaders.of(
                    "Supported", "timer", "Session-Expires", "600;refresher=" + refresher),
                bytes("")),
            ALICE_TCP);
    invite.listener.request(update);

    assertThat(update.status()).isEqualTo(200);
    assertThat(update.answer().headers().first("Session-Expires"))
        .contains("600;refresher=" + refresher);
    assertThat(update.answer().body()).isEmpty();
    assertThat(scene.timers.getLast()).isEqualTo(interval(600, ours));
  }

  @Test
  @Spec("RFC 3261 §14.2")
  void aReinviteThatCannotBeTakenLeavesSessionAndTimerAsTheyWere() {
    FakeEndpoint.Invite invite =
        invited(chatHeaders("bob").with("Supported", "timer").with("Session-Expires", "1800"));
    FakeEndpoint.Request moved =
        new FakeEndpoint.Request(
            new SipRequest(
                "INVITE",
                "sip:x",
                SipHeaders.of("Supported", "timer", "Content-Type", "application/sdp"),
                bytes(chatSdp().replace("192.0.2.1:9000/peer1", "192.0.2.7:9000/peer2"))),
            ALICE_TCP);
    invite.listener.request(moved);

    assertThat(moved.status()).isEqualTo(488);
    assertThat(scene.timers).hasSize(1);
    assertThat(scene.gateway.legs()).isEqualTo(1);
    invite.listener.bye(new SipRequest("BYE", "sip:x", SipHeaders.NONE, bytes("")));
    assertThat(scene.told).containsExactly("bye NONE");
  }

  // ---- we invite a device

  private FakeEndpoint.Call invite() {
    scene.gateway.invite(LEG, Scene.invitation(BOB));
    return scene.endpoint.calls.getLast();
  }

  private FakeEndpoint.Dialog accepted(SipHeaders headers) {
    FakeEndpoint.Dialog dialog = new FakeEndpoint.Dialog();
    DialogListener listener =
        invite()
            .listener()
            .accepted(
                dialog,
                new SipResponse(
                    200, "", headers.with("Content-Type", "application/sdp"), bytes(chatSdp())));
    assertThat(listener).isInstanceOf(ChatDialog.class);
    return dialog;
  }

  @Test
  @Spec("RFC 4028 §7.1")
  void ourInviteAsksForATimerThatWeRefresh() {
    SipHeaders headers = invite().request().headers();

    assertThat(headers.first("Session-Expires")).contains("1800;refresher=uac");
    assertThat(headers.first("Min-SE")).contains("90");
    assertThat(headers.elements("Supported")).containsExactly("multi-client", "timer");
  }

  @ParameterizedTest
  @CsvSource({
    "1800;refresher=uac,1800,true",
    "600;refresher=uas,600,false",
    "600,600,true",
    "5;refresher=uac,90,true"
  })
  @Spec("RFC 4028 §7.2")
  void theTimerIsWhatTheDeviceAgreesTo(String said, long seconds, boolean ours) {
    accepted(SipHeaders.of("Session-Expires", said));

    assertThat(scene.timers).containsExactly(interval(seconds, ours));
  }

  @Test
  @Spec("RFC 4028 §7.2")
  void aDeviceThatAgreesToNoneHasNone() {
    accepted(SipHeaders.NONE);

    assertThat(scene.timers).isEmpty();
  }

  @Test
  @Spec("RFC 4028 §7.3")
  void anIntervalThatIsTooBriefForTheDeviceIsMadeLongerInTheSameCall() {
    FakeEndpoint.Call first = invite();
    first
        .listener()
        .refused(
            SipResponse.of(
                422, SipHeaders.of("Call-ID", "c", "CSeq", "7 INVITE", "Min-SE", "3600")));

    assertThat(scene.endpoint.calls).hasSize(2);
    SipHeaders before = first.request().headers();
    SipHeaders again = scene.endpoint.calls.getLast().request().headers();
    assertThat(again.lines("Session-Expires")).containsExactly("3600;refresher=uac");
    assertThat(again.lines("Min-SE")).containsExactly("3600");
    assertThat(again.lines("Call-ID")).containsExactly("c");
    assertThat(again.lines("CSeq")).containsExactly("8 INVITE");
    for (String same : List.of("From", "To", "Contact", "Route", "Supported")) {
      assertThat(again.lines(same)).isEqualTo(before.lines(same));
    }

    scene
        .endpoint
        .calls
        .getLast()
        .listener()
        .refused(SipResponse.of(422, SipHeaders.of("CSeq", "1 INVITE", "Min-SE", "3600")));
    assertThat(scene.endpoint.calls).as("no circle").hasSize(2);
    assertThat(scene.told).containsExactly("refused leg1 422");
  }

  // ---- we refresh

  private FakeEndpoint.InDialog refreshed(String allow) {
    FakeEndpoint.Dialog dialog =
        accepted(SipHeaders.of("Allow", allow, "Session-Expires", "1800;refresher=uac"));
    scene.timers.clear();
    scene.gateway.refresh(LEG, Duration.ofSeconds(1800));
    return dialog.requests.getFirst();
  }

  @Test
  @Spec("RFC 4028 §7.4")
  void whoAllowsUpdateIsRefreshedByOneWithoutSdp() {
    FakeEndpoint.InDialog update = refreshed("INVITE, UPDATE, BYE");

    assertThat(update.method()).isEqualTo("UPDATE");
    assertThat(update.body()).isEmpty();
    assertThat(update.headers().first("Session-Expires")).contains("1800;refresher=uac");
    assertThat(update.headers().first("Min-SE")).contains("90");
    assertThat(update.headers().elements("Supported")).contains("timer");
    assertThat(update.headers().has("Contact")).isTrue();
  }

  @Test
  @Spec("RFC 4028 §7.4")
  void anybodyElseIsRefreshedByAnInviteWithTheSameSdp() {
    FakeEndpoint.InDialog reinvite = refreshed("INVITE, ACK, BYE");

    assertThat(reinvite.method()).isEqualTo("INVITE");
    assertThat(new String(reinvite.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            new String(scene.endpoint.calls.getFirst().request().body(), StandardCharsets.UTF_8));
    assertThat(reinvite.headers().first("Content-Type")).contains("application/sdp");
  }

  @Test
  @Spec("RFC 3264 §8.4")
  void theAnswerToAReinviteOfOursMayHoldMessagesUp() {
    FakeEndpoint.InDialog reinvite = refreshed("INVITE, ACK, BYE");
    SipHeaders headers = SipHeaders.of("CSeq", "2 INVITE", "Content-Type", "application/sdp");
    byte[] held = bytes(chatSdp() + "a=inactive\r\n");
    scene.told.clear();

    reinvite.listener().completed(new SipResponse(200, "", headers, held));
    reinvite.listener().completed(new SipResponse(200, "", headers, held));
    assertThat(scene.told).containsExactly("directed false");
    reinvite.listener().completed(new SipResponse(200, "", headers, bytes(chatSdp())));
    assertThat(scene.told).containsExactly("directed false", "directed true");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 405, 491, 500, 503, 603})
  @Spec("wire: signalling")
  void whateverADeviceAnswersItIsThere(int status) {
    refreshed("UPDATE")
        .listener()
        .completed(SipResponse.of(status, SipHeaders.of("CSeq", "2 UPDATE")));

    assertThat(scene.timers).containsExactly(interval(1800, true));
    assertThat(scene.told).containsExactly("accepted leg1");
  }

  @Test
  @Spec("RFC 4028 §7.2")
  void theAnswerToARefreshSaysTheIntervalAnew() {
    refreshed("UPDATE")
        .listener()
        .completed(
            SipResponse.of(
                200, SipHeaders.of("CSeq", "2 UPDATE", "Session-Expires", "600;refresher=uas")));

    assertThat(scene.timers).containsExactly(interval(600, false));
  }

  @Test
  @Spec("RFC 4028 §10")
  void whoDoesNotAnswerIsTold() {
    refreshed("UPDATE").listener().completed(SipResponse.of(408));

    assertThat(scene.timers).isEmpty();
    assertThat(scene.told).containsExactly("accepted leg1", "unrefreshed");
    assertThat(scene.gateway.legs()).isZero();
  }

  @Test
  @Spec("RFC 4028 §10")
  void aRefreshThatCouldNotBeSentSaysNothingOfTheDevice() {
    refreshed("UPDATE").listener().completed(SipResponse.of(503));

    assertThat(scene.timers).isEmpty();
    assertThat(scene.told).containsExactly("accepted leg1", "refresh-unsent");
    assertThat(scene.gateway.legs()).isEqualTo(1);
  }

  @Test
  @Spec("RFC 4028 §7.3")
  void aRefreshThatIsTooBriefIsSentAgainWithMore() {
    FakeEndpoint.Dialog dialog =
        accepted(SipHeaders.of("Allow", "UPDATE", "Session-Expires", "1800;refresher=uac"));
    scene.gateway.refresh(LEG, Duration.ofSeconds(1800));
    dialog
        .requests
        .getFirst()
        .listener()
        .completed(SipResponse.of(422, SipHeaders.of("CSeq", "2 UPDATE", "Min-SE", "3600")));

    assertThat(dialog.requests).hasSize(2);
    assertThat(dialog.requests.getLast().headers().first("Session-Expires"))
        .contains("3600;refresher=uac");
    assertThat(dialog.requests.getLast().headers().lines("Min-SE")).containsExactly("3600");
  }
}
