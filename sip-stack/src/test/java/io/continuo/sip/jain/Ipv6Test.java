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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// On ::1. A machine without it cannot show this: the tests fail there, they are not left out.
@Spec("RFC 3261 §18.2.1")
class Ipv6Test extends EndpointTest {
  private SipEndpoint onIpv6() {
    return endpoint(
        new SipEndpointConfig("::1", 0, METHODS, 65_000, 1_300, 100, IDLE, "Test"), CALM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  void aRequestIsAnsweredToWhereItCameFrom(String transport) {
    TextPeer peer = peer(transport, onIpv6());
    for (String method : new String[] {"REGISTER", "MESSAGE"}) {
      peer.send(peer.request(method, "sip:[::1]", "six-" + method, 1, ""));
      String answer = peer.receive("SIP/2.0 200");
      assertThat(TextPeer.header(answer, "Via"))
          .startsWith("SIP/2.0/" + transport + " [::1]:" + peer.port())
          .contains("rport=" + peer.port());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  void anInviteIsAcceptedAcknowledgedAndEnded(String transport) {
    TextPeer peer = peer(transport, onIpv6());
    application.onInvite =
        invite ->
            application.dialogs.add(
                invite.accept(
                    SipResponse.of(200, SipHeaders.of("Contact", "<sip:us@[::1]>")),
                    application.listener()));
    String contact = "Contact: <" + peer.uri("alice") + ">";
    peer.send(peer.request("INVITE", "sip:bob@[::1]", "six", 1, contact));
    String ok = peer.receive("SIP/2.0 200");
    String tag = ";tag=" + TextPeer.toTag(ok);
    peer.send(
        peer.request("ACK", "sip:us@[::1]", "six", 1, "")
            .replace("To: <sip:bob@continuo.test>", "To: <sip:bob@continuo.test>" + tag));
    assertThat(application.next()).isEqualTo("invited");
    assertThat(application.next()).isEqualTo("acknowledged");

    RecordingApplication.take(application.dialogs).bye(SipHeaders.NONE);
    String bye = peer.receive("BYE " + peer.uri("alice"));
    assertThat(TextPeer.header(bye, "Via")).contains("/" + transport + " [::1]:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  void ourRequestGoesByItsUriAndOverAFlow(String transport) {
    SipEndpoint endpoint = onIpv6();
    TextPeer peer = peer(transport, endpoint);
    peer.send(peer.request("REGISTER", "sip:[::1]", "reg", 1, ""));
    peer.receive("SIP/2.0 200");
    Flow flow = RecordingApplication.take(application.flows);
    assertThat(Flow.parse(flow.toString())).contains(flow);
    BlockingQueue<SipResponse> answers = new LinkedBlockingQueue<>();
    for (NextHop hop : new NextHop[] {new NextHop.ByRoute(), new NextHop.OverFlow(flow)}) {
      endpoint.send(
          new OutboundRequest(
              "MESSAGE",
              peer.uri("bob"),
              SipHeaders.of("From", "<sip:a@continuo.test>", "To", "<sip:b@continuo.test>"),
              new byte[0],
              hop),
          answers::add);
      String message = peer.receive("MESSAGE");
      assertThat(TextPeer.header(message, "Via"))
          .startsWith("SIP/2.0/" + transport + " [::1]:" + endpoint.address().getPort());
      peer.send(
          peer.answer(message, 200, "b", "")
              .replaceFirst(";rport", ";received=::1;rport=" + endpoint.address().getPort()));
      assertThat(RecordingApplication.take(answers).status()).isEqualTo(200);
    }
  }
}
