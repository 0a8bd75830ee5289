package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TextPeer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests inside a dialog that a peer began.
class InDialogTest extends EndpointTest {
  private static final String GRUU = "sip:bob@continuo.test;gr=urn:uuid:0000000a";

  private final CompletableFuture<SipDialog> dialog = new CompletableFuture<>();

  private String begun(TextPeer peer) {
    application.onInvite =
        (InboundInvite invite) ->
            dialog.complete(
                invite.accept(
                    SipResponse.of(200, SipHeaders.of("Contact", "<sip:us@127.0.0.1>")),
                    application.listener()));
    peer.send(peer.request("INVITE", "sip:bob@continuo.test", "call", 1, contact(peer)));
    String ok = peer.receive("SIP/2.0 200");
    peer.send(inDialog(peer, "ACK", ok, 1));
    assertThat(application.next()).isEqualTo("invited");
    assertThat(application.next()).isEqualTo("acknowledged");
    return ok;
  }

  private static String contact(TextPeer peer) {
    return "Contact: <" + peer.uri("phone") + ">";
  }

  private static String inDialog(TextPeer peer, String method, String ok, int sequence) {
    return peer.request(method, GRUU, "call", sequence, "")
        .replace("To: <sip:bob@continuo.test>", "To: " + TextPeer.header(ok, "To"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  @Spec("RFC 5627 §6.1")
  @Spec("RFC 3261 §12.2.2")
  void theDialogIsFoundWhateverTheRequestUriIs(String transport) {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer(transport, endpoint);
    String ok = begun(peer);

    peer.send(inDialog(peer, "UPDATE", ok, 2));
    peer.receive("SIP/2.0 200");
    assertThat(application.next()).isEqualTo("in dialog UPDATE");
    peer.send(inDialog(peer, "BYE", ok, 3));
    assertThat(TextPeer.header(peer.receive("SIP/2.0 200"), "CSeq")).isEqualTo("3 BYE");
    assertThat(application.next()).isEqualTo("bye");
  }

  @Test
  @Spec("RFC 3261 §12.2.1.2")
  @Spec("RFC 4028 §10")
  void aRequestThatNobodyAnswersEndsTheDialogWithABye() throws Exception {
    SipEndpoint endpoint = endpoint(BRISK);
    TextPeer peer = peer("UDP", endpoint);
    begun(peer);
    CompletableFuture<Integer> status = new CompletableFuture<>();
    dialog
        .get(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS)
        .request(
            "UPDATE", SipHeaders.NONE, new byte[0], response -> status.complete(response.status()));
    peer.receive("UPDATE");

    assertThat(status.get(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(408);
    peer.receive("BYE");
    assertThat(application.next()).startsWith("lost");
  }
}
