package io.continuo.sip.jain;

import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.NameAddr;
import io.continuo.sip.ResponseListener;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An INVITE dialog (RFC 3261 §12). Ours rather than the stack's: a dialog here is bound to a flow,
/// exists once for every To-tag, and is known by Call-ID and tags only.
///
/// Threading: `bye` and `request` from any thread; all state on the stripe of the Call-ID.
final class Dialog implements SipDialog {
  private static final int SERVER_INTERNAL_ERROR = 500;
  private static final int NO_SUCH_CALL = 481;
  private static final int OK = 200;

  /// Who the two sides are.
  ///
  /// @param local our name-addr with our tag
  /// @param remote the peer's with its tag
  /// @param routes route set, nearest first
  record Parties(Dialogs.Id id, String local, String remote, List<String> routes) {}

  private final UserAgent agent;
  private final Parties parties;
  private final Map<Long, Repetition> unacknowledged = new HashMap<>();
  private final Map<Long, Runnable> acks = new HashMap<>();
  private DialogPath path;
  private String remoteTarget;
  private long localSequence;
  private long remoteSequence;
  private @Nullable DialogListener listener;
  private @Nullable SipHeaders deferredBye;
  private boolean acknowledged;
  private boolean ended;

  Dialog(
      UserAgent agent, Parties parties, DialogPath path, String remoteTarget, long localSequence) {
    this.agent = agent;
    this.parties = parties;
    this.path = path;
    this.remoteTarget = remoteTarget;
    this.localSequence = localSequence;
    this.remoteSequence = -1;
  }

  /// The dialog that our 2xx makes (RFC 3261 §12.1.1).
  static Dialog accepted(ServerInvite invite, DialogListener listener) {
    SipHeaders headers = invite.request.headers();
    String from = headers.first("From").orElse("");
    Dialogs.Id id = new Dialogs.Id(invite.callId(), invite.tag(), Tags.of(headers.first("From")));
    Parties parties =
        new Parties(
            id,
            Tags.with(headers.first("To").orElse(""), invite.tag()),
            from,
            headers.elements("Record-Route"));
    Dialog dialog =
        new Dialog(
            invite.agent,
            parties,
            new DialogPath.Preferred(invite.flow()),
            contact(headers).orElse(""),
            0);
    dialog.remoteSequence = invite.sequence();
    dialog.listener = listener;
    return dialog;
  }

  static Optional<String> contact(SipHeaders headers) {
    return headers.elements("Contact").stream()
        .findFirst()
        .flatMap(NameAddr::parse)
        .map(NameAddr::uri);
  }

  Dialogs.Id id() {
    return parties.id();
  }

  void listen(DialogListener to) {
    this.listener = to;
  }

  // --- what we do -------------------------------------------------------------------------------

  @Override
  public void bye(SipHeaders headers) {
    agent.stripes().execute(id().callId(), () -> end(headers));
  }

  // RFC 3261 §15: the callee waits with its BYE until the ACK has come.
  private void end(SipHeaders headers) {
    if (ended) {
      return;
    }
    if (!unacknowledged.isEmpty()) {
      deferredBye = headers;
      return;
    }
    close();
    start("BYE", headers, new byte[0], new ClientRequest(agent, id().callId(), response -> {}));
  }

  @Override
  public void request(String method, SipHeaders headers, byte[] body, ResponseListener responses) {
    agent
        .stripes()
        .execute(
            id().callId(),
            () -> {
              if (ended) {
                responses.completed(SipResponse.of(NO_SUCH_CALL));
              } else {
                send(method, headers, body, responses);
              }
            });
  }

  private void send(String method, SipHeaders headers, byte[] body, ResponseListener responses) {
    long sequence = localSequence + 1;
    ResponseListener completed =
        response -> {
          if (method.equals("INVITE") && response.status() / 100 == 2) {
            contact(response.headers()).ifPresent(uri -> remoteTarget = uri);
            acknowledge(sequence);
          }
          responses.completed(response);
          if (response.status() == ClientCall.REQUEST_TIMEOUT && !ended) {
            // RFC 3261 §12.2.1.2: the peer may still have the dialog.
            start(
                "BYE",
                SipHeaders.NONE,
                new byte[0],
                new ClientRequest(agent, id().callId(), bye -> {}));
          }
          if (response.status() == NO_SUCH_CALL
              || response.status() == ClientCall.REQUEST_TIMEOUT) {
            lost(response.status() + " to " + method);
          }
        };
    start(method, headers, body, new ClientRequest(agent, id().callId(), completed));
  }

  private void start(String method, SipHeaders headers, byte[] body, ClientRequest call) {
    RequestHead head = head(method, ++localSequence);
    route(
        target -> agent.requests().start(call, target, head, agent.signed(headers), body),
        call::unsent);
  }

