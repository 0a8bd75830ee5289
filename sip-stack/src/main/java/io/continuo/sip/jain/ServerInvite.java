package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import io.continuo.sip.DialogListener;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An INVITE that would start a dialog with us (RFC 3261 §13.3).
final class ServerInvite extends ServerCall implements InboundInvite {
  private static final int OK = 200;
  private static final int NO_SUCH_CALL = 481;
  private static final int SERVER_TIMEOUT = 504;

  private final List<Runnable> cancelListeners = new ArrayList<>();
  private final Optional<ReliableProvisionals> reliable;
  private boolean ended;

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
  }

  @Override
  public void provisional(SipResponse response) {
    agent
        .stripes()
        .execute(
            callId(),
            () -> {
              if (!isAnswered()) {
                reliable.ifPresentOrElse(sure -> ring(sure, response), () -> send(response));
              }
            });
  }

  private void ring(ReliableProvisionals reliably, SipResponse response) {
    agent.invites().rings(this);
    reliably.send(response);
  }

  /// A PRACK in the early dialog of this INVITE (RFC 3262 §3).
  void acknowledged(ServerCall prack) {
    if (reliable.filter(sure -> sure.isAcknowledgedBy(prack.request().headers())).isPresent()) {
      prack.respond(SipResponse.of(OK));
    } else {
      prack.refuse(NO_SUCH_CALL, "Nothing To Acknowledge");
    }
  }

  /// No PRACK came: the caller will not hear our answer either (RFC 3262 §3).
  void unacknowledged() {
    if (claim()) {
      agent.application().screened(flow(), "INVITE", SERVER_TIMEOUT, "No PRACK");
      send(SipResponse.of(SERVER_TIMEOUT));
      endedByPeer();
    }
  }

  @Override
  public SipDialog accept(SipResponse ok, DialogListener listener) {
    Dialog dialog = Dialog.accepted(this, listener);
    if (claim()) {
      agent.stripes().execute(callId(), () -> established(dialog, ok));
    } else {
      agent.stripes().execute(callId(), () -> dialog.lost("cancelled"));
    }
    return dialog;
  }

  private void established(Dialog dialog, SipResponse ok) {
    agent.dialogs().add(dialog);
    dialog.repeatUntilAcknowledged(sequence(), received.back(), send(ok));
    finished();
  }

  @Override
  void sendFinal(SipResponse response) {
    super.sendFinal(response);
    finished();
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
