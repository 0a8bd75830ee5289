package io.continuo.sip.jain;

import io.continuo.sip.DialogListener;
import io.continuo.sip.Flow;
import io.continuo.sip.ResponseListener;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
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

  private final UserAgent agent;
  private final DialogRoute route;
  private final Acknowledgements acknowledgements;
  private final SessionChanges changes;
  private final String contact;
  private long localSequence;
  private long remoteSequence;
  private @Nullable DialogListener listener;
  private @Nullable SipHeaders deferredBye;
  private long reliableSequence;
  private boolean ended;

  private Dialog(UserAgent agent, DialogRoute route, Begun begun) {
    this.agent = agent;
    this.route = route;
    this.acknowledgements = new Acknowledgements(agent, route);
    this.changes =
        new SessionChanges(
            agent,
            route.id().callId(),
            begun.byUs(),
            acknowledgements::areAwaited,
            this::sendChange);
    this.contact = begun.contact();
    this.localSequence = begun.localSequence();
    this.remoteSequence = begun.remoteSequence();
  }

  /// @param byUs whether we sent the INVITE
  /// @param contact ours, for who was not told it by the application
  private record Begun(boolean byUs, String contact, long localSequence, long remoteSequence) {}

  /// The dialog that an answer with a To-tag makes, early while it is provisional (RFC 3261
  /// §12.1.2).
  static Dialog answered(ClientInvite invite, SipResponse response, String tag) {
    RequestHead head = invite.head();
    Dialogs.Id id = new Dialogs.Id(invite.callId, Tags.of(Optional.of(head.from())), tag);
    DialogRoute.Parties parties =
        new DialogRoute.Parties(
            id,
            head.from(),
            response.headers().first("To").orElse(head.to()),
            DialogRoute.routes(response));
    String target = DialogRoute.contact(response.headers()).orElse(head.uri());
    return new Dialog(
        invite.agent,
        new DialogRoute(invite.agent, parties, invite.path(), target),
        new Begun(true, invite.contact(), head.sequence(), -1));
  }

  /// The dialog that our 2xx makes (RFC 3261 §12.1.1).
  static Dialog accepted(ServerInvite invite, DialogListener listener) {
    SipHeaders headers = invite.request.headers();
    DialogRoute.Parties parties =
        new DialogRoute.Parties(
            new Dialogs.Id(invite.callId(), invite.tag(), Tags.of(headers.first("From"))),
            Tags.with(headers.first("To").orElse(""), invite.tag()),
            headers.first("From").orElse(""),
            headers.elements("Record-Route"));
    DialogPath path = new DialogPath.Preferred(invite.flow());
    Dialog dialog =
        new Dialog(
            invite.agent,
            new DialogRoute(invite.agent, parties, path, ""),
            new Begun(false, "", 0, invite.sequence()));
    dialog.listener = listener;
    return dialog;
  }

  /// Goes on from what the peer said in the early dialog.
  void confirmed(String target, long sequence) {
    route.target(target);
    remoteSequence = sequence;
  }

  /// Our INVITE was accepted.
  void confirmed(SipResponse ok) {
    route.confirmed(ok);
  }

  Dialogs.Id id() {
    return route.id();
  }

  boolean isEnded() {
    return ended;
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
    if (acknowledgements.areAwaited()) {
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
    ClientRequest call =
        new ClientRequest(
            agent,
            id().callId(),
            response -> {
              answered(method, sequence, response);
              responses.completed(response);
              outlived(method, response.status());
            });
    if (method.equals("INVITE")) {
      call.limit(route.remoteTarget());
    }
    start(method, headers, body, call);
  }

  private void answered(String method, long sequence, SipResponse response) {
    boolean accepted = response.status() / 100 == 2;
    if (accepted && (method.equals("INVITE") || method.equals("UPDATE"))) {
      route.refresh(response.headers());
    }
    if (accepted && method.equals("INVITE")) {
      acknowledge(sequence);
    }
  }

  // RFC 3261 §12.2.1.2.
  private void outlived(String method, int status) {
    if (status == ClientCall.REQUEST_TIMEOUT && !ended) {
      byeUnheard();
    }
    if (status == NO_SUCH_CALL || status == ClientCall.REQUEST_TIMEOUT) {
      lost(status + " to " + method);
    }
  }

  private void start(String method, SipHeaders headers, byte[] body, ClientRequest call) {
    RequestHead head = route.head(method, ++localSequence);
    SipHeaders signed = agent.signed(headers);
    route.resolve(
        targets -> {
          // RFC 3263 §4.3, as outside of a dialog.
          for (Target other : targets.subList(1, targets.size())) {
            call.afterwards(() -> agent.requests().start(call, other, head, signed, body));
          }
          agent.requests().start(call, targets.getFirst(), head, signed, body);
        },
        call::unsent);
  }

  /// Sends the ACK to a 2xx (RFC 3261 §13.2.2.4).
  void acknowledge(long sequence) {
    acknowledgements.send(sequence);
  }

  /// A 2xx came again.
  void acknowledgeAgain(long sequence) {
    acknowledgements.sendAgain(sequence);
  }

  /// Repeats our 2xx until its ACK comes.
  void repeatUntilAcknowledged(long sequence, Flow back, byte[] response) {
    if (!ended) {
      acknowledgements.await(sequence, back, response, this::unacknowledged);
    }
  }

  private void unacknowledged() {
    if (!ended) {
      byeUnheard();
      lost("no ACK");
    }
  }

  /// Tells a peer that may still have the dialog.
  private void byeUnheard() {
    ClientRequest unheard = new ClientRequest(agent, id().callId(), response -> {});
    start("BYE", SipHeaders.NONE, new byte[0], unheard);
  }

  // --- what the peer does -----------------------------------------------------------------------

  void acked(long sequence, SipRequest ack) {
    if (!acknowledgements.came(sequence)) {
      return;
    }
    told().ifPresent(to -> to.acknowledged(this, ack));
    if (acknowledgements.areAwaited()) {
      return;
    }
    if (deferredBye == null) {
      changes.acknowledged();
    } else {
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
      byed(call.request());
      // Last: who has seen it is known to have left.
      call.respondNow(SipResponse.of(OK));
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

  private void refresh(ServerCall call) {
    route.cameOver(call.flow());
    if (call instanceof SessionChange) {
      route.refresh(call.request().headers());
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
    acknowledgements.end();
    agent.dialogs().remove(this);
  }
}
