package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens between INVITE and its final answer, and when they cross.
class EarlyDialogTest extends CallTest {
  private static final String OFFER = "Content-Type: application/sdp\n\nv=0";

  private String ringing(TextPeer peer, String callId, String more) {
    InboundInvite invite = invited(peer, callId, more);
    invite.provisional(SipResponse.of(180, CONTACT));
    invites.add(invite);
    return peer.receive("SIP/2.0 180");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §15.1.2")
  void theCallerMayEndAnEarlyDialogByBye(String transport) {
    TextPeer peer = peer(transport, endpoint());
    String ringing = ringing(peer, "early-bye", "");

    peer.send(inDialog(peer, ringing, "BYE", 2, ""));

    answer(peer, 200, "2 BYE");
    answer(peer, 487, "1 INVITE");
    assertThat(application.next()).isEqualTo("cancelled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3311 §5.2")
  void anUpdateInTheCallersEarlyDialogMovesItsTargetButBringsNoOffer(String transport) {
    TextPeer peer = peer(transport, endpoint());
    String ringing = ringing(peer, "early-update", "");

    peer.send(inDialog(peer, ringing, "UPDATE", 2, contact(peer) + "\n" + OFFER));
    assertThat(TextPeer.header(answer(peer, 500, "2 UPDATE"), "Retry-After")).isNotEmpty();
    peer.send(inDialog(peer, ringing, "UPDATE", 3, contact(peer)));
    assertThat(TextPeer.header(answer(peer, 200, "3 UPDATE"), "Contact"))
        .isEqualTo("<sip:us@127.0.0.1>");

    application.told.clear();
    InboundInvite invite = invites.remove();
    invite.accept(SipResponse.of(200, CONTACT), application.listener()).bye(SipHeaders.NONE);
    String ok = answer(peer, 200, "1 INVITE");
    peer.send(inDialog(peer, ok, "ACK", 1, ""));
    assertThat(peer.receive("BYE")).startsWith("BYE " + peer.uri("phone") + " SIP/2.0");
  }

  @Test
  @Spec("RFC 3261 §14.2")
  void asecondInviteBeforeTheAnswerToTheFirstIs500WithRetryAfter() {
    TextPeer peer = peer("TCP", endpoint());
    String ringing = ringing(peer, "early-invite", "");
    peer.send(inDialog(peer, ringing, "INVITE", 2, contact(peer) + "\n" + OFFER));
    assertThat(TextPeer.header(answer(peer, 500, "2 INVITE"), "Retry-After")).isNotEmpty();
    peer.send(inDialog(peer, ringing, "ACK", 2, ""));
    peer.send(inDialog(peer, ringing, "UPDATE", 2, contact(peer)));
    answer(peer, 500, "2 UPDATE"); // RFC 3261 §12.2.2: lower than what came
    peer.send(inDialog(peer, ringing, "INFO", 4, ""));
    answer(peer, 481, "4 INFO");
  }

  @Test
  @Spec("RFC 3262 §3")
  void a200WaitsForThePrackOfA183WithSdp() {
    TextPeer peer = peer("TCP", endpoint());
    InboundInvite invite = invited(peer, "withheld", "Require: 100rel");
    byte[] sdp = "v=0".getBytes(StandardCharsets.UTF_8);
    invite.provisional(new SipResponse(183, "", CONTACT, sdp));
    String progress = peer.receive("SIP/2.0 183");
    invite.accept(SipResponse.of(200, CONTACT), application.listener());
    peer.send(peer.request("OPTIONS", "sip:x", "withheld", 1, ""));
    assertThat(TextPeer.header(peer.receive(), "CSeq")).isEqualTo("1 OPTIONS");

    String rack = "RAck: " + TextPeer.header(progress, "RSeq") + " 1 INVITE";
    peer.send(inDialog(peer, progress, "PRACK", 2, rack));

    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "CSeq")).isEqualTo("2 PRACK");
    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "CSeq")).isEqualTo("1 INVITE");
  }

  @Test
  @Spec("RFC 3262 §3")
  void a200ThatWaitsForAPrackInVainBecomes504() {
    TextPeer peer = peer("TCP", endpoint(BRISK));
    InboundInvite invite = invited(peer, "in-vain", "Require: 100rel");
    byte[] sdp = "v=0".getBytes(StandardCharsets.UTF_8);
    invite.provisional(new SipResponse(183, "", CONTACT, sdp));
    peer.receive("SIP/2.0 183");
    invite.accept(SipResponse.of(200, CONTACT), application.listener());

    answer(peer, 504, "1 INVITE");

    assertThat(application.next()).isEqualTo("lost ended before the answer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3262 §4")
  void aReliableProvisionalAnswerToOurInviteIsAcknowledgedOnceAndInOrder(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    inviting(endpoint, peer);
    String invite = peer.receive("INVITE");
    String more = contact(peer) + "\nRequire: 100rel\nRSeq: ";

    peer.send(peer.answer(invite, 180, "one", more + 7));
    String prack = peer.receive("PRACK");
    assertThat(prack).startsWith("PRACK " + peer.uri("phone") + " SIP/2.0\r\n");
    assertThat(TextPeer.header(prack, "RAck")).isEqualTo("7 1 INVITE");
    assertThat(TextPeer.header(prack, "CSeq")).isEqualTo("2 PRACK");
    peer.send(peer.answer(prack, 200, "", ""));
    peer.send(peer.answer(invite, 180, "one", more + 7));
    peer.send(peer.answer(invite, 183, "one", more + 9));
    peer.send(peer.answer(invite, 183, "one", more + 8));
    String next = peer.receive("PRACK");
    assertThat(TextPeer.header(next, "RAck")).isEqualTo("8 1 INVITE");
    peer.send(peer.answer(next, 200, "", ""));
    peer.send(peer.answer(invite, 200, "one", contact(peer)));

    assertThat(TextPeer.header(peer.receive("ACK"), "CSeq")).isEqualTo("1 ACK");
    assertThat(application.next()).isEqualTo("provisional 180");
    assertThat(application.next()).isEqualTo("provisional 183");
    assertThat(application.next()).isEqualTo("accepted 200");
    dialog().bye(SipHeaders.NONE);
    assertThat(TextPeer.header(peer.receive("BYE"), "CSeq")).isEqualTo("4 BYE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3311 §5.2")
  void anUpdateInTheCalledPeersEarlyDialogIsAnswered(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    inviting(endpoint, peer);
    String invite = peer.receive("INVITE");
    peer.send(peer.answer(invite, 180, "one", contact(peer)));
    assertThat(application.next()).isEqualTo("provisional 180");

    peer.send(fromCalled(peer, invite, "one", "UPDATE", 5, contact(peer) + "\n" + OFFER));
    answer(peer, 491, "5 UPDATE");
    peer.send(fromCalled(peer, invite, "one", "UPDATE", 6, contact(peer)));
    assertThat(TextPeer.header(answer(peer, 200, "6 UPDATE"), "Contact"))
        .isEqualTo("<sip:us@127.0.0.1>");
    peer.send(fromCalled(peer, invite, "two", "UPDATE", 6, contact(peer)));
    answer(peer, 481, "6 UPDATE");
    peer.send(fromCalled(peer, invite, "one", "INFO", 7, ""));
    answer(peer, 481, "7 INFO");
    peer.send(peer.answer(invite, 486, "one", ""));
    peer.receive("ACK");
    peer.send(fromCalled(peer, invite, "one", "UPDATE", 8, contact(peer)));
    answer(peer, 481, "8 UPDATE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §9.1")
  void a200ThatCrossesOurCancelIsToldAndAcknowledged(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    OutboundInvite out = inviting(endpoint, peer);
    String invite = peer.receive("INVITE");
    peer.send(peer.answer(invite, 180, "one", contact(peer)));
    assertThat(application.next()).isEqualTo("provisional 180");
    out.cancel(SipHeaders.NONE);
    String cancel = peer.receive("CANCEL");
    peer.send(peer.answer(invite, 200, "one", contact(peer)));
    peer.send(peer.answer(cancel, 200, "one", ""));
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("one");
    assertThat(application.next()).isEqualTo("accepted 200");
    out.cancel(SipHeaders.NONE);
    dialog().bye(SipHeaders.NONE);
    assertThat(peer.receive()).startsWith("BYE "); // and no second CANCEL before it
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §9.2")
  void aCancelThatCrossesOur200ChangesNothing(String transport) {
    TextPeer peer = peer(transport, endpoint());
    InboundInvite invite = invited(peer, "late-cancel", "");
    application.dialogs.add(invite.accept(SipResponse.of(200, CONTACT), application.listener()));
    String ok = peer.receive("SIP/2.0 200");
    String via =
        "Via: " + TextPeer.header(ok, "Via").replaceAll(";rport=\\d+;received=[^;]+", ";rport");
    peer.send(
        peer.request("CANCEL", "sip:bob@continuo.test", "late-cancel", 1, "")
            .replaceFirst("Via: .*", via));
    answer(peer, 200, "1 CANCEL");
    peer.send(inDialog(peer, ok, "ACK", 1, ""));
    assertThat(application.next()).isEqualTo("acknowledged");
  }

  @Test
  @Spec("RFC 3261 §9.2")
  void aCancelOfNothingIs481() {
    TextPeer peer = peer("UDP", endpoint());
    peer.send(peer.request("CANCEL", "sip:bob@continuo.test", "nothing", 1, ""));
    answer(peer, 481, "1 CANCEL");
  }
}
