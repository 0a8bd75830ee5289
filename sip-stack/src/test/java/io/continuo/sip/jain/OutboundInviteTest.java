package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundInviteTest extends EndpointTest {

  private OutboundRequest invitation(TextPeer peer, NextHop hop) {
    return invitation(peer, hop, peer.uri("bob"));
  }

  private OutboundRequest invitation(TextPeer peer, NextHop hop, String uri) {
    return new OutboundRequest(
        "INVITE",
        uri,
        SipHeaders.of(
            "From",
            "<sip:s@continuo.test>",
            "To",
            "<sip:b@continuo.test>",
            "Contact",
            "<sip:us@127.0.0.1>",
            "Content-Type",
            "application/sdp"),
        "v=0".getBytes(StandardCharsets.UTF_8),
        hop);
  }

  private OutboundInvite invite(SipEndpoint endpoint, TextPeer peer) {
    return endpoint.invite(
        invitation(peer, new NextHop.OverFlow(flowOf(peer))), application.inviteListener());
  }

  private Flow flowOf(TextPeer peer) {
    peer.send(peer.request("OPTIONS", "sip:continuo.test", "opt" + peer.port(), 1, ""));
    peer.receive("SIP/2.0 200");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
    return RecordingApplication.take(application.flows);
  }

  private static String contact(TextPeer peer) {
    return "Contact: <" + peer.uri("phone") + ">";
  }

  @Test
  @Spec("RFC 3261 §8.1.3.5")
  void anInviteSentAgainKeepsItsCallIdAndWhatTheFirstStillGetsIsItsOwn() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("UDP", endpoint);
    OutboundRequest request = invitation(peer, new NextHop.OverFlow(flowOf(peer)));
    endpoint.invite(request, application.inviteListener());
    String first = peer.receive("INVITE");
    peer.send(peer.answer(first, 422, "one", ""));
    peer.receive("ACK");
    assertThat(application.next()).isEqualTo("refused 422");

    SipHeaders headers =
        request
            .headers()
            .with("Call-ID", TextPeer.header(first, "Call-ID"))
            .with("CSeq", "2 INVITE");
    endpoint.invite(
        new OutboundRequest("INVITE", request.uri(), headers, request.body(), request.nextHop()),
        application.inviteListener());
    String second = peer.receive("INVITE");
    assertThat(TextPeer.header(second, "Call-ID")).isEqualTo(TextPeer.header(first, "Call-ID"));
    assertThat(TextPeer.header(second, "CSeq")).isEqualTo("2 INVITE");

    // Another fork accepts the first one, late: nobody wants that one any more.
    peer.send(peer.answer(first, 200, "fork", contact(peer)));
    assertThat(TextPeer.header(peer.receive("ACK"), "CSeq")).isEqualTo("1 ACK");
    peer.send(peer.answer(peer.receive("BYE"), 200, "fork", ""));
    peer.send(peer.answer(second, 200, "two", contact(peer)));
    assertThat(TextPeer.header(peer.receive("ACK"), "CSeq")).isEqualTo("2 ACK");
    assertThat(application.next()).isEqualTo("accepted 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §13.2.2.4")
  void aDeviceAcceptsIsAcknowledgedAndEndsIt(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    invite(endpoint, peer);

    String invite = peer.receive("INVITE");
    peer.send(peer.answer(invite, 180, "one", ""));
    peer.send(peer.answer(invite, 200, "one", contact(peer)));

    String ack = peer.receive("ACK");
    assertThat(ack).startsWith("ACK " + peer.uri("phone") + " SIP/2.0\r\n");
    assertThat(TextPeer.header(ack, "CSeq")).isEqualTo("1 ACK");
    assertThat(application.next()).isEqualTo("provisional 180");
    assertThat(application.next()).isEqualTo("accepted 200");
    peer.send(peer.answer(invite, 200, "one", contact(peer)));
    assertThat(peer.receive("ACK")).isEqualTo(ack);
    peer.send(byeTo(peer, invite, "one"));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "CSeq")).isEqualTo("7 BYE");
    assertThat(application.next()).isEqualTo("bye");
  }

  private static String byeTo(TextPeer peer, String invite, String tag) {
    return """
    BYE sip:us@127.0.0.1 SIP/2.0
    Max-Forwards: 70
    Via: SIP/2.0/%s 127.0.0.1:%d;branch=z9hG4bKbye%s;rport
    From: %s;tag=%s
    To: %s
    Call-ID: %s
    CSeq: 7 BYE\
    """
        .formatted(
            peer.transport(),
            peer.port(),
            tag,
            TextPeer.header(invite, "To"),
            tag,
            TextPeer.header(invite, "From"),
            TextPeer.header(invite, "Call-ID"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §13.2.2.4")
  void everyToTagOfADownstreamForkBecomesADialog(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    invite(endpoint, peer);
    String invite = peer.receive("INVITE");

    peer.send(peer.answer(invite, 200, "one", contact(peer)));
    peer.send(peer.answer(invite, 200, "two", contact(peer)));

    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("one");
    assertThat(TextPeer.toTag(peer.receive("ACK"))).isEqualTo("two");
    RecordingApplication.take(application.dialogs).bye(SipHeaders.NONE);
    String first = peer.receive("BYE");
    assertThat(TextPeer.toTag(first)).isEqualTo("one");
    peer.send(peer.answer(first, 200, "", ""));
    RecordingApplication.take(application.dialogs).bye(SipHeaders.NONE);
    assertThat(TextPeer.toTag(peer.receive("BYE"))).isEqualTo("two");
  }

  @Test
  @Spec("RFC 3261 §12.1.2")
  void theAckFollowsTheRecordRouteOfThe200() {
    SipEndpoint endpoint = endpoint();
    TextPeer device = peer("UDP", endpoint);
    TextPeer proxy = peer("UDP", endpoint);
    String route = "<sip:127.0.0.1:" + proxy.port() + ";lr>";
    endpoint.invite(
        invitation(device, new NextHop.ByRoute(), device.uri("bob").replace("udp", "UDP")),
        application.inviteListener());
    String more = contact(device) + "\nRecord-Route: <sip:far.test;lr>, " + route;
    device.send(device.answer(device.receive("INVITE"), 200, "one", more));

    String ack = proxy.receive("ACK");

    assertThat(ack).startsWith("ACK " + device.uri("phone") + " SIP/2.0\r\n");
    assertThat(ack).contains("Route: " + route + "\r\nRoute: <sip:far.test;lr>\r\n");
    assertThat(application.next()).isEqualTo("accepted 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §9.1")
  void aCancelWaitsForAProvisionalResponse(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    OutboundInvite out = invite(endpoint, peer);
    String invite = peer.receive("INVITE");
    out.cancel(SipHeaders.of("Reason", "SIP;cause=200;text=\"Call completed elsewhere\""));

    peer.send(peer.answer(invite, 180, "one", ""));

    String cancel = peer.receive("CANCEL");
    assertThat(TextPeer.header(cancel, "Via")).isEqualTo(TextPeer.header(invite, "Via"));
    assertThat(TextPeer.header(cancel, "CSeq")).isEqualTo("1 CANCEL");
    assertThat(TextPeer.header(cancel, "Reason")).contains("completed elsewhere");
    peer.send(peer.answer(cancel, 200, "one", ""));
    peer.send(peer.answer(invite, 487, "one", ""));
    assertThat(TextPeer.header(peer.receive("ACK"), "CSeq")).isEqualTo("1 ACK");
    assertThat(application.next()).isEqualTo("provisional 180");
    assertThat(application.next()).isEqualTo("refused 487");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §17.1.1.3")
  void aRefusalIsAcknowledgedByTheTransaction(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    invite(endpoint, peer);
    String invite = peer.receive("INVITE");

    peer.send(peer.answer(invite, 486, "one", ""));

    assertThat(TextPeer.header(peer.receive("ACK"), "Via"))
        .isEqualTo(TextPeer.header(invite, "Via"));
    assertThat(application.next()).isEqualTo("refused 486");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP", "TLS", "WS", "WSS"})
  @Spec("RFC 3261 §17.1.1.2")
  void silenceIs408(String transport) {
    SipEndpoint endpoint = endpoint(FAST);
    TextPeer peer = peer(transport, endpoint);
    invite(endpoint, peer);
    assertThat(application.next()).isEqualTo("refused 408");
  }
}
