package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.testing.TextPeer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One INVITE of ours that several devices behind the same address answer.
class DownstreamForkTest extends CallTest {

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §12.1")
  @Spec("RFC 3261 §13.2.2.4")
  void eachToTagIsADialogOfItsOwnWithItsOwnSequence(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    inviting(endpoint, peer);
    String invite = peer.receive("INVITE");
    peer.send(peer.answer(invite, 180, "one", contact(peer)));
    peer.send(peer.answer(invite, 180, "two", contact(peer)));
    peer.send(peer.answer(invite, 200, "two", contact(peer)));
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("two");
    peer.send(peer.answer(invite, 200, "three", contact(peer)));
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("three");
    peer.send(peer.answer(invite, 200, "one", contact(peer)));
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("one");
    for (String told : new String[] {"provisional 180", "provisional 180"}) {
      assertThat(application.next()).isEqualTo(told);
    }
    for (String tag : new String[] {"two", "three", "one"}) {
      assertThat(application.next()).isEqualTo("accepted 200");
      SipDialog dialog = dialog();
      asks(dialog, "INFO", "");
      String info = peer.receive("INFO");
      assertThat(TextPeer.toTag(info)).isEqualTo(tag);
      assertThat(TextPeer.header(info, "CSeq")).isEqualTo("2 INFO");
    }
  }

  @Test
  @Spec("RFC 3261 §13.2.2.4")
  void a200ThatComesLateIsStillADialogAndAfter64T1NoMore() {
    SipEndpoint endpoint = endpoint(BRISK);
    TextPeer peer = peer("UDP", endpoint);
    String invite = calling(endpoint, peer, "one");
    dialog().bye(SipHeaders.NONE);
    peer.send(peer.answer(peer.receive("BYE"), 200, "", ""));
    peer.send(peer.answer(invite, 200, "late", contact(peer)));
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("late");
    assertThat(application.next()).isEqualTo("accepted 200");
    dialog().bye(SipHeaders.NONE);
    String bye = peer.receive("BYE");
    while (!TextPeer.toTag(bye).equals("late")) {
      bye = peer.receive("BYE"); // the first one again
    }
    peer.send(peer.answer(bye, 200, "", ""));
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> ((JainSipEndpoint) endpoint).held().get("outbound INVITEs") == 0);
    peer.send(peer.answer(invite, 200, "too-late", contact(peer)));
    peer.send(peer.request("OPTIONS", "sip:x", "barrier", 1, ""));
    String next = peer.receive();
    while (next.matches("(?s)(INVITE|BYE) .*")) {
      next = peer.receive(); // one that crossed its answer
    }
    assertThat(TextPeer.header(next, "CSeq")).as("and no ACK before it").isEqualTo("1 OPTIONS");
  }

  @Test
  @Spec("RFC 3261 §13.2.2.4")
  void a200AfterARefusalIsAcknowledgedAndEnded() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    inviting(endpoint, peer);
    String invite = peer.receive("INVITE");
    peer.send(peer.answer(invite, 486, "one", ""));
    peer.receive("ACK");
    assertThat(application.next()).isEqualTo("refused 486");
    peer.send(peer.answer(invite, 200, "two", contact(peer)));
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("two");
    assertThat(TextPeer.toTag(peer.receive("BYE"))).isEqualTo("two");
  }

  @Test
  void moreForksThanAreKeptAreAcknowledgedAndEnded() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("TCP", endpoint);
    inviting(endpoint, peer);
    String invite = peer.receive("INVITE");
    Set<String> acknowledged = new HashSet<>();
    for (int i = 0; i < ClientInvite.MAX_FORKS; i++) {
      peer.send(peer.answer(invite, 180, "early" + i, contact(peer)));
      peer.send(peer.answer(invite, 200, "t" + i, contact(peer)));
      acknowledged.add(TextPeer.toTag(peer.receive("ACK")));
    }
    assertThat(acknowledged).hasSize(ClientInvite.MAX_FORKS);
    peer.send(peer.answer(invite, 200, "beyond", contact(peer)));
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("beyond");
    assertThat(TextPeer.toTag(peer.receive("BYE"))).isEqualTo("beyond");
    assertThat(application.dialogs).hasSize(ClientInvite.MAX_FORKS);
  }
}
