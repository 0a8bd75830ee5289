package io.continuo.sip.jain;

import io.continuo.sip.ResponseListener;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import org.jspecify.annotations.Nullable;

/// A request of ours other than a dialog-making INVITE.
final class ClientRequest extends ClientCall {
  private final ResponseListener listener;
  private boolean completed;
  private boolean cancelled;
  private @Nullable String cancelUri;

  ClientRequest(UserAgent agent, String callId, ResponseListener listener) {
    super(agent, callId);
    this.listener = listener;
  }

  /// For an INVITE inside a dialog: nobody has to pick anything up, so a peer that says no more
  /// than provisional responses is not waited for (its transaction has no time-out then, RFC 3261
  /// §17.1.1.2).
  ///
  /// @param uri of the request
  void limit(String uri) {
    cancelUri = uri;
  }

  @Override
  boolean mayTryNextServer() {
    return !completed && !cancelled;
  }

  @Override
  void response(SipResponse response) {
    if (response.status() == SERVICE_UNAVAILABLE && triesNextServer()) {
      return;
    }
    if (response.status() >= 200 && !completed) {
      completed = true;
      agent.requests().ended(this);
      listener.completed(response);
    } else if (cancelUri != null && !completed) {
      String uri = cancelUri;
      cancelUri = null;
      agent.later(agent.timers().timeout(), callId, () -> cancel(uri));
    }
  }

  private void cancel(String uri) {
    if (!completed) {
      cancelled = true;
      agent.requests().cancel(this, uri, agent.signed(SipHeaders.NONE));
      agent.later(agent.timers().timeout(), callId, this::giveUp);
    }
  }

  private void giveUp() {
    if (!completed) {
      agent.requests().terminate(this);
      timedOut();
    }
  }
}
