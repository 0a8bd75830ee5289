package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Both sides of a dialog change it at the same time.
class GlareTest extends CallTest {
  private static final String OFFER = "Content-Type: application/sdp\n\nv=0";

  private final BlockingQueue<InboundRequest> waiting = new LinkedBlockingQueue<>();

  private InboundRequest waits() {
    return RecordingApplication.take(waiting);
  }

  @ParameterizedTest
  @CsvSource({"UDP,INVITE", "TCP,INVITE", "UDP,UPDATE", "TCP,UPDATE"})
  @Spec("RFC 3261 §14.2")
  @Spec("RFC 3311 §5.2")
  void thePeersChangeIs491WhileOursIsUnderWay(String transport, String method) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    String ok = called(peer, "glare");
    asks(dialog(), method, "v=0");
    String ours = peer.receive(method);

    peer.send(inDialog(peer, ok, method, 2, contact(peer) + "\n" + OFFER));

    answer(peer, 491, "2 " + method);
    assertThat(application.next()).isEqualTo("screened 491 Request Pending");
    peer.send(peer.answer(ours, 200, "", contact(peer)));
    assertThat(application.next()).isEqualTo(method + " 200");
  }

  @ParameterizedTest
  @CsvSource({"UDP,INVITE", "TCP,INVITE", "UDP,UPDATE", "TCP,UPDATE"})
  @Spec("RFC 3261 §14.1")
  @Spec("RFC 3311 §5.1")
  void oursIsSentAgainAfterA491AndNobodyIsBlockedMeanwhile(String transport, String method) {
    SipEndpoint endpoint = endpoint(BRISK);
    TextPeer peer = peer(transport, endpoint);
    String invite = calling(endpoint, peer, "one");
    asks(dialog(), method, "v=0");
    String first = peer.receive(method);

    peer.send(peer.answer(first, 491, "", ""));

    String again = peer.receive(method + " ");
    while (again.equals(first)) {
      again = peer.receive(method + " "); // it crossed our answer
    }
    assertThat(TextPeer.body(again)).isEqualTo("v=0");
    assertThat(TextPeer.header(again, "CSeq")).isEqualTo("3 " + method);
    peer.send(peer.answer(again, 200, "", contact(peer)));
    assertThat(application.next()).isEqualTo(method + " 200");
    peer.send(fromCalled(peer, invite, "one", "BYE", 9, ""));
    answer(peer, 200, "9 BYE");
    assertThat(application.next()).isEqualTo("bye");
    whatNeedsNoTurnIsSentMeanwhile(transport, method);
  }

  /// With timers so slow that ours surely waits: for 16.8 s at least.
  private void whatNeedsNoTurnIsSentMeanwhile(String transport, String method) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    calling(endpoint, peer, "one");
    SipDialog dialog = dialog();
    asks(dialog, method, "v=0");
    peer.send(peer.answer(peer.receive(method), 491, "", ""));
    asks(dialog, "INFO", "");

    String info = peer.receive("INFO");

    assertThat(TextPeer.header(info, "CSeq")).isEqualTo("3 INFO");
    peer.send(peer.answer(info, 200, "", ""));
    assertThat(application.next()).isEqualTo("INFO 200");
  }

  @Test
  @Spec("RFC 3261 §14.1")
  void thePeersChangeIsTakenWhileOursWaitsAfterA491() {
    SipEndpoint endpoint = endpoint(SipTimers.STANDARD);
    TextPeer peer = peer("TCP", endpoint);
    String invite = calling(endpoint, peer, "one");
    application.onRequest = waiting::add;
    asks(dialog(), "INVITE", "v=0");
    peer.send(peer.answer(peer.receive("INVITE"), 491, "", ""));
    peer.send(fromCalled(peer, invite, "one", "INVITE", 7, contact(peer) + "\n" + OFFER));
    InboundRequest theirs = waits(); // before the 2.1 s after which ours is sent again
    assertThat(application.next()).isEqualTo("in dialog INVITE");

    theirs.respond(SipResponse.of(200, CONTACT));

    answer(peer, 200, "7 INVITE");
    peer.send(fromCalled(peer, invite, "one", "ACK", 7, ""));
    String again = peer.receive("INVITE");
    assertThat(TextPeer.header(again, "CSeq")).isEqualTo("3 INVITE");
  }

  @Test
  @Spec("RFC 3261 §14.1")
  void whoMeetsA491EachTimeIsToldSo() {
    SipEndpoint endpoint = endpoint(BRISK);
    TextPeer peer = peer("TCP", endpoint);
    calling(endpoint, peer, "one");
    asks(dialog(), "UPDATE", "v=0");
    for (int i = 0; i < SessionChanges.MAX_ATTEMPTS; i++) {
      peer.send(peer.answer(peer.receive("UPDATE"), 491, "", ""));
    }
    assertThat(application.next()).isEqualTo("UPDATE 491");
  }

  @Test
  @Spec("RFC 3261 §14.2")
  void a500WithRetryAfterIsTriedAgainAndOneWithoutIsNot() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("TCP", endpoint);
    calling(endpoint, peer, "one");
    asks(dialog(), "UPDATE", "v=0");
    peer.send(peer.answer(peer.receive("UPDATE"), 500, "", "Retry-After: 0"));
    peer.send(peer.answer(peer.receive("UPDATE"), 500, "", ""));
    assertThat(application.next()).isEqualTo("UPDATE 500");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVITE", "UPDATE"})
  @Spec("RFC 3261 §14.2")
  @Spec("RFC 3311 §5.2")
  void aSecondChangeBeforeTheAnswerToTheFirstIs500WithRetryAfter(String method) {
    TextPeer peer = peer("TCP", endpoint());
    String ok = called(peer, "overlap");
    application.onRequest = waiting::add;
    peer.send(inDialog(peer, ok, method, 2, contact(peer) + "\n" + OFFER));
    InboundRequest first = waits();

    peer.send(inDialog(peer, ok, method, 3, contact(peer) + "\n" + OFFER));

    String refused = answer(peer, 500, "3 " + method);
    assertThat(Integer.parseInt(TextPeer.header(refused, "Retry-After"))).isBetween(0, 10);
    first.respond(SipResponse.of(200, CONTACT));
    answer(peer, 200, "2 " + method);
    peer.send(inDialog(peer, ok, method, 4, contact(peer) + "\n" + OFFER));
    waits().respond(SipResponse.of(200, CONTACT));
    answer(peer, 200, "4 " + method);
  }

  @Test
  @Spec("RFC 3261 §14.1")
  void oursWaitsForThePeersAndForEachOther() {
    TextPeer peer = peer("TCP", endpoint());
    String ok = called(peer, "wait");
    application.onRequest = waiting::add;
    peer.send(inDialog(peer, ok, "INVITE", 2, contact(peer) + "\n" + OFFER));
    InboundRequest theirs = waits();
    assertThat(application.next()).isEqualTo("in dialog INVITE");
    SipDialog dialog = dialog();
    asks(dialog, "UPDATE", "one");
    asks(dialog, "UPDATE", "two");
    asks(dialog, "INFO", "");
    peer.send(peer.answer(peer.receive("INFO"), 200, "", ""));
    assertThat(application.next()).isEqualTo("INFO 200");

    theirs.respond(SipResponse.of(488));

    answer(peer, 488, "2 INVITE");
    peer.send(inDialog(peer, ok, "ACK", 2, ""));
    String first = peer.receive("UPDATE");
    assertThat(TextPeer.body(first)).isEqualTo("one");
    asks(dialog, "INFO", "");
    peer.send(peer.answer(peer.receive(), 200, "", "")); // the INFO: the second UPDATE waits
    assertThat(application.next()).isEqualTo("INFO 200");
    peer.send(peer.answer(first, 200, "", contact(peer)));
    assertThat(TextPeer.body(peer.receive("UPDATE"))).isEqualTo("two");
  }

  /// It may hold the answer to an offer in our 2xx.
  @Test
  @Spec("RFC 3264 §4")
  void oursWaitsForTheAckOfOur2xx() {
    TextPeer peer = peer("TCP", endpoint());
    InboundInvite invite = invited(peer, "unacknowledged", "");
    SipDialog dialog = invite.accept(SipResponse.of(200, CONTACT), application.listener());
    String ok = peer.receive("SIP/2.0 200");
    asks(dialog, "UPDATE", "v=0");
    asks(dialog, "INFO", "");

    String first = peer.receive();
    while (first.startsWith("SIP/2.0")) {
      first = peer.receive(); // our 2xx again
    }
    assertThat(first).startsWith("INFO");

    peer.send(inDialog(peer, ok, "ACK", 1, ""));
    assertThat(TextPeer.body(peer.receive("UPDATE"))).isEqualTo("v=0");
  }

  @Test
  void moreThanMayWaitAreTold491() {
    TextPeer peer = peer("TCP", endpoint());
    called(peer, "many");
    SipDialog dialog = dialog();
    for (int i = 0; i < SessionChanges.MAX_WAITING + 2; i++) {
      asks(dialog, "UPDATE", "v=0");
    }
    assertThat(application.next()).isEqualTo("UPDATE 491");
    dialog.bye(io.continuo.sip.SipHeaders.NONE);
    for (int i = 0; i < SessionChanges.MAX_WAITING; i++) {
      assertThat(application.next()).isEqualTo("UPDATE 481");
    }
  }

  @Test
  @Spec("RFC 3261 §15.1.2")
  void aByeEndsThePeersOwnUnansweredReinviteWith487() {
    TextPeer peer = peer("TCP", endpoint());
    String ok = called(peer, "bye");
    application.onRequest = waiting::add;
    peer.send(inDialog(peer, ok, "INVITE", 2, contact(peer) + "\n" + OFFER));
    waits();
    peer.send(inDialog(peer, ok, "BYE", 3, ""));
    answer(peer, 487, "2 INVITE");
    answer(peer, 200, "3 BYE");
  }

  @Test
  void aReinviteThatOnlyGetsProvisionalAnswersIsCancelledAndTold408() {
    SipEndpoint endpoint = endpoint(BRISK);
    TextPeer peer = peer("TCP", endpoint);
    calling(endpoint, peer, "one");
    asks(dialog(), "INVITE", "v=0");
    peer.send(peer.answer(peer.receive("INVITE"), 183, "", ""));
    peer.send(peer.answer(peer.receive("CANCEL"), 200, "", ""));
    assertThat(application.next()).isEqualTo("INVITE 408");
    assertThat(application.next()).isEqualTo("lost 408 to INVITE");
  }
}
