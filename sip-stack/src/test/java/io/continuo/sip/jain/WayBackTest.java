package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where answers go.
class WayBackTest extends CallTest {
  private final BlockingQueue<InboundRequest> waiting = new LinkedBlockingQueue<>();

  @Test
  @Spec("RFC 3581 §4")
  void withRportTheAnswerGoesToThePortThatTheRequestCameFrom() {
    TextPeer peer = peer("UDP", endpoint());
    peer.send(
        peer.request("OPTIONS", "sip:x", "rport", 1, "")
            .replaceFirst("UDP 127.0.0.1:\\d+", "UDP 192.0.2.7:9"));
    String via = TextPeer.header(peer.receive("SIP/2.0 200"), "Via");
    assertThat(via).contains("192.0.2.7:9", "received=127.0.0.1", "rport=" + peer.port());
  }

  @Test
  @Spec("RFC 3261 §18.2.2")
  void withoutRportItGoesToTheSourceAddressAndThePortOfVia() {
    SipEndpoint endpoint = endpoint();
    TextPeer listens = peer("UDP", endpoint);
    TextPeer sends = peer("UDP", endpoint);
    sends.send(
        sends
            .request("OPTIONS", "sip:x", "sent-by", 1, "")
            .replace(";rport", "")
            .replaceFirst("UDP 127.0.0.1:\\d+", "UDP 192.0.2.7:" + listens.port()));
    assertThat(TextPeer.header(listens.receive("SIP/2.0 200"), "Call-ID")).isEqualTo("sent-by");
  }

  @Test
  @Spec("RFC 3261 §18.2.2")
  void anAddressThatASenderNamesByMaddrIsNotCalled() {
    SipEndpoint endpoint = endpoint();
    TextPeer other = peer("UDP", endpoint);
    TextPeer peer = peer("UDP", endpoint);
    peer.send(
        peer.request("OPTIONS", "sip:x", "maddr", 1, "")
            .replace(";rport", ";maddr=127.0.0.2;rport"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "Call-ID")).isEqualTo("maddr");
    other.send(other.request("OPTIONS", "sip:x", "other", 1, ""));
    assertThat(TextPeer.header(other.receive(), "Call-ID")).isEqualTo("other");
  }

  @Test
  @Spec("RFC 3261 §18.2.2")
  void anAnswerToAClosedConnectionGoesNowhereElse() {
    SipEndpoint endpoint = endpoint(FAST);
    TextPeer peer = peer("TCP", endpoint);
    TextPeer listens = peer("UDP", endpoint);
    application.onRequest = waiting::add;
    peer.send(
        peer.request("MESSAGE", "sip:x", "gone", 1, "")
            .replaceFirst("TCP 127.0.0.1:\\d+", "TCP 127.0.0.1:" + listens.port()));
    InboundRequest request = RecordingApplication.take(waiting);
    assertThat(application.next()).isEqualTo("requested MESSAGE");
    InboundInvite invite = invited(peer, "gone-too", "");
    peer.close();
    assertThat(application.next()).isEqualTo("closed");

    request.respond(SipResponse.of(200));
    invite.accept(SipResponse.of(200, CONTACT), application.listener());

    assertThat(application.next()).isEqualTo("lost no ACK");
    application.onRequest = other -> other.respond(SipResponse.of(200));
    listens.send(listens.request("OPTIONS", "sip:x", "after", 1, ""));
    assertThat(TextPeer.header(listens.receive(), "Call-ID")).isEqualTo("after");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS", "INVITE"})
  void whatTheApplicationNeverAnswersIsAnsweredForIt(String method) {
    SipTimers quick = new SipTimers(Duration.ofMillis(20), Duration.ofMillis(500));
    SipEndpoint endpoint = endpoint(quick);
    TextPeer peer = peer("TCP", endpoint);
    application.onRequest = waiting::add;
    peer.send(peer.request(method, "sip:x", "never", 1, "Contact: <" + peer.uri("a") + ">"));

    answer(peer, method.equals("INVITE") ? 408 : 500, "1 " + method);
  }
}
