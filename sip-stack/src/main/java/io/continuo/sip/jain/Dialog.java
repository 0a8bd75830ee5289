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
  private static final int REQUEST_PENDING = 491;
  private static final int OK = 200;

  /// Who the two sides are.
  ///
  /// @param local our name-addr with our tag
  /// @param remote the peer's with its tag
  /// @param routes route set, nearest first
  record Parties(Dialogs.Id id, String local, String remote, List<String> routes) {}

  private final UserAgent agent;
  private final SessionChanges changes;
  private final String contact;
  private Parties parties;
  private final Map<Long, Repetition> unacknowledged = new HashMap<>();
  private final Map<Long, Runnable> acks = new HashMap<>();
  private DialogPath path;
  private String remoteTarget;
  private long localSequence;
  private long remoteSequence;
  private @Nullable DialogListener listener;
  private @Nullable SipHeaders deferredBye;
  private long reliableSequence;
  private boolean acknowledged;
  private boolean ended;

  /// @param ours what the side that is us brings
  private Dialog(
      UserAgent agent, Parties parties, DialogPath path, Ours ours, long remoteSequence) {
    this.agent = agent;
    this.parties = parties;
    this.path = path;
    this.remoteTarget = ours.remoteTarget();
    this.localSequence = ours.sequence();
    this.contact = ours.contact();
    this.remoteSequence = remoteSequence;
    this.changes = new SessionChanges(agent, parties.id().callId(), ours.began(), this::sendChange);
  }

  /// @param began whether we sent the INVITE
  /// @param contact ours, as the INVITE or its answer says
  private record Ours(boolean began, String remoteTarget, long sequence, String contact) {}

  /// The dialog that an answer with a To-tag makes, early while it is provisional (RFC 3261
  /// §12.1.2).
  static Dialog answered(ClientInvite invite, SipResponse response, String tag) {
    RequestHead head = invite.head();
    Dialogs.Id id = new Dialogs.Id(invite.callId, Tags.of(Optional.of(head.from())), tag);
    String to = response.headers().first("To").orElse(head.to());
    String target = contact(response.headers()).orElse(head.uri());
    return new Dialog(
        invite.agent,
        new Parties(id, head.from(), to, routes(response)),
        invite.path(),
        new Ours(true, target, head.sequence(), invite.contact()),
        -1);
  }

  /// From Record-Route, nearest first.
  private static List<String> routes(SipResponse response) {
    return response.headers().elements("Record-Route").reversed();
  }

  /// The 2xx decides where the dialog goes, whatever provisional responses said (RFC 3261
  /// §13.2.2.4).
  void confirmed(SipResponse ok) {
    parties = new Parties(parties.id(), parties.local(), parties.remote(), routes(ok));
    contact(ok.headers()).ifPresent(uri -> remoteTarget = uri);
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
            new Ours(false, "", 0, ""),
            invite.sequence());
    dialog.listener = listener;
    return dialog;
  }

  /// Goes on from what was said in the early dialog.
  void confirmed(String target, long sequence) {
    remoteTarget = target;
    remoteSequence = sequence;
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
              } else if (method.equals("INVITE") || method.equals("UPDATE")) {
                changes.want(new SessionChanges.Wanted(method, headers, body, responses, 1));
              } else {
                send(method, headers, body, responses);
              }
            });
  }

  private void sendChange(SessionChanges.Wanted wanted, ResponseListener answered) {
    send(wanted.method(), wanted.headers(), wanted.body(), answered);
  }

  /// Acknowledges a reliable provisional response, once and in order; whether it was a new one (RFC
  /// 3262 §4).
  boolean prack(long number, long inviteSequence) {
    if (reliableSequence != 0 && number != reliableSequence + 1) {
      return false;
    }
    reliableSequence = number;
    SipHeaders rack = SipHeaders.of("RAck", number + " " + inviteSequence + " INVITE");
    start("PRACK", rack, new byte[0], new ClientRequest(agent, id().callId(), response -> {}));
    return true;
  }

  private void send(String method, SipHeaders headers, byte[] body, ResponseListener responses) {
    long sequence = localSequence + 1;
    ResponseListener completed =
        response -> {
          boolean accepted = response.status() / 100 == 2;
          if (accepted && (method.equals("INVITE") || method.equals("UPDATE"))) {
            contact(response.headers()).ifPresent(uri -> remoteTarget = uri);
          }
          if (accepted && method.equals("INVITE")) {
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
    ClientRequest call = new ClientRequest(agent, id().callId(), completed);
    if (method.equals("INVITE")) {
      call.limit(remoteTarget);
    }
    start(method, headers, body, call);
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
    if (call instanceof SessionChange change && !changes.admits(change)) {
      return;
    }
    refresh(call);
    if (call.request().method().equals("BYE")) {
      call.respondNow(SipResponse.of(OK));
      byed(call.request());
    } else if (listener == null) {
      early(call);
    } else {
      told().ifPresent(to -> to.request(call));
    }
  }

  /// Before the 2xx there is nobody to ask. Our offer is unanswered, so another one has to wait
  /// (RFC 3311 §5.2); an UPDATE without one says where the peer is.
  private void early(ServerCall call) {
    switch (call) {
      case SessionChange change when change.hasOffer() ->
          change.refuse(REQUEST_PENDING, "Request Pending");
      case SessionChange change ->
          change.respond(SipResponse.of(OK, SipHeaders.of("Contact", contact)));
      default -> call.refuse(NO_SUCH_CALL, "Early Dialog");
    }
  }

  /// A change of the peer has its final answer.
  void answered(SessionChange change) {
    changes.answered(change);
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

  /// Forgets it without a word: an early dialog whose INVITE has ended.
  void close() {
    ended = true;
    changes.end();
    unacknowledged.values().forEach(Repetition::stop);
    unacknowledged.clear();
    agent.dialogs().remove(this);
  }
}
