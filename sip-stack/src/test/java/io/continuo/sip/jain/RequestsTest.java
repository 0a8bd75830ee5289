package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest extends EndpointTest {
  private final BlockingQueue<SipResponse> responses = new LinkedBlockingQueue<>();

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §8.2.6")
  void aRegisterIsAnsweredWithItsOwnFieldsAndOurs(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    application.onRequest =
        request ->
            request.respond(
                SipResponse.of(
                    200, SipHeaders.of("Contact", "<sip:a@h>;+sip.instance=\"<urn:uuid:1>\"")));

    peer.send(peer.request("REGISTER", "sip:continuo.test", "reg-1", 1, "m: <sip:a@h>"));

    String answer = peer.receive();
    assertThat(answer).startsWith("SIP/2.0 200 OK\r\n");
    assertThat(TextPeer.header(answer, "Call-ID")).isEqualTo("reg-1");
    assertThat(TextPeer.header(answer, "CSeq")).isEqualTo("1 REGISTER");
    assertThat(TextPeer.toTag(answer)).isNotEmpty();
    assertThat(TextPeer.header(answer, "Contact"))
        .isEqualTo("<sip:a@h>;+sip.instance=\"<urn:uuid:1>\"");
    assertThat(application.next()).isEqualTo("requested REGISTER");
  }

  @Test
  @Spec("RFC 3581 §4")
  void anAnswerOverUdpGoesBackToTheSource() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);

    peer.send(
        peer.request("OPTIONS", "sip:continuo.test", "nat", 1, "")
            .replace("127.0.0.1:" + peer.port(), "10.9.8.7:5060"));

    assertThat(TextPeer.header(peer.receive(), "Via"))
        .contains("received=127.0.0.1")
        .contains("rport=" + peer.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 3261 §8.1.1")
  void aRequestOfOursReachesThePeerAndItsAnswerComesBack(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    Flow flow = flowOf(peer);

    endpoint.send(message("sip:a@h", new NextHop.OverFlow(flow)), responses::add);

    String request = peer.receive("MESSAGE");
    assertThat(request).startsWith("MESSAGE sip:a@h SIP/2.0\r\n").endsWith("\r\n\r\nhé");
    assertThat(TextPeer.header(request, "Max-Forwards")).isEqualTo("70");
    assertThat(TextPeer.header(request, "From")).startsWith("<sip:s@continuo.test>;tag=");
    assertThat(TextPeer.header(request, "X-More")).isEqualTo("exactly;As=\"written\"");
    assertThat(TextPeer.header(request, "Via")).contains(";rport;branch=z9hG4bK");
    peer.send(peer.answer(request, 202, "t", "X-Back: yes"));
    SipResponse response = RecordingApplication.take(responses);
    assertThat(response.status()).isEqualTo(202);
    assertThat(response.headers().first("X-Back")).contains("yes");
  }

  @Test
  void aRequestOverAClosedFlowIs503AndOpensNoConnection() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("TCP", endpoint);
    Flow flow = flowOf(peer);
    peer.close();
    assertThat(application.next()).isEqualTo("closed");

    endpoint.send(message("sip:a@h", new NextHop.OverFlow(flow)), responses::add);

    assertThat(RecordingApplication.take(responses).status()).isEqualTo(503);
    assertThat(endpoint.isOpen(flow)).isFalse();
  }

  private Flow flowOf(TextPeer peer) {
    peer.send(peer.request("OPTIONS", "sip:continuo.test", "opt" + peer.port(), 1, ""));
    peer.receive("SIP/2.0 200");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
    return RecordingApplication.take(application.flows);
  }

  static OutboundRequest message(String uri, NextHop hop) {
    return new OutboundRequest(
        "MESSAGE",
        uri,
        SipHeaders.of(
            "From",
            "<sip:s@continuo.test>",
            "To",
            "<sip:a@continuo.test>",
            "X-More",
            "exactly;As=\"written\"",
            "Content-Type",
            "text/plain"),
        "hé".getBytes(StandardCharsets.UTF_8),
        hop);
  }
}
