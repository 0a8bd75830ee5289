package io.continuo.sip.jain;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;

/// An INVITE inside a dialog (RFC 3261 §14.2): a 2xx to it is repeated until its ACK, like the
/// first one.
final class Reinvite extends ServerCall {
  private final Dialog dialog;

  Reinvite(
      Dialog dialog,
      UserAgent agent,
      SIPServerTransaction transaction,
      SIPRequest stackRequest,
      SipRequest request,
      Received received) {
    super(agent, transaction, stackRequest, request, received);
    this.dialog = dialog;
  }

  @Override
  void sendFinal(SipResponse response) {
    byte[] sent = send(response);
    if (response.status() / 100 == 2) {
      dialog.repeatUntilAcknowledged(sequence(), received.back(), sent);
    }
  }
}
