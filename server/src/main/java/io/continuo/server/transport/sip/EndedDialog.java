package io.continuo.server.transport.sip;

import io.continuo.sip.DialogListener;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;

/// Listens to a dialog that we ended as soon as it began; nothing of it matters any more.
record EndedDialog() implements DialogListener {
  @Override
  public void acknowledged(SipDialog dialog, SipRequest ack) {
    // Our BYE is on its way.
  }

  @Override
  public void bye(SipRequest request) {
    // Both ended it.
  }

  /// RFC 3261 §12.2.2: the dialog does not exist.
  @Override
  public void request(InboundRequest request) {
    request.respond(SipResponse.of(481));
  }

  @Override
  public void lost(String reason) {
    // It was gone already.
  }
}
