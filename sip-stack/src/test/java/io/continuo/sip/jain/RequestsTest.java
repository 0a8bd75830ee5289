package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest extends EndpointTest {
  private final BlockingQueue<SipResponse> responses = new LinkedBlockingQueue<>();

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
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
  @Spec("RFC 3261 §18.2.1")
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
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
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

  /// Also from a peer of RFC 2543, whose branch alone tells nothing (RFC 3261 §17.2.3).
  @ParameterizedTest
  @ValueSource(strings = {Identifiers.MAGIC_COOKIE, "old"})
  @Spec("RFC 3261 §17.2.2")
  void aRepeatedRequestGetsTheSameAnswerAndIsToldOnce(String branch) {
    TextPeer peer = peer("UDP", endpoint());
    String request =
        peer.request("REGISTER", "sip:continuo.test", "again", 1, "")
            .replace("branch=" + Identifiers.MAGIC_COOKIE, "branch=" + branch);
    peer.send(request);
    String answer = peer.receive();
    peer.send(request);
    assertThat(peer.receive()).isEqualTo(answer);
    peer.send(peer.request("OPTIONS", "sip:continuo.test", "next", 1, ""));
    peer.receive();
    assertThat(application.next()).isEqualTo("requested REGISTER");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MESSAGE", "INVITE"})
  @Spec("RFC 3261 §16.6")
  void whoPassesARequestOnSaysHowFarItMayGo(String method) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    String uri = peer.uri("a");
    OutboundRequest plain = message(uri, new NextHop.ByRoute());
    for (String hops : List.of("0", "6", "")) {
      SipHeaders headers =
          hops.isEmpty() ? plain.headers() : plain.headers().with("Max-Forwards", hops);
      OutboundRequest request =
          new OutboundRequest(method, uri, headers, plain.body(), plain.nextHop());
      if (method.equals("INVITE")) {
        endpoint.invite(request, application.inviteListener());
      } else {
        endpoint.send(request, responses::add);
      }
      assertThat(peer.receive(method).lines().filter(line -> line.startsWith("Max-Forwards")))
          .containsExactly("Max-Forwards: " + (hops.isEmpty() ? "70" : hops));
    }
  }

  private static OutboundRequest large(String uri) {
    return large("MESSAGE", uri, new NextHop.ByRoute());
  }

  private static OutboundRequest large(String method, String uri, NextHop hop) {
    return new OutboundRequest(method, uri, message(uri, hop).headers(), new byte[1_300], hop);
  }

  @Test
  @Spec("RFC 3261 §18.1.1")
  void aLargeRequestGoesOverTcpASmallOneOverUdp() throws Exception {
    SipEndpoint endpoint = endpoint();
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
      endpoint.send(large("sip:b@127.0.0.1:" + listener.getLocalPort()), responses::add);
      TextPeer peer = closing(TextPeer.accepting(listener));
      String request = peer.receive("MESSAGE");
      assertThat(TextPeer.header(request, "Via")).startsWith("SIP/2.0/TCP ");
      peer.send(peer.answer(request, 200, "t", ""));
      assertThat(RecordingApplication.take(responses).status()).isEqualTo(200);
    }
    TextPeer udp = peer("UDP", endpoint);
    endpoint.send(message("sip:b@127.0.0.1:" + udp.port(), new NextHop.ByRoute()), responses::add);
    assertThat(TextPeer.header(udp.receive("MESSAGE"), "Via")).startsWith("SIP/2.0/UDP ");
  }

  @Test
  @Spec("RFC 3261 §18.1.1")
  void aPeerThatTakesNoConnectionGetsALargeRequestOverUdp() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    String uri = "sip:b@127.0.0.1:" + peer.port();
    endpoint.send(large("OPTIONS", uri, new NextHop.ByRoute()), responses::add);
    String request = peer.receive("OPTIONS");
    assertThat(TextPeer.header(request, "Via")).startsWith("SIP/2.0/UDP ");
    peer.send(peer.answer(request, 200, "t", ""));
    assertThat(RecordingApplication.take(responses).status()).isEqualTo(200);
  }

  @Test
  @Spec("RFC 3428 §8")
  void aLargeMessageNeverGoesOverUdp() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    String uri = "sip:b@127.0.0.1:" + peer.port();
    NextHop flow = new NextHop.OverFlow(flowOf(peer));
    for (OutboundRequest request :
        List.of(large(uri), large(uri + ";transport=udp"), large("MESSAGE", "sip:b@h", flow))) {
      endpoint.send(request, responses::add);
      assertThat(RecordingApplication.take(responses).status()).as(request.uri()).isEqualTo(513);
    }
    endpoint.send(message("sip:next@h", flow), responses::add);
    assertThat(peer.receive("MESSAGE")).as("nothing came before").contains("sip:next@h");
  }

  @Test
  @Spec("RFC 3428 §8")
  void aLargeMessageGoesOverUdpWhereItIsConfigured() {
    SipEndpoint endpoint =
        endpoint(
            new SipEndpointConfig("127.0.0.1", 0, METHODS, 65_000, 5_000, 9, IDLE, "Test"), CALM);
    TextPeer peer = peer("UDP", endpoint);
    endpoint.send(large("MESSAGE", "sip:b@h", new NextHop.OverFlow(flowOf(peer))), responses::add);
    assertThat(peer.receive("MESSAGE")).contains("sip:b@h");
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