  private RequestHead head(String method, long sequence) {
    return new RequestHead(
        method,
        remoteTarget,
        parties.local(),
        parties.remote(),
        id().callId(),
        sequence,
        parties.routes());
  }

  private void route(java.util.function.Consumer<Target> then, Runnable failed) {
    Optional<Flow> flow =
        switch (path) {
          case DialogPath.Pinned(Flow pinned) -> Optional.of(pinned);
          case DialogPath.Preferred(Flow preferred) ->
              Optional.of(preferred).filter(this::stillBest);
          case DialogPath.Routed() -> Optional.empty();
        };
    if (flow.isPresent()) {
      then.accept(new Target.Over(flow.get()));
    } else {
      agent.resolve(parties.routes(), remoteTarget, id().callId(), then, failed);
    }
  }

  // Over UDP the Contact is right unless it names another address than the packets come from: then
  // there is a NAT between, and only the source works (RFC 3581).
  private boolean stillBest(Flow flow) {
    if (flow.transport().reliable()) {
      return agent.isOpen(flow);
    }
    String source = flow.remote().getAddress().getHostAddress();
    return parties.routes().isEmpty()
        && SipUri.parse(remoteTarget).map(uri -> !uri.host().equals(source)).orElse(true);
  }

  /// Sends the ACK to a 2xx, and remembers it for its repetitions (RFC 3261 §13.2.2.4).
  void acknowledge(long sequence) {
    RequestHead head = head("ACK", sequence);
    route(
        target -> {
          String via = agent.via(target, agent.identifiers().branch());
          byte[] ack =
              Wire.encode(
                  head.startLine(), head.fields(via), agent.signed(SipHeaders.NONE), new byte[0]);
          acks.clear(); // an older INVITE of this dialog has been acknowledged long ago
          acks.put(sequence, () -> agent.sendOrForget(target, ack));
          agent.sendOrForget(target, ack);
        },
        () -> {});
  }

  /// A 2xx came again: so must its ACK.
  void acknowledgeAgain(long sequence) {
    acks.getOrDefault(sequence, () -> {}).run();
  }

  /// Repeats our 2xx until its ACK comes.
  void repeatUntilAcknowledged(long sequence, Flow back, byte[] response) {
    if (ended) {
      return;
    }
    unacknowledged.put(
        sequence,
        new Repetition(
            agent,
            id().callId(),
            back,
            response,
            agent.timers().t2(),
            () -> unacknowledged(sequence)));
  }

  private void unacknowledged(long sequence) {
    unacknowledged.remove(sequence);
    if (!ended) {
      start(
          "BYE",
          SipHeaders.NONE,
          new byte[0],
          new ClientRequest(agent, id().callId(), response -> {}));
      lost("no ACK");
    }
  }

  // --- what the peer does -----------------------------------------------------------------------

  void acked(long sequence) {
    Repetition repetition = unacknowledged.remove(sequence);
    if (repetition == null) {
      return;
    }
    repetition.stop();
    if (!acknowledged) {
      acknowledged = true;
      told().ifPresent(DialogListener::acknowledged);
    }
    if (deferredBye != null && unacknowledged.isEmpty()) {
      end(deferredBye);
    }
  }

  /// Any request of the peer but ACK and CANCEL.
  void requested(ServerCall call) {
    if (call.sequence() <= remoteSequence) {
      call.refuse(SERVER_INTERNAL_ERROR, "CSeq Out Of Order");
      return;
    }
    remoteSequence = call.sequence();
    refresh(call);
    if (call.request().method().equals("BYE")) {
      call.respond(SipResponse.of(OK));
      byed(call.request());
    } else {
      told().ifPresent(to -> to.request(call));
    }
  }

  // A peer that came back over another connection is reached over that one from now on.
  private void refresh(ServerCall call) {
    if (path instanceof DialogPath.Preferred) {
      path = new DialogPath.Preferred(call.flow());
    }
    String method = call.request().method();
    if (method.equals("INVITE") || method.equals("UPDATE")) {
      contact(call.request().headers()).ifPresent(uri -> remoteTarget = uri);
    }
  }

  private void byed(SipRequest request) {
    Optional<DialogListener> to = told();
    close();
    to.ifPresent(listening -> listening.bye(request));
  }

  void lost(String reason) {
    Optional<DialogListener> to = told();
    close();
    to.ifPresent(listening -> listening.lost(reason));
  }

  private Optional<DialogListener> told() {
    return ended ? Optional.empty() : Optional.ofNullable(listener);
  }

  private void close() {
    ended = true;
    unacknowledged.values().forEach(Repetition::stop);
    unacknowledged.clear();
    agent.dialogs().remove(this);
  }
}
