package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.identity.LegId;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;

/// Our answers to INVITEs of devices.
///
/// Threading: any thread.
final class InboundLegs {
  private final OwnAddress own;
  private final MediaText text;
  private final ChatHeaders chatHeaders;
  private final Legs legs;
  private final Refusals refusals;
  private final OutboundLegs.Dialogs dialogs;

  InboundLegs(
      OwnAddress own,
      MediaText text,
      ChatHeaders chatHeaders,
      Legs legs,
      Refusals refusals,
      OutboundLegs.Dialogs dialogs) {
    this.own = own;
    this.text = text;
    this.chatHeaders = chatHeaders;
    this.legs = legs;
    this.refusals = refusals;
    this.dialogs = dialogs;
  }

  /// With Contact, for what comes in the early dialog (RFC 3261 §12.1.1).
  void ring(Leg.Inbound leg) {
    leg.invite().provisional(SipResponse.of(180, SipHeaders.of("Contact", contact(leg, ""))));
  }

  void answer(
      LegId id, Leg.Inbound leg, MsrpMedia media, String focus, ConversationHeaders headers) {
    byte[] sdp = text.answer(leg.offer(), media);
    String contact = contact(leg, focus);
    SipHeaders ours =
        SessionExpiry.answered(
            chatHeaders.mark(SipHeaders.of("Contact", contact, "Allow", SipGateway.ALLOW)),
            leg.invite().request());
    SipResponse ok =
        new SipResponse(
            200, "", ChatHeaders.identify(ours, headers).with("Content-Type", MediaText.TYPE), sdp);
    ChatDialog.Agreed agreed =
        new ChatDialog.Agreed(
            id, leg.device(), leg.peer(), contact, sdp, leg.offer().message().path());
    SipDialog dialog = leg.invite().accept(ok, dialogs.listener(agreed));
    leg.dialog().set(dialog);
  }

  private String contact(Leg.Inbound leg, String focus) {
    return own.contact(focus, leg.invite().flow().transport(), "");
  }

  /// A final answer other than 2xx: the chat's decision.
  void refuse(LegId id, int status, String reason) {
    if (legs.remove(id).orElse(null) instanceof Leg.Inbound leg) {
      refusals.respond(leg.invite(), status, reason, SipHeaders.NONE);
    }
  }

  /// BYE; 480 when it was never answered.
  void end(LegId id, Leg.Inbound leg, ByeReason reason) {
    SipDialog dialog = leg.dialog().get();
    if (dialog == null) {
      refuse(id, 480, "chat ended before the answer");
    } else if (legs.remove(id).isPresent()) {
      dialog.bye(ChatHeaders.reason(reason));
    }
  }
}
