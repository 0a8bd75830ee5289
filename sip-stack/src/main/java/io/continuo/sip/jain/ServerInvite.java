package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import io.continuo.sip.DialogListener;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An INVITE that would start a dialog with us (RFC 3261 §13.3).
final class ServerInvite extends ServerCall implements InboundInvite {
  private static final int TRYING = 100;
  private static final int OK = 200;
  private static final int FIRST_REFUSAL = 300;
  private static final int NO_SUCH_CALL = 481;
  private static final int SERVER_TIMEOUT = 504;
  private static final int SERVER_INTERNAL_ERROR = 500;
  private static final int REQUEST_TIMEOUT = 408;

  /// RFC 3261 §14.2: Retry-After of an overlapping request is random below this.
  private static final int MAX_RETRY_SECONDS = 10;

  private final List<Runnable> cancelListeners = new ArrayList<>();
  private final Optional<ReliableProvisionals> reliable;
  private SipHeaders contact = SipHeaders.NONE;
  private String remoteTarget;
  private long lastSequence;
  private @Nullable Withheld withheld;
  private boolean ended;
  private boolean tried;
  private volatile boolean refused;

  ServerInvite(
      UserAgent agent,
      SIPServerTransaction transaction,
      SIPRequest stackRequest,
      SipRequest request,
      Received received) {
    super(agent, transaction, stackRequest, request, received);
    this.reliable =
        ReliableProvisionals.areRequired(request.headers())
            ? Optional.of(new ReliableProvisionals(this, agent.identifiers().responseSequence()))
            : Optional.empty();
    this.remoteTarget = DialogRoute.contact(request.headers()).orElse("");
    this.lastSequence = stackRequest.getCSeq().getSeqNumber();
  }

  /// The application was told of it. Unless that refused it there and then, its sender hears that
  /// we are at it, and is owed a final response from now on.
  void trying() {
    if (!refused) {
      tried = true;
      send(SipResponse.of(TRYING, timestamp(request.headers())));
    }
  }

  /// RFC 3261 §8.2.6.1: 100 carries it back; there is no delay of ours to add.
  private static SipHeaders timestamp(SipHeaders request) {
    return request
        .first("Timestamp")
        .map(sent -> SipHeaders.of("Timestamp", sent))
        .orElse(SipHeaders.NONE);
  }

  @Override
  public void respond(SipResponse response) {
    refused |= response.status() >= FIRST_REFUSAL;
    super.respond(response);
  }

  @Override
  public void provisional(SipResponse response) {
    agent
        .stripes()
        .execute(
            callId(),
            () -> {
              if (!isAnswered()) {
                ring(response);
              }
            });
  }

  private void ring(SipResponse response) {
    agent.invites().rings(this);
    response.headers().first("Contact").ifPresent(ours -> contact = SipHeaders.of("Contact", ours));
    reliable.ifPresentOrElse(sure -> sure.send(response), () -> send(response));
  }

  /// A request in the early dialog of this INVITE (RFC 3261 §12.2.2).
  void early(ServerCall call) {
    if (call.sequence() <= lastSequence) {
      call.refuse(SERVER_INTERNAL_ERROR, "CSeq Out Of Order");
      return;
    }
    lastSequence = call.sequence();
    switch (call.request().method()) {
      case "PRACK" -> acknowledged(call);
      case "UPDATE" -> updated(call);
      case "BYE" -> byed(call);
      // RFC 3261 §14.2: before the final answer to the first.
      case "INVITE" -> refuseForNow(call);
      default -> call.refuse(NO_SUCH_CALL, "No Such Dialog");
    }
  }

  /// RFC 3262 §3.
  private void acknowledged(ServerCall prack) {
    if (reliable.filter(sure -> sure.isAcknowledgedBy(prack.request().headers())).isPresent()) {
      prack.respondNow(SipResponse.of(OK));
      acceptWithheld();
    } else {
      prack.refuse(NO_SUCH_CALL, "Nothing To Acknowledge");
    }
  }

  // RFC 3311 §5.2: the offer of the INVITE is unanswered, so there is no place for another.
  private void updated(ServerCall update) {
    if (update.request().body().length > 0) {
      refuseForNow(update);
    } else {
      DialogRoute.contact(update.request().headers()).ifPresent(uri -> remoteTarget = uri);
      update.respond(SipResponse.of(OK, contact));
    }
  }

