package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.InviteListener;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An INVITE of ours outside of a dialog (RFC 3261 §13.2). When it was forked downstream each
/// To-tag is a dialog of its own, early while its answer is provisional. Lives 64*T1 longer than
/// its first final response, since a fork may still answer.
///
/// Threading: `cancel` from any thread; all state on the stripe of the Call-ID.
final class ClientInvite extends ClientCall implements OutboundInvite {
  /// Dialogs of one INVITE; what answers beyond is acknowledged and ended at once.
  static final int MAX_FORKS = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ClientInvite.class);

  private final InviteListener listener;
  private final NextHop hop;
  private final RequestHead head;
  private final String contact;
  private final Map<String, Dialog> early = new HashMap<>();
  private final Map<String, Dialog> dialogs = new HashMap<>();
  private Timers.Later ring = Timers.Later.NEVER;
  private Timers.Later lingering = Timers.Later.NEVER;
  private boolean provisional;
  private boolean rang;
  private boolean refused;
  private boolean cancelSent;
  private @Nullable SipHeaders cancelWanted;

  /// @param contact ours
  ClientInvite(
      UserAgent agent, RequestHead head, NextHop hop, String contact, InviteListener listener) {
    super(agent, head.callId());
    this.head = head;
    this.hop = hop;
    this.contact = contact;
    this.listener = listener;
  }

  /// Its name in [UserAgent#clientInvites]: one that was sent again has the same Call-ID.
  String key() {
    return key(callId, head.sequence());
  }

  static String key(String callId, long sequence) {
    return sequence + " " + callId;
  }

  RequestHead head() {
    return head;
  }

  String contact() {
    return contact;
  }

  /// How requests of its dialogs travel.
  DialogPath path() {
    return switch (hop) {
      case NextHop.OverFlow(Flow flow) -> new DialogPath.Pinned(flow);
      case NextHop.ByRoute() -> new DialogPath.Routed();
    };
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

  /// Whether a final response came.
  boolean finished() {
    return refused || !dialogs.isEmpty();
  }

  private void provisional(SipResponse response) {
    if (finished()) {
      return;
    }
    if (!provisional) {
      provisional = true;
      ring = agent.later(agent.timers().ring(), callId, () -> wantCancel(SipHeaders.NONE));
    }
    sendWantedCancel();
    rang |= response.status() > 100;
    if (response.status() > 100 && isNew(response)) {
      listener.provisional(response);
    }
  }

  /// Makes the early dialog of its To-tag, and acknowledges it when it is reliable; false for a
  /// repetition (RFC 3262 §4).
  private boolean isNew(SipResponse response) {
    String tag = Tags.of(response.headers().first("To"));
    boolean room = early.containsKey(tag) || early.size() < MAX_FORKS;
    if (tag.isEmpty() || !room) {
      return true;
    }
    Dialog dialog = early.computeIfAbsent(tag, t -> begun(response, t));
    Optional<Long> reliable = ReliableProvisionals.number(response.headers());
    return reliable.map(number -> dialog.prack(number, head.sequence())).orElse(true);
  }

  private Dialog begun(SipResponse response, String tag) {
    Dialog dialog = Dialog.answered(this, response, tag);
    agent.dialogs().add(dialog);
    return dialog;
  }

  private void accepted(SipResponse response) {
    String tag = Tags.of(response.headers().first("To"));
    Dialog known = dialogs.get(tag);
    if (known != null) {
      known.acknowledgeAgain(head.sequence());
    } else if (dialogs.size() >= MAX_FORKS) {
      LOG.atWarn().addKeyValue("call-id", callId).log("sip.forks-too-many");
      ended(Dialog.answered(this, response, tag));
    } else {
      established(response, tag);
    }
  }

  private void established(SipResponse response, String tag) {
    if (!finished()) {
      linger();
    }
    Dialog ringing = early.remove(tag);
    Dialog dialog = ringing == null || ringing.isEnded() ? begun(response, tag) : ringing;
    dialog.confirmed(response);
    dialogs.put(tag, dialog);
    if (refused) {
      ended(dialog);
    } else {
      dialog.acknowledge(head.sequence());
      dialog.listen(listener.accepted(dialog, response));
    }
  }

  /// Nobody wants it any more, but it was accepted (RFC 3261 §13.2.2.4).
  private void ended(Dialog dialog) {
    dialog.acknowledge(head.sequence());
    dialog.bye(SipHeaders.NONE);
  }

  private void refused(SipResponse response) {
    if (!finished()) {
      refused = true;
      linger();
      forgetEarly();
      listener.refused(response);
    }
  }

  private void linger() {
    ring.cancel();
    agent.requests().ended(this);
    lingering = agent.later(agent.timers().timeout(), callId, this::forget);
  }

  private void forget() {
    forgetEarly();
    agent.clientInvites().remove(key());
  }

  @Override
  void timedOut() {
    super.timedOut();
    unanswered();
  }

  @Override
  void unsent() {
    super.unsent();
    unanswered();
  }

  // The refusal was made here: nobody was heard for 64*T1 already, so nobody is waited for.
  private void unanswered() {
    if (refused && dialogs.isEmpty()) {
      lingering.cancel();
      forget();
    }
  }

  private void forgetEarly() {
    early.values().forEach(Dialog::close);
    early.clear();
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
