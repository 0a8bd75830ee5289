package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Calls in both directions between an endpoint and a peer, up to where a test begins.
abstract class CallTest extends EndpointTest {
  static final SipHeaders CONTACT = SipHeaders.of("Contact", "<sip:us@127.0.0.1>");

  final BlockingQueue<InboundInvite> invites = new LinkedBlockingQueue<>();

  /// The peer's INVITE, taken but not answered.
  InboundInvite invited(TextPeer peer, String callId, String more) {
    application.onInvite =
        invite -> {
          invite.onCancel(() -> application.told.add("cancelled"));
          invites.add(invite);
        };
    String contact = "Contact: <" + peer.uri("alice") + ">\n";
    peer.send(peer.request("INVITE", "sip:bob@continuo.test", callId, 1, contact + more));
    InboundInvite invite = RecordingApplication.take(invites);
    assertThat(application.next()).isEqualTo("invited");
    return invite;
  }

  /// A call that the peer began, acknowledged; its 200.
  String called(TextPeer peer, String callId) {
    InboundInvite invite = invited(peer, callId, "");
    application.dialogs.add(invite.accept(SipResponse.of(200, CONTACT), application.listener()));
    String ok = peer.receive("SIP/2.0 200");
    peer.send(inDialog(peer, ok, "ACK", 1, ""));
    assertThat(application.next()).isEqualTo("acknowledged");
    return ok;
  }

  /// A request of who began the call.
  static String inDialog(TextPeer peer, String answer, String method, int sequence, String more) {
    String callId = TextPeer.header(answer, "Call-ID");
    return peer.request(method, "sip:us@127.0.0.1", callId, sequence, more)
        .replace("To: <sip:bob@continuo.test>", "To: " + TextPeer.header(answer, "To"));
  }

  /// Our INVITE to a peer.
  OutboundInvite inviting(SipEndpoint endpoint, TextPeer peer) {
    return endpoint.invite(
        new OutboundRequest(
            "INVITE",
            peer.uri("bob"),
            SipHeaders.of(
                "From", "<sip:s@continuo.test>",
                "To", "<sip:b@continuo.test>",
                "Contact", "<sip:us@127.0.0.1>",
                "Content-Type", "application/sdp"),
            "v=0".getBytes(StandardCharsets.UTF_8),
            new NextHop.OverFlow(flowOf(peer))),
        application.inviteListener());
  }

  Flow flowOf(TextPeer peer) {
    peer.send(peer.request("OPTIONS", "sip:continuo.test", "opt" + peer.port(), 1, ""));
    peer.receive("SIP/2.0 200");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
    return RecordingApplication.take(application.flows);
  }

  static String contact(TextPeer peer) {
    return "Contact: <" + peer.uri("phone") + ">";
  }

  /// A call that we began, accepted by this To-tag; the INVITE.
  String calling(SipEndpoint endpoint, TextPeer peer, String tag) {
    inviting(endpoint, peer);
    String invite = peer.receive("INVITE");
    peer.send(peer.answer(invite, 200, tag, contact(peer)));
    peer.receive("ACK");
    assertThat(application.next()).isEqualTo("accepted 200");
    return invite;
  }

  /// A request of who was called.
  static String fromCalled(
      TextPeer peer, String invite, String tag, String method, int sequence, String more) {
    return peer.request(
            method, "sip:us@127.0.0.1", TextPeer.header(invite, "Call-ID"), sequence, more)
        .replaceFirst("From: .*", "From: " + TextPeer.header(invite, "To") + ";tag=" + tag)
        .replaceFirst("To: .*", "To: " + TextPeer.header(invite, "From"));
  }

  SipDialog dialog() {
    return RecordingApplication.take(application.dialogs);
  }

  /// Sends a request of ours in a dialog and notes how it ended.
  void asks(SipDialog dialog, String method, String body) {
    dialog.request(
        method,
        CONTACT,
        body.getBytes(StandardCharsets.UTF_8),
        response -> application.told.add(method + " " + response.status()));
  }

  /// The next answer to a request with this CSeq; repetitions of others are skipped.
  static String answer(TextPeer peer, int status, String sequence) {
    String answer = peer.receive("SIP/2.0 ");
    while (!TextPeer.header(answer, "CSeq").equals(sequence) || TextPeer.status(answer) < 200) {
      answer = peer.receive("SIP/2.0 ");
    }
    assertThat(TextPeer.status(answer)).isEqualTo(status);
    return answer;
  }
}
