package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;

/// A request of the peer that may change the session of a dialog: an INVITE inside it (RFC 3261
/// §14.2), whose 2xx is repeated until its ACK like the first one, or an UPDATE (RFC 3311).
final class SessionChange extends ServerCall {
  private final Dialog dialog;

  SessionChange(
      Dialog dialog,
      UserAgent agent,
      SIPServerTransaction transaction,
      SIPRequest stackRequest,
      SipRequest request,
      Received received) {
    super(agent, transaction, stackRequest, request, received);
    this.dialog = dialog;
  }

  boolean isInvite() {
    return request.method().equals("INVITE");
  }

  /// An INVITE always asks for an answer; an UPDATE only with a body.
  boolean hasOffer() {
    return isInvite() || request.body().length > 0;
  }

  @Override
  void sendFinal(SipResponse response) {
    byte[] sent = send(response);
    if (isInvite() && response.status() / 100 == 2) {
      dialog.repeatUntilAcknowledged(sequence(), received.back(), sent);
    }
    dialog.answered(this);
  }

  @Override
  boolean cancelled() {
    boolean inTime = super.cancelled();
    if (inTime) {
      dialog.answered(this);
    }
    return inTime;
  }
}
