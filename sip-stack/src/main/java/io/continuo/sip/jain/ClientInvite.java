package io.continuo.sip.jain;

import io.continuo.sip.InviteListener;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An INVITE of ours outside of a dialog (RFC 3261 §13.2). Lives 64*T1 longer than its first final
/// response, since a fork downstream may still answer.
///
/// Threading: `cancel` from any thread; all state on the stripe of the Call-ID.
final class ClientInvite extends ClientCall implements OutboundInvite {
  private final InviteListener listener;
  private final NextHop hop;
  private final RequestHead head;
  private final Map<String, Dialog> dialogs = new HashMap<>();
  private boolean provisional;
  private boolean rang;
  private boolean refused;
  private boolean cancelSent;
  private @Nullable SipHeaders cancelWanted;

  ClientInvite(UserAgent agent, RequestHead head, NextHop hop, InviteListener listener) {
    super(agent, head.callId());
    this.head = head;
    this.hop = hop;
    this.listener = listener;
  }

  RequestHead head() {
    return head;
  }

  /// A server that rang or that we gave up is the one.
  @Override
  boolean mayTryNextServer() {
    return !rang && !finished() && cancelWanted == null;
  }

  @Override
  void response(SipResponse response) {
    if (response.status() == SERVICE_UNAVAILABLE && triesNextServer()) {
      provisional = false;
      return;
    }
    switch (response.status() / 100) {
      case 1 -> provisional(response);
      case 2 -> accepted(response);
      default -> refused(response);
    }
  }

  private boolean finished() {
    return refused || !dialogs.isEmpty();
  }

  private void provisional(SipResponse response) {
    if (finished()) {
      return;
    }
    if (!provisional) {
      provisional = true;
      agent.later(agent.timers().ring(), callId, () -> wantCancel(SipHeaders.NONE));
    }
    sendWantedCancel();
    if (response.status() > 100) {
      rang = true;
      listener.provisional(response);
    }
  }

  private void accepted(SipResponse response) {
    String tag = Tags.of(response.headers().first("To"));
    Dialog known = dialogs.get(tag);
    if (known != null) {
      known.acknowledgeAgain(head.sequence());
      return;
    }
    if (!finished()) {
      linger();
    }
    Dialog dialog = dialog(response, tag);
    dialogs.put(tag, dialog);
    agent.dialogs().add(dialog);
    dialog.acknowledge(head.sequence());
    if (refused) {
      dialog.bye(SipHeaders.NONE);
    } else {
      dialog.listen(listener.accepted(dialog, response));
    }
  }

  private void refused(SipResponse response) {
    if (!finished()) {
      refused = true;
      linger();
      listener.refused(response);
    }
  }

  private void linger() {
    agent.requests().ended(this);
    agent.later(agent.timers().timeout(), callId, () -> agent.clientInvites().remove(callId));
  }

  // RFC 3261 §12.1.2.
  private Dialog dialog(SipResponse response, String tag) {
    List<String> routes = new ArrayList<>(response.headers().elements("Record-Route"));
    Collections.reverse(routes);
    Dialog.Parties parties =
        new Dialog.Parties(
            new Dialogs.Id(callId, Tags.of(java.util.Optional.of(head.from())), tag),
            head.from(),
            response.headers().first("To").orElse(head.to()),
            List.copyOf(routes));
    DialogPath path =
        switch (hop) {
          case NextHop.OverFlow(io.continuo.sip.Flow flow) -> new DialogPath.Pinned(flow);
          case NextHop.ByRoute() -> new DialogPath.Routed();
        };
    String target = Dialog.contact(response.headers()).orElse(head.uri());
    return new Dialog(agent, parties, path, target, head.sequence());
  }

  @Override
  public void cancel(SipHeaders headers) {
    agent.stripes().execute(callId, () -> wantCancel(headers));
  }

  private void wantCancel(SipHeaders headers) {
    if (!finished() && cancelWanted == null) {
      cancelWanted = headers;
      sendWantedCancel();
    }
  }

  // RFC 3261 §9.1: not before a provisional response; and the INVITE counts as cancelled when
  // nothing came in 64*T1 after.
  private void sendWantedCancel() {
    if (cancelWanted == null || !provisional || cancelSent) {
      return;
    }
    cancelSent = true;
    agent.requests().cancel(this, head.uri(), agent.signed(cancelWanted));
    agent.later(
        agent.timers().timeout(),
        callId,
        () -> {
          if (!finished()) {
            agent.requests().terminate(this);
            timedOut();
          }
        });
  }
}
