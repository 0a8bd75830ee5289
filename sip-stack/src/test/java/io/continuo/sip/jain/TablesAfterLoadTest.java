package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.InviteListener;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TextPeer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// After some thousand transactions that ended in every way there is, nothing is kept: not in our
/// tables and not in JAIN-SIP's. With the timers of the RFC, over UDP and TCP at once.
class TablesAfterLoadTest extends EndpointTest {
  /// Of every kind, over each transport.
  private static final int CALLS = 100;

  private static final int REGISTERS = 1_000;

  /// What RFC 3261 lets a transaction stay, 64*T1, and the 8 s that JAIN-SIP lingers.
  private static final Duration AFTER_LOAD = Duration.ofSeconds(42);

  private static final int WAIT_SECONDS = 60;
  private static final SipHeaders CONTACT = SipHeaders.of("Contact", "<sip:us@127.0.0.1>");

  private final Callee callee = new Callee();

  @Test
  @Spec("RFC 3261 §17")
  void everyTableIsEmpty42SecondsAfterLoad() throws Exception {
    SipEndpoint endpoint = endpoint(callee);
    Tables tables = Tables.atRest(endpoint);
    List<Caller> callers =
        List.of(new Caller(peer("UDP", endpoint)), new Caller(peer("TCP", endpoint)));
    for (Caller caller : callers) {
      caller.calls();
      callee.calls(endpoint, RecordedFlow.of(caller, callee));
    }
    for (Caller caller : callers) {
      caller.awaitAnswers();
    }
    assertThat(tables.more()).containsKeys("stack serverTransactionTable", "timers", "requests");

    tables.awaitRest(AFTER_LOAD);

    int both = callers.size() * CALLS;
    assertThat(callee.told)
        .containsEntry("acknowledged", both)
        .containsEntry("bye", both)
        .containsEntry("lost no ACK", both)
        .containsEntry("cancelled", both)
        .containsEntry("accepted 200", 2 * both)
        .containsEntry("refused 486", both)
        .containsEntry("refused 487", both)
        .containsEntry("refused 408", both)
        .hasSize(8);
  }

  /// Answers by what an INVITE's Call-ID begins with, and calls.
  private static final class Callee implements SipApplication, DialogListener {
    final Map<String, Integer> told = new ConcurrentHashMap<>();
    final BlockingQueue<Flow> flows = new LinkedBlockingQueue<>();

    private void tell(String what) {
      told.merge(what, 1, Integer::sum);
    }

    @Override
    public void invited(InboundInvite invite) {
      switch (kind(invite.request().headers().first("Call-ID").orElseThrow())) {
        case "ok", "lost" -> invite.accept(SipResponse.of(200, CONTACT), this);
        case "cancelled" -> {
          invite.onCancel(() -> tell("cancelled"));
          invite.provisional(SipResponse.of(180, CONTACT));
        }
        default -> invite.respond(SipResponse.of(486));
      }
    }

    @Override
    public void requested(InboundRequest request) {
      if (request.request().method().equals("OPTIONS")) {
        flows.add(request.flow());
      }
      request.respond(SipResponse.of(200));
    }

    @Override
    public void screened(Flow flow, String method, int status, String reason) {
      tell("screened " + status + " " + reason);
    }

    @Override
    public void flowClosed(Flow flow) {
      tell("closed");
    }

    @Override
    public void acknowledged(SipDialog dialog, SipRequest ack) {
      tell("acknowledged");
    }

    @Override
    public void bye(SipRequest request) {
      tell("bye");
    }

    @Override
    public void request(InboundRequest request) {
      request.respond(SipResponse.of(200));
    }

    @Override
    public void lost(String reason) {
      tell("lost " + reason);
    }

    /// What a peer does with these stands in their Request-URI.
    void calls(SipEndpoint endpoint, Flow flow) {
      for (int i = 0; i < CALLS; i++) {
        for (String user : List.of("forked", "busy", "silent", "ringing")) {
          Outcome outcome = new Outcome();
          outcome.invite.complete(endpoint.invite(invitation(user, flow), outcome));
        }
      }
    }

    private static OutboundRequest invitation(String user, Flow flow) {
      SipHeaders headers =
          SipHeaders.of("From", "<sip:s@x>", "To", "<sip:b@x>", "Contact", "<sip:us@127.0.0.1>");
      String uri = "sip:" + user + "@127.0.0.1:" + flow.remote().getPort();
      return new OutboundRequest("INVITE", uri, headers, new byte[0], new NextHop.OverFlow(flow));
    }

    /// Gives up what rings, ends what accepts.
    private final class Outcome implements InviteListener {
      private final CompletableFuture<OutboundInvite> invite = new CompletableFuture<>();

      @Override
      public void provisional(SipResponse response) {
        invite.thenAccept(ringing -> ringing.cancel(SipHeaders.NONE));
      }

      @Override
      public DialogListener accepted(SipDialog dialog, SipResponse response) {
        tell("accepted 200");
        dialog.bye(SipHeaders.NONE);
        return Callee.this;
      }

