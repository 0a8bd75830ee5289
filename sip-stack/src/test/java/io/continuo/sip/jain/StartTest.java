package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.sip.NextHop;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class StartTest extends EndpointTest {
  private final BlockingQueue<SipResponse> responses = new LinkedBlockingQueue<>();

  private static ServerSocket listener() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
  }

  @Test
  void aTakenPortIsNamed() {
    int port = endpoint().address().getPort();
    SipEndpointConfig same =
        new SipEndpointConfig("127.0.0.1", port, METHODS, 65_000, 1_300, 9, IDLE, "Test");
    assertThatThrownBy(() -> SipEndpoint.start(same, application))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void twoEndpointsInOneProcessTalkToEachOther() {
    SipEndpoint one = endpoint();
    SipEndpoint two = endpoint();
    String uri = "sip:x@127.0.0.1:" + two.address().getPort() + ";transport=tcp";

    one.send(RequestsTest.message(uri, new NextHop.ByRoute()), responses::add);

    assertThat(RecordingApplication.take(responses).status()).isEqualTo(200);
    assertThat(application.next()).isEqualTo("requested MESSAGE");
  }

  @Test
  void aRouteIsConnectedToAndTheConnectionUsedAgain() throws Exception {
    SipEndpoint endpoint = endpoint();
    ServerSocket proxy = closing(listener());
    String route = "<sip:127.0.0.1:" + proxy.getLocalPort() + ";transport=tcp;lr>";
    endpoint.send(routed(route), responses::add);
    TextPeer peer = closing(TextPeer.accepting(proxy));
    String first = peer.receive("MESSAGE");
    assertThat(first).startsWith("MESSAGE sip:far@away.test SIP/2.0\r\n");
    assertThat(TextPeer.header(first, "Route")).isEqualTo(route);
    peer.send(peer.answer(first, 200, "t", ""));
    assertThat(RecordingApplication.take(responses).status()).isEqualTo(200);

    endpoint.send(routed(route), responses::add);

    peer.send(peer.answer(peer.receive("MESSAGE"), 404, "t", ""));
    assertThat(RecordingApplication.take(responses).status()).isEqualTo(404);
  }

  private static io.continuo.sip.OutboundRequest routed(String route) {
    io.continuo.sip.OutboundRequest plain =
        RequestsTest.message("sip:far@away.test", new NextHop.ByRoute());
    SipHeaders headers = plain.headers().with("Route", route);
    return new io.continuo.sip.OutboundRequest(
        plain.method(), plain.uri(), headers, plain.body(), plain.nextHop());
  }

  @Test
  void nobodyListeningIs503() throws Exception {
    SipEndpoint endpoint = endpoint();
    String uri = "sip:x@127.0.0.1:" + closing(unheard()).getLocalPort() + ";transport=tcp";
    endpoint.send(RequestsTest.message(uri, new NextHop.ByRoute()), responses::add);
    assertThat(RecordingApplication.take(responses).status()).isEqualTo(503);
    endpoint.send(RequestsTest.message("sip:x@", new NextHop.ByRoute()), responses::add);
    assertThat(RecordingApplication.take(responses).status()).isEqualTo(503);
  }

  @Test
  void aConnectionThatBreaksEndsItsRequestsWith503() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("TCP", endpoint);
    peer.send(peer.request("OPTIONS", "sip:x", "o", 1, ""));
    peer.receive("SIP/2.0 200");
    NextHop hop = new NextHop.OverFlow(RecordingApplication.take(application.flows));
    endpoint.send(RequestsTest.message("sip:a@h", hop), responses::add);
    peer.receive("MESSAGE");
    peer.close();
    assertThat(RecordingApplication.take(responses).status()).isEqualTo(503);
  }

  @Test
  void silenceToARequestIs408() {
    SipEndpoint endpoint = endpoint(FAST);
    TextPeer peer = peer("UDP", endpoint);
    String uri = "sip:x@127.0.0.1:" + peer.port();
    endpoint.send(RequestsTest.message(uri, new NextHop.ByRoute()), responses::add);
    assertThat(peer.receive("MESSAGE")).isEqualTo(peer.receive("MESSAGE"));
    assertThat(RecordingApplication.take(responses).status()).isEqualTo(408);
  }
}
