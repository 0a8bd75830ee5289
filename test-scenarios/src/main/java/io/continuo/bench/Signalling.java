package io.continuo.bench;

import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap;
import io.continuo.device.sip.ClientTransaction;
import io.continuo.device.sip.DigestAnswer;
import io.continuo.device.sip.MsrpDescription;
import io.continuo.device.sip.NotInTime;
import io.continuo.device.sip.ServerTransaction;
import io.continuo.device.sip.SipAgent;
import io.continuo.device.sip.SipDialog;
import io.continuo.device.sip.SipHeaders;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipResponse;
import io.continuo.device.sip.SipText;
import io.continuo.device.sip.SipUser;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// The SIP of one device of the load: it registers by digest over TCP, and invites or accepts one
/// chat, in which it is the side that connects (`a=setup:active`, RFC 6135).
///
/// Threading: any thread.
final class Signalling implements SipUser, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BenchFiles.Subscriber subscriber;
  private final SipAgent agent;
  private final String instance = "urn:uuid:" + UUID.randomUUID();
  private final String ownPath = Link.newPath();
  private final CompletableFuture<String> serverPath = new CompletableFuture<>();

  Signalling(BenchFiles.Subscriber subscriber, String name, InetSocketAddress sip) {
    this.subscriber = subscriber;
    Ladder ladder = new Ladder("continuo");
    this.agent =
        new SipAgent(
            SipAgent.Transport.TCP, sip, Optional.empty(), ladder.lane(name), new Wiretap(), this);
  }

  String ownPath() {
    return ownPath;
  }

  /// The server's path in this device's chat, once it has one.
  String awaitServerPath() {
    return NotInTime.await(serverPath, PATIENCE, "a chat for " + subscriber.address());
  }

  void register() {
    SipHeaders headers =
        headers("REGISTER", subscriber.address())
            .with(
                "Contact",
                contact() + ";+sip.instance=\"<" + instance + ">\";+g.oma.sip-im;reg-id=1")
            .with("Supported", "path, outbound, multi-client")
            .with("Expires", "3600");
    SipRequest request = new SipRequest("REGISTER", "sip:" + BenchFiles.DOMAIN, headers);
    SipResponse first = agent.call(request, null, PATIENCE);
    SipResponse last =
        first.status() == 401 ? agent.call(answering(first, request), null, PATIENCE) : first;
    if (!last.isSuccess()) {
      throw new IllegalStateException("REGISTER was answered " + last.status());
    }
  }

  /// Invites; the answer's path is told by [#awaitServerPath].
  void invite(String to) {
    SipHeaders headers =
        headers("INVITE", to)
            .with("Contact", contact())
            .with("P-Preferred-Identity", "<" + subscriber.address() + ">")
            .with("Supported", "multi-client")
            .with("Content-Type", "application/sdp");
    send(new SipRequest("INVITE", to, headers, description()));
  }

  private void send(SipRequest invite) {
    CompletableFuture<ClientTransaction> sent = new CompletableFuture<>();
    sent.complete(
        agent.send(invite, response -> sent.thenAccept(made -> answered(made, response))));
  }

  private void answered(ClientTransaction invite, SipResponse response) {
    boolean asked = invite.request().headers().first("Authorization").isEmpty();
    if (response.isSuccess()) {
      agent.acknowledge(invite, SipDialog.inviting(invite, response));
      described(response.body());
    } else if (response.status() == 401 && asked) {
      SipRequest unsent = invite.request().with(invite.request().headers().without("Via"));
      send(answering(response, unsent));
    } else if (!response.isProvisional()) {
      serverPath.completeExceptionally(
          new IllegalStateException("INVITE was answered " + response.status()));
    }
  }

  private SipRequest answering(SipResponse challenge, SipRequest request) {
    String next = (request.sequence() + 1) + " " + request.method();
    SipRequest again = request.with(request.headers().without("CSeq").with("CSeq", next));
    return DigestAnswer.to(challenge, again, subscriber.name(), subscriber.password())
        .map(field -> again.with(again.headers().with(field.name(), field.value())))
        .orElse(again);
  }

  private SipHeaders headers(String method, String to) {
    return SipHeaders.NONE
        .with("Max-Forwards", "70")
        .with("From", "<" + subscriber.address() + ">;tag=" + SipText.random(6))
        .with("To", "<" + to + ">")
        .with("Call-ID", SipText.random(12))
        .with("CSeq", "1 " + method)
        .with("User-Agent", "Continuo-Bench");
  }

  private String contact() {
    InetSocketAddress at = agent.local();
    return "<sip:%s@%s:%d;transport=tcp>"
        .formatted(subscriber.name(), at.getAddress().getHostAddress(), at.getPort());
  }

  private byte[] description() {
    return new MsrpDescription(
            "127.0.0.1",
            9,
            List.of(ownPath),
            Optional.of("active"),
            List.of("message/cpim"),
            List.of("*"),
            true)
        .text()
        .getBytes(StandardCharsets.UTF_8);
  }

  private void described(byte[] sdp) {
    MsrpDescription.parse(new String(sdp, StandardCharsets.UTF_8))
        .ifPresent(said -> serverPath.complete(said.path().getFirst()));
  }

  // --- what comes ------------------------------------------------------------------------------

  @Override
  public void requested(ServerTransaction request) {
    switch (request.request().method()) {
      case "INVITE" -> {
        request.respond(
            request
                .answer(200)
                .with("Contact", contact())
                .with("Supported", "multi-client")
                .with("application/sdp", description()));
        described(request.request().body());
      }
      case "BYE", "OPTIONS", "NOTIFY" -> request.respond(request.answer(200));
      default ->
          request.respond(request.answer(405).with("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS"));
    }
  }

  @Override
  public void cancelled(ServerTransaction invite, SipRequest cancel) {
    serverPath.completeExceptionally(new IllegalStateException("the INVITE was cancelled"));
  }

  @Override
  public void acknowledged(SipRequest ack) {
    // The session is bound by its own SEND, not by the ACK.
  }

  @Override
  public void close() {
    agent.close();
  }
}
