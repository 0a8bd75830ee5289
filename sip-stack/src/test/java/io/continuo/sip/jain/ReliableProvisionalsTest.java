package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReliableProvisionalsTest extends EndpointTest {
  private final BlockingQueue<InboundInvite> invites = new LinkedBlockingQueue<>();

  private InboundInvite rung(TextPeer peer, String more) {
    application.onInvite =
        invite -> {
          invite.onCancel(() -> application.told.add("cancelled"));
          invite.provisional(SipResponse.of(180, SipHeaders.of("Contact", "<sip:us@127.0.0.1>")));
          invites.add(invite);
        };
    String contact = "Contact: <" + peer.uri("alice") + ">\n";
    peer.send(peer.request("INVITE", "sip:bob@continuo.test", "rel", 1, contact + more));
    return RecordingApplication.take(invites);
  }

  private static String prack(TextPeer peer, String ringing, String rack, int sequence) {
    return peer.request("PRACK", "sip:us@127.0.0.1", "rel", sequence, "RAck: " + rack)
        .replace("To: <sip:bob@continuo.test>", "To: " + TextPeer.header(ringing, "To"));
  }

  private static String rack(String ringing) {
    return TextPeer.header(ringing, "RSeq") + " 1 INVITE";
  }

  /// Of a request with this CSeq.
  private static String answer(TextPeer peer, String start, String sequence) {
    String answer = peer.receive(start);
    while (!TextPeer.header(answer, "CSeq").equals(sequence)) {
      answer = peer.receive(start);
    }
    return answer;
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3262 §3")
  void a180IsRepeatedUntilItsPrackWhenTheInviteRequiresIt(String transport) {
    TextPeer peer = peer(transport, endpoint(SipTimers.STANDARD));
    InboundInvite invite = rung(peer, "Require: 100rel");

    String ringing = peer.receive("SIP/2.0 180");
    assertThat(TextPeer.header(ringing, "Require")).isEqualTo("100rel");
    assertThat(Long.parseLong(TextPeer.header(ringing, "RSeq"))).isBetween(1L, (1L << 31) - 1);
    assertThat(TextPeer.header(ringing, "To")).contains(";tag=");
    assertThat(peer.receive("SIP/2.0 180")).isEqualTo(ringing);

    peer.send(prack(peer, ringing, rack(ringing), 2));
    answer(peer, "SIP/2.0 200", "2 PRACK");
    peer.send(prack(peer, ringing, rack(ringing), 3));
    answer(peer, "SIP/2.0 481", "3 PRACK");

    application.dialogs.add(invite.accept(SipResponse.of(200), application.listener()));
    String ok = answer(peer, "SIP/2.0 200", "1 INVITE");
    assertThat(TextPeer.header(ok, "To")).isEqualTo(TextPeer.header(ringing, "To"));
    assertThat(ok).doesNotContain("RSeq");
  }

  @Test
  @Spec("RFC 3262 §3")
  void aPrackForAnotherResponseOrDialogIs481() {
    TextPeer peer = peer("UDP", endpoint());
    rung(peer, "Require: 100rel");
    String ringing = peer.receive("SIP/2.0 180");
    String other = Long.parseLong(TextPeer.header(ringing, "RSeq")) + 1 + " 1 INVITE";

    peer.send(prack(peer, ringing, other, 2));
    answer(peer, "SIP/2.0 481", "2 PRACK");
    peer.send(prack(peer, ringing, rack(ringing), 3).replace(";tag=peer", ";tag=other"));
    answer(peer, "SIP/2.0 481", "3 PRACK");
    peer.send(prack(peer, ringing, "nonsense", 4));
    answer(peer, "SIP/2.0 481", "4 PRACK");
    peer.send(prack(peer, ringing, rack(ringing), 5));
    answer(peer, "SIP/2.0 200", "5 PRACK");
  }

  @Test
  @Spec("RFC 3262 §3")
  void aFinalResponseEndsTheRepetitionAndAPrackUnderWayIsAnswered() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    InboundInvite invite = rung(peer, "Require: 100rel");
    String ringing = peer.receive("SIP/2.0 180");

    invite.respond(SipResponse.of(486));
    peer.receive("SIP/2.0 486");
    peer.send(prack(peer, ringing, rack(ringing), 2));

    answer(peer, "SIP/2.0 200", "2 PRACK");
  }

  @Test
  @Spec("RFC 3262 §3")
  void anInviteWhose180IsNeverAcknowledgedIs504AndGivenUp() {
    TextPeer peer = peer("UDP", endpoint(FAST));
    rung(peer, "Require: 100rel");

    peer.receive("SIP/2.0 504");

    assertThat(application.next()).isEqualTo("invited");
    assertThat(application.next()).isEqualTo("screened 504 No PRACK");
    assertThat(application.next()).isEqualTo("cancelled");
  }

  @Test
  @Spec("RFC 3262 §3")
  void whoMerelySupportsItGetsAn180WithoutSequence() {
    TextPeer peer = peer("UDP", endpoint());
    rung(peer, "Supported: 100rel");
    assertThat(peer.receive("SIP/2.0 180")).doesNotContain("RSeq").doesNotContain("Require");
  }

  @Test
  @Spec("RFC 3262 §3")
  void aPrackOutsideOfAnyDialogAcknowledgesNothing() {
    TextPeer peer = peer("UDP", endpoint());
    peer.send(peer.request("PRACK", "sip:us@127.0.0.1", "none", 1, "RAck: 1 1 INVITE"));
    assertThat(peer.receive()).startsWith("SIP/2.0 481");
    assertThat(application.next()).isEqualTo("screened 481 No Such Dialog");
  }
}
