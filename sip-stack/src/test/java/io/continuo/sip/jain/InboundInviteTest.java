package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboundInviteTest extends EndpointTest {

  private SipResponse ok() {
    return new SipResponse(
        200,
        "",
        SipHeaders.of("Contact", "<sip:us@127.0.0.1>", "Content-Type", "application/sdp"),
        "v=0".getBytes(StandardCharsets.UTF_8));
  }

  private void accept(InboundInvite invite) {
    application.dialogs.add(invite.accept(ok(), application.listener()));
  }

  private String inDialog(TextPeer peer, String ok, String method, int sequence) {
    return peer.request(method, "sip:us@127.0.0.1", TextPeer.header(ok, "Call-ID"), sequence, "")
        .replace("To: <sip:bob@continuo.test>", "To: " + TextPeer.header(ok, "To"));
  }

  private String invited(TextPeer peer, String callId) {
    String contact = "Contact: <" + peer.uri("alice") + ">";
    peer.send(peer.request("INVITE", "sip:bob@continuo.test", callId, 1, contact));
    assertThat(TextPeer.status(peer.receive())).isEqualTo(100);
    return peer.receive("SIP/2.0 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §13.3.1.4")
  void anAcceptedInviteIsAcknowledgedAndEndedByThePeer(String transport) {
    TextPeer peer = peer(transport, endpoint());
    application.onInvite = this::accept;

    String ok = invited(peer, "in-1");
    assertThat(TextPeer.body(ok)).isEqualTo("v=0");
    assertThat(application.next()).isEqualTo("invited");
    peer.send(inDialog(peer, ok, "ACK", 1));
    assertThat(application.next()).isEqualTo("acknowledged");
    peer.send(inDialog(peer, ok, "BYE", 2));

    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "CSeq")).isEqualTo("2 BYE");
    assertThat(application.told.poll()).as("told before the peer is").isEqualTo("bye");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §15.1.1")
  void weEndADialogThatThePeerBegan(String transport) {
    TextPeer peer = peer(transport, endpoint());
    application.onInvite = this::accept;
    String ok = invited(peer, "in-2");
    SipDialog dialog = RecordingApplication.take(application.dialogs);
    dialog.bye(SipHeaders.of("Reason", "SIP;cause=200"));
    peer.send(inDialog(peer, ok, "ACK", 1));

    String bye = peer.receive("BYE");
    assertThat(bye).startsWith("BYE " + peer.uri("alice") + " SIP/2.0\r\n");
    assertThat(TextPeer.header(bye, "Reason")).isEqualTo("SIP;cause=200");
    assertThat(TextPeer.header(bye, "From")).isEqualTo(TextPeer.header(ok, "To"));
    assertThat(TextPeer.header(bye, "To")).isEqualTo(TextPeer.header(ok, "From"));
    peer.send(peer.answer(bye, 200, "", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §9.2")
  void aCancelEndsAWaitingInviteWith487(String transport) {
    TextPeer peer = peer(transport, endpoint());
    application.onInvite =
        invite -> {
          invite.onCancel(() -> application.told.add("cancelled"));
          invite.provisional(SipResponse.of(180));
        };
    String invite =
        peer.request("INVITE", "sip:bob@continuo.test", "in-3", 1, "Contact: <sip:a@h>");
    peer.send(invite);
    peer.receive("SIP/2.0 180");

    peer.send(invite.replace("INVITE sip", "CANCEL sip").replace("1 INVITE", "1 CANCEL"));

    String cancelled = peer.receive("SIP/2.0 200");
    String ended = peer.receive("SIP/2.0 487");
    assertThat(TextPeer.header(cancelled, "CSeq")).isEqualTo("1 CANCEL");
    assertThat(TextPeer.header(ended, "CSeq")).isEqualTo("1 INVITE");
    assertThat(TextPeer.toTag(cancelled)).isEqualTo(TextPeer.toTag(ended));
    assertThat(application.next()).isEqualTo("invited");
    assertThat(application.next()).isEqualTo("cancelled");
  }

  @Test
  @Spec("RFC 3261 §8.2.6.1")
  void theTimestampIsIn100() {
    TextPeer peer = peer("UDP", endpoint());
    peer.send(peer.request("INVITE", "sip:b@x", "time", 1, "Contact: <sip:a@h>\nTimestamp: 54.21"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 100"), "Timestamp")).isEqualTo("54.21");
  }

  @ParameterizedTest
  @CsvSource({"422,Session Interval Too Small", "421,Extension Required", "430,Flow Failed"})
  @Spec("RFC 3261 §7.2")
  void aStatusHasThePhraseOfItsRfc(int status, String phrase) {
    TextPeer peer = peer("UDP", endpoint());
    application.onInvite = invite -> invite.respond(SipResponse.of(status));
    peer.send(peer.request("INVITE", "sip:b@x", "phrase", 1, "Contact: <sip:a@h>"));
    assertThat(peer.receive("SIP/2.0 4")).startsWith("SIP/2.0 " + status + " " + phrase + "\r\n");
  }

  @Test
  @Spec("RFC 3261 §12.2.1.1")
  void aStrictRouterGetsTheRequestToItselfAndTheTargetLast() {
    TextPeer peer = peer("TCP", endpoint());
    application.onInvite = this::accept;
    String router = "sip:127.0.0.1:" + peer.port() + ";transport=tcp";
    String fields =
        "Contact: <%s>\nRecord-Route: <%s>, <sip:p2.invalid;lr>"
            .formatted(peer.uri("alice"), router);
    peer.send(peer.request("INVITE", "sip:bob@continuo.test", "strict", 1, fields));
    String ok = peer.receive("SIP/2.0 200");
    RecordingApplication.take(application.dialogs).bye(SipHeaders.NONE);
    peer.send(inDialog(peer, ok, "ACK", 1));

    String bye = peer.receive("BYE");
    assertThat(bye).startsWith("BYE " + router + " SIP/2.0\r\n");
    assertThat(TextPeer.elements(bye, "Route"))
        .containsExactly("<sip:p2.invalid;lr>", "<" + peer.uri("alice") + ">");
    peer.send(peer.answer(bye, 200, "", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §13.3.1.4")
  void a200IsRepeatedUntilItsAckAndThenLost(String transport) {
    TextPeer peer = peer(transport, endpoint(FAST));
    application.onInvite = this::accept;

    String ok = invited(peer, "in-4");

    assertThat(peer.receive("SIP/2.0 200")).isEqualTo(ok);
    assertThat(peer.receive("SIP/2.0 200")).isEqualTo(ok);
    assertThat(application.next()).isEqualTo("invited");
    assertThat(application.next()).isEqualTo("lost no ACK");
    assertThat(peer.receive("BYE")).contains("in-4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §12.2.2")
  @Spec("RFC 3261 §14.2")
  void aReinviteIsToldAndMayBeAnswered200(String transport) {
    TextPeer peer = peer(transport, endpoint());
    application.onInvite = this::accept;
    String ok = invited(peer, "in-5");
    peer.send(inDialog(peer, ok, "ACK", 1));
    application.onRequest = request -> request.respond(ok());

    peer.send(inDialog(peer, ok, "INVITE", 2));

    String again = peer.receive("SIP/2.0 200");
    assertThat(TextPeer.body(again)).isEqualTo("v=0");
    assertThat(TextPeer.header(again, "CSeq")).isEqualTo("2 INVITE");
    peer.send(inDialog(peer, ok, "ACK", 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §12.2.2")
  void aRequestForAnUnknownDialogIs481(String transport) {
    TextPeer peer = peer(transport, endpoint());
    peer.send(
        peer.request("BYE", "sip:bob@continuo.test", "none", 2, "")
            .replace("To: <sip:bob@continuo.test>", "To: <sip:bob@continuo.test>;tag=x"));
    assertThat(TextPeer.status(peer.receive())).isEqualTo(481);
  }

  @Test
  @Spec("RFC 3261 §17.2.1")
  void aRepeatedInviteIsToldOnceAndAMergedOneIs482() {
    TextPeer peer = peer("UDP", endpoint());
    application.onInvite = invite -> invite.provisional(SipResponse.of(183));
    String invite = peer.request("INVITE", "sip:b@x", "twice", 1, "Contact: <sip:a@h>");
    peer.send(invite);
    peer.receive("SIP/2.0 183");
    peer.send(invite);
    peer.receive("SIP/2.0 183");
    peer.send(invite.replace("branch=z9hG4bK", "branch=z9hG4bKother"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 482"), "Call-ID")).isEqualTo("twice");
    peer.send(peer.request("OPTIONS", "sip:b@x", "barrier", 1, ""));
    peer.receive("SIP/2.0 200");
    assertThat(application.next()).isEqualTo("invited");
    assertThat(application.next()).isEqualTo("screened 482 Merged Request");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §8.2.7")
  @Spec("RFC 3261 §26.3.2.4")
  void whatIsRefusedAtOnceIsAnsweredOnceAndForgotten(String transport) throws Exception {
    SipEndpoint endpoint = endpoint();
    Tables tables = Tables.atRest(endpoint);
    TextPeer peer = peer(transport, endpoint);
    application.onInvite = invite -> invite.respond(SipResponse.of(401));
    String invite = peer.request("INVITE", "sip:b@x", "forged", 1, "Contact: <sip:a@h>");

    peer.send(invite);
    String challenge = peer.receive();
    assertThat(TextPeer.status(challenge)).as("no 100 before it").isEqualTo(401);
    // Long before Timer H (256 s) would forget it: what is not kept is not sent again either.
    tables.awaitRest(Duration.ofMinutes(1));

    peer.send(invite);
    String again = peer.receive();
    assertThat(TextPeer.status(again)).isEqualTo(401);
    assertThat(TextPeer.toTag(again)).isEqualTo(TextPeer.toTag(challenge));
    peer.send(
        invite
            .replace("INVITE sip", "ACK sip")
            .replace("1 INVITE", "1 ACK")
            .replace("To: <sip:b@x>", "To: " + TextPeer.header(again, "To")));
    peer.send(peer.request("OPTIONS", "sip:b@x", "barrier", 1, ""));
    assertThat(TextPeer.header(peer.receive(), "Call-ID")).isEqualTo("barrier");
  }

  @Test
  @Spec("RFC 3261 §17.2.1")
  void aRefusalThatTookTimeIsRepeatedUntilItsAck() {
    TextPeer peer = peer("UDP", endpoint(FAST));
    String invite = peer.request("INVITE", "sip:b@x", "busy", 1, "Contact: <sip:a@h>");
    application.onInvite = application.waiting::add;
    peer.send(invite);
    assertThat(TextPeer.status(peer.receive())).isEqualTo(100);

    RecordingApplication.take(application.waiting).respond(SipResponse.of(486));

    String busy = peer.receive("SIP/2.0 486");
    assertThat(peer.receive("SIP/2.0 486")).isEqualTo(busy);
  }

  @Test
  @Spec("RFC 3261 §12.1.1")
  void aRecordRouteIsCopiedIntoTheAnswerAndFollowed() throws Exception {
    SipEndpoint endpoint = endpoint();
    TextPeer caller = peer("UDP", endpoint);
    TextPeer proxy = peer("UDP", endpoint);
    application.onInvite = this::accept;
    String route = "<sip:127.0.0.1:" + proxy.port() + ";lr>";
    String more = "Contact: <" + caller.uri("a") + ">\nRecord-Route: " + route;
    caller.send(caller.request("INVITE", "sip:b@x", "rr", 1, more));
    String ok = caller.receive("SIP/2.0 200");
    assertThat(TextPeer.header(ok, "Record-Route")).isEqualTo(route);
    caller.send(inDialog(caller, ok, "ACK", 1));
    RecordingApplication.take(application.dialogs).bye(SipHeaders.NONE);

    String bye = proxy.receive("BYE");
    assertThat(bye).startsWith("BYE " + caller.uri("a") + " SIP/2.0");
    assertThat(TextPeer.header(bye, "Route")).isEqualTo(route);
  }

  /// With timers this fast the 200 to the INVITE may have been repeated before the ACK was there.
  private static void receiveAnswerToBye(TextPeer peer) {
    String answer = peer.receive("SIP/2.0 200");
    while (TextPeer.header(answer, "CSeq").equals("1 INVITE")) {
      answer = peer.receive("SIP/2.0 200");
    }
    assertThat(TextPeer.header(answer, "CSeq")).isEqualTo("2 BYE");
  }

  @Test
  void nothingIsHeldSomeTimeAfterTheLastCall() throws Exception {
    SipEndpoint endpoint = endpoint(BRISK);
    Tables tables = Tables.atRest(endpoint);
    TextPeer peer = peer("TCP", endpoint);
    application.onInvite = this::accept;
    for (int i = 0; i < 20; i++) {
      String ok = invited(peer, "load-" + i);
      peer.send(inDialog(peer, ok, "ACK", 1));
      peer.send(inDialog(peer, ok, "BYE", 2));
      receiveAnswerToBye(peer);
    }
    tables.awaitRest(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  void anExceptionOfTheApplicationIs500(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    application.onInvite =
        invite -> {
          throw new AssertionError("a bug");
        };
    peer.send(peer.request("INVITE", "sip:b@continuo.test", "bug", 1, "Contact: <sip:a@h>"));
    assertThat(peer.receive("SIP/2.0 500")).contains("bug");
    peer.send(peer.request("OPTIONS", "sip:b@continuo.test", "fine", 1, ""));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "Call-ID")).isEqualTo("fine");
  }
}
