package io.continuo.sip.jain;

import io.continuo.sip.ResponseListener;
import io.continuo.sip.SipResponse;

/// A request of ours other than a dialog-making INVITE.
final class ClientRequest extends ClientCall {
  private final ResponseListener listener;
  private boolean completed;

  ClientRequest(UserAgent agent, String callId, ResponseListener listener) {
    super(agent, callId);
    this.listener = listener;
  }

  @Override
  boolean mayTryNextServer() {
    return !completed;
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
    }
  }
}