      @Override
      public void refused(SipResponse response) {
        tell("refused " + response.status());
      }
    }
  }

  /// `ok-17` is of the kind `ok`.
  private static String kind(String callId) {
    return callId.split("-")[0];
  }

  /// How the endpoint reaches a caller.
  private static final class RecordedFlow {
    static Flow of(Caller caller, Callee callee) throws InterruptedException {
      caller.send(caller.peer.request("OPTIONS", "sip:x", "flow-0", 1, ""));
      Flow flow = callee.flows.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(flow).isNotNull();
      return flow;
    }
  }

  /// A peer that calls and is called; what it reads it answers at once, on a thread of its own.
  private static final class Caller {
    /// Of its requests, so that no datagram is lost for want of room.
    private static final int UNANSWERED = 50;

    private static final List<String> KINDS =
        List.of("ok", "lost", "cancelled", "refused", "unacknowledged");

    private final TextPeer peer;
    private final Semaphore room = new Semaphore(UNANSWERED);
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    Caller(TextPeer peer) {
      this.peer = peer;
      Thread.ofPlatform().daemon().start(this::reads);
    }

    void calls() throws InterruptedException {
      for (int i = 0; i < REGISTERS; i++) {
        begin(peer.request("REGISTER", "sip:continuo.test", "register-" + i, 1, ""));
      }
      String contact = "Contact: <" + peer.uri("caller") + ">";
      for (int i = 0; i < CALLS; i++) {
        for (String kind : KINDS) {
          String callId = kind + "-" + peer.transport() + i;
          begin(peer.request("INVITE", "sip:b@continuo.test", callId, 1, contact));
        }
      }
    }

    void awaitAnswers() throws InterruptedException {
      assertThat(room.tryAcquire(UNANSWERED, WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void begin(String request) throws InterruptedException {
      assertThat(room.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      send(request);
    }

    private void finished(String callId) {
      if (answered.add(callId) && !callId.startsWith("flow-")) {
        room.release();
      }
    }

    synchronized void send(String message) {
      peer.send(message);
    }

    private void reads() {
      try {
        while (true) {
          String message = peer.receiveWithin(WAIT_SECONDS * 1_000);
          if (message.startsWith("SIP/2.0 ")) {
            response(message);
          } else {
            request(message);
          }
        }
      } catch (AssertionError | UncheckedIOException closed) {
        // The test is over.
      }
    }

    private void response(String message) {
      String callId = TextPeer.header(message, "Call-ID");
      String sequence = TextPeer.header(message, "CSeq");
      int status = TextPeer.status(message);
      if (!sequence.equals("1 INVITE")) {
        if (!sequence.endsWith("CANCEL")) {
          finished(callId);
        }
      } else if (status == 180) {
        send(again(message, "CANCEL", 1));
      } else if (status == 200 && kind(callId).equals("ok")) {
        send(CallTest.inDialog(peer, message, "ACK", 1, ""));
        if (answered.add("bye " + callId)) {
          send(CallTest.inDialog(peer, message, "BYE", 2, ""));
        }
      } else if (status >= 200) {
        if (status >= 300 && !kind(callId).equals("unacknowledged")) {
          send(again(message, "ACK", 1));
        }
        finished(callId);
      }
    }

    /// A request of the same transaction as the INVITE that was answered.
    private String again(String answer, String method, int sequence) {
      String via =
          TextPeer.header(answer, "Via").replaceAll(";rport=\\d+|;received=[^;]+", "") + ";rport";
      String request = CallTest.inDialog(peer, answer, method, sequence, "");
      String to = method.equals("CANCEL") ? "To: <sip:bob@continuo.test>" : "$0";
      return request
          .replaceFirst("sip:us@127.0.0.1", "sip:b@continuo.test")
          .replaceFirst("Via: .*", "Via: " + via)
          .replaceFirst("To: .*", to);
    }

    private void request(String request) {
      String user = request.split("[ @]", 3)[1];
      switch (request.split(" ", 2)[0] + " " + user) {
        case "INVITE sip:forked" -> {
          accept(request, "a");
          accept(request, "b");
        }
        case "INVITE sip:busy" -> send(peer.answer(request, 486, "a", ""));
        case "INVITE sip:ringing" -> send(peer.answer(request, 180, "a", ""));
        case "CANCEL sip:ringing" -> {
          send(peer.answer(request, 200, "a", ""));
          send(peer.answer(request.replace("CSeq: 1 CANCEL", "CSeq: 1 INVITE"), 487, "a", ""));
        }
        case String bye when bye.startsWith("BYE ") -> send(peer.answer(request, 200, "", ""));
        default -> {
          // An ACK, or an INVITE that nobody hears.
        }
      }
    }

    private void accept(String invite, String tag) {
      send(peer.answer(invite, 200, tag, "Contact: <" + peer.uri("phone") + ">"));
    }
  }
}
