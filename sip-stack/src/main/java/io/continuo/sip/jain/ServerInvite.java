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

/// An INVITE that would start a dialog with us (RFC 3261 §13.3).
final class ServerInvite extends ServerCall implements InboundInvite {
  private final List<Runnable> cancelListeners = new ArrayList<>();
  private boolean cancelled;

  ServerInvite(
      UserAgent agent,
      SIPServerTransaction transaction,
      SIPRequest stackRequest,
      SipRequest request,
      Received received) {
    super(agent, transaction, stackRequest, request, received);
  }

  @Override
  public void provisional(SipResponse response) {
    agent
        .stripes()
        .execute(
            callId(),
            () -> {
              if (!isAnswered()) {
                send(response);
              }
            });
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
    agent.invites().finished(this);
  }

  @Override
  void sendFinal(SipResponse response) {
    super.sendFinal(response);
    agent.invites().finished(this);
  }

  @Override
  boolean cancelled() {
    if (!super.cancelled()) {
      return false;
    }
    cancelled = true;
    agent.invites().finished(this);
    cancelListeners.forEach(Runnable::run);
    return true;
  }

  @Override
  public void onCancel(Runnable listener) {
    agent
        .stripes()
        .execute(
            callId(),
            () -> {
              if (cancelled) {
                listener.run();
              } else {
                cancelListeners.add(listener);
              }
            });
  }
}