  private void refuseForNow(ServerCall call) {
    String soon = Integer.toString((int) (agent.identifiers().fraction() * MAX_RETRY_SECONDS));
    call.refuse(SERVER_INTERNAL_ERROR, "Overlapping Request", SipHeaders.of("Retry-After", soon));
  }

  // RFC 3261 §15.1.2: the caller may end an early dialog so.
  private void byed(ServerCall bye) {
    bye.respondNow(SipResponse.of(OK));
    if (!dropWithheld(REQUEST_TERMINATED)) {
      cancelled();
    }
  }

  /// No PRACK came: the caller will not hear our answer either (RFC 3262 §3).
  void unacknowledged() {
    if (dropWithheld(SERVER_TIMEOUT)) {
      agent.application().screened(flow(), "INVITE", SERVER_TIMEOUT, "No PRACK");
    } else if (claim()) {
      agent.application().screened(flow(), "INVITE", SERVER_TIMEOUT, "No PRACK");
      send(SipResponse.of(SERVER_TIMEOUT));
      endedByPeer();
    }
  }

  @Override
  public SipDialog accept(SipResponse ok, DialogListener listener) {
    Dialog dialog = Dialog.accepted(this, listener);
    if (claim()) {
      agent.stripes().execute(callId(), () -> accept(dialog, ok));
    } else {
      agent.stripes().execute(callId(), () -> dialog.lost("cancelled"));
    }
    return dialog;
  }

  private void accept(Dialog dialog, SipResponse ok) {
    if (reliable.filter(ReliableProvisionals::withholdsAcceptance).isPresent()) {
      withheld = new Withheld(dialog, ok);
    } else {
      established(dialog, ok);
    }
  }

  /// A 2xx that waits for a PRACK (RFC 3262 §3).
  private record Withheld(Dialog dialog, SipResponse ok) {}

  private void acceptWithheld() {
    Withheld waiting = withheld;
    withheld = null;
    if (waiting != null) {
      established(waiting.dialog(), waiting.ok());
    }
  }

  /// The peer has gone before the 2xx could be sent; whether one was waiting.
  private boolean dropWithheld(int status) {
    Withheld waiting = withheld;
    withheld = null;
    if (waiting == null) {
      return false;
    }
    send(SipResponse.of(status));
    finished();
    waiting.dialog().lost("ended before the answer");
    return true;
  }

  private void established(Dialog dialog, SipResponse ok) {
    dialog.confirmed(remoteTarget, lastSequence);
    agent.dialogs().add(dialog);
    dialog.repeatUntilAcknowledged(sequence(), received.back(), send(ok));
    finished();
  }

  /// What is refused before its sender heard anything, a challenge above all, is answered once and
  /// nothing is kept of it (RFC 3261 §8.2.7, §26.3.2.4): repeated for 32 s, the answer to a forged
  /// INVITE would strike whoever it names, and the INVITEs kept would leave no room for others.
  @Override
  void sendFinal(SipResponse response) {
    if (tried) {
      super.sendFinal(response);
      finished();
    } else {
      sendOnce(response);
      agent.invites().forget(this);
    }
  }

  /// As long as our own INVITEs ring, and what a caller then takes to cancel.
  @Override
  Duration patience() {
    return agent.timers().ring().plus(agent.timers().timeout());
  }

  @Override
  void unanswered() {
    agent.application().screened(flow(), "INVITE", REQUEST_TIMEOUT, "Not Answered");
    send(SipResponse.of(REQUEST_TIMEOUT));
    endedByPeer();
  }

  private void finished() {
    reliable.ifPresent(ReliableProvisionals::stop);
    agent.invites().finished(this);
  }

  private void endedByPeer() {
    ended = true;
    finished();
    cancelListeners.forEach(Runnable::run);
  }

  @Override
  boolean cancelled() {
    if (!super.cancelled()) {
      return false;
    }
    endedByPeer();
    return true;
  }

  @Override
  public void onCancel(Runnable listener) {
    agent
        .stripes()
        .execute(
            callId(),
            () -> {
              if (ended) {
                listener.run();
              } else {
                cancelListeners.add(listener);
              }
            });
  }
}
