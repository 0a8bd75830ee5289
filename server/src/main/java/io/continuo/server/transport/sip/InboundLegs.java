package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.identity.LegId;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.Optional;

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
  private final SessionExpiry expiry;
  private final SipEvents events;

  InboundLegs(
      OwnAddress own,
      MediaText text,
      ChatHeaders chatHeaders,
      Legs legs,
      Refusals refusals,
      OutboundLegs.Dialogs dialogs,
      SessionExpiry expiry,
      SipEvents events) {
    this.own = own;
    this.text = text;
    this.chatHeaders = chatHeaders;
    this.legs = legs;
    this.refusals = refusals;
    this.dialogs = dialogs;
    this.expiry = expiry;
    this.events = events;
  }

  /// With Contact, for what comes in the early dialog (RFC 3261 §12.1.1).
  void ring(Leg.Inbound leg) {
    leg.invite().provisional(SipResponse.of(180, SipHeaders.of("Contact", contact(leg, ""))));
  }

  void answer(
      LegId id, Leg.Inbound leg, MsrpMedia media, String focus, ConversationHeaders headers) {
    MediaText.Said said = text.answer(leg.offer(), media);
    String contact = contact(leg, focus);
    SipRequest request = leg.invite().request();
    Optional<SessionInterval> interval = expiry.granted(request);
    SipHeaders ours =
        SessionExpiry.granted(
            chatHeaders.mark(SipHeaders.of("Contact", contact, "Allow", SipGateway.ALLOW)),
            interval,
            request);
    SipResponse ok =
        new SipResponse(
            200,
            "",
            ChatHeaders.identify(ours, headers).with("Content-Type", MediaText.TYPE),
            said.text());
    ChatDialog.Agreed agreed =
        new ChatDialog.Agreed(
            id,
            leg.device(),
            leg.peer(),
            contact,
            said,
            MediaText.media(leg.offer().message(), MsrpMedia.Setup.ACTIVE, false),
            ChatHeaders.allows(request.headers(), "UPDATE"));
    SipDialog dialog = leg.invite().accept(ok, dialogs.listener(agreed));
    leg.agreed().set(agreed);
    leg.dialog().set(dialog);
    events.refreshed(id, interval);
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
