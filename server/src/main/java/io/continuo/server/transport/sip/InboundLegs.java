package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.b2bua.SipStatus;
import io.continuo.server.identity.LegId;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.sdp.MessageSdp;
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

  /// With Contact, for what comes in the early dialog (RFC 3261 §12.1.1). Left out when it would
  /// have to be reliable and to hold our offer: that is for the 2xx (decision 29).
  void ring(Leg.Inbound leg) {
    boolean reliable =
        leg.invite().request().headers().elements("Require").stream()
            .anyMatch("100rel"::equalsIgnoreCase);
    if (reliable && leg.offer().isEmpty()) {
      return;
    }
    leg.invite().provisional(SipResponse.of(180, SipHeaders.of("Contact", contact(leg, ""))));
  }

  void answer(
      LegId id, Leg.Inbound leg, MsrpMedia media, String focus, ConversationHeaders headers) {
    MediaText.Said said =
        leg.offer().map(its -> text.answer(its, media)).orElseGet(() -> text.offer(media));
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
    ChatDialog.Party party =
        new ChatDialog.Party(
            id, leg.device(), leg.peer(), contact, ChatHeaders.allows(request.headers(), "UPDATE"));
    Optional<ChatDialog.Offer> offer = Optional.empty();
    if (leg.offer().isPresent()) {
      MessageSdp theirs = leg.offer().get().message();
      MsrpMedia their = MediaText.media(theirs, MsrpMedia.Setup.ACTIVE, false);
      leg.agreed().set(new ChatDialog.Agreed(party, said, their));
    } else {
      offer = Optional.of(new ChatDialog.Offer(Screening.sequence(request), said));
    }
    SipDialog dialog = leg.invite().accept(ok, dialogs.listener(party, offer));
    leg.dialog().set(dialog);
    events.refreshed(id, interval);
  }

  private String contact(Leg.Inbound leg, String focus) {
    return own.contact(focus, leg.invite().flow().transport(), "");
  }

  /// A final answer other than 2xx: the chat's decision. A 488 says why (RFC 3261 §21.4.26).
  void refuse(LegId id, int status, String reason) {
    if (legs.remove(id).orElse(null) instanceof Leg.Inbound leg) {
      boolean unacceptable = status == SipStatus.NOT_ACCEPTABLE_HERE;
      refusals.respond(
          leg.invite(),
          unacceptable
              ? RequestRefused.notAcceptable(reason).refusal()
              : new RequestRefused.Refusal(status, reason, SipHeaders.NONE));
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
