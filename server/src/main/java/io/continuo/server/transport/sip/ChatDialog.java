package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.sip.DialogListener;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.sdp.SdpReading;
import java.util.Optional;

/// What a device does inside an established leg.
///
/// Threading: the stack calls in order for one dialog.
final class ChatDialog implements DialogListener {
  /// What the leg agreed on.
  ///
  /// @param contact ours
  /// @param said our side, repeated to a session refresh (RFC 4028 §7.4)
  /// @param media the device's side; its path cannot be changed: a device that moves comes by a new
  ///   INVITE
  /// @param takesUpdate whether the device allows UPDATE (RFC 3311 §4)
  record Agreed(
      LegId leg,
      Device device,
      Optional<AddressOfRecord> peer,
      String contact,
      MediaText.Said said,
      MsrpMedia media,
      boolean takesUpdate) {
    /// The same after an offer of the device was answered.
    Agreed saying(MediaText.Said answer) {
      return new Agreed(leg, device, peer, contact, answer, media, takesUpdate);
    }
  }

  private Agreed agreed;
  private final Legs legs;
  private final SipEvents events;
  private final Refusals refusals;
  private final MessageRequests messages;
  private final MediaText text;
  private final SessionExpiry expiry;
  private boolean acknowledged;

  ChatDialog(
      Agreed agreed,
      MediaText text,
      Legs legs,
      SipEvents events,
      Refusals refusals,
      MessageRequests messages,
      SessionExpiry expiry) {
    this.agreed = agreed;
    this.text = text;
    this.expiry = expiry;
    this.legs = legs;
    this.events = events;
    this.refusals = refusals;
    this.messages = messages;
  }

  /// Told once: the ACKs to session refreshes say nothing new.
  @Override
  public void acknowledged() {
    if (!acknowledged && legs.find(agreed.leg()).orElse(null) instanceof Leg.Inbound) {
      acknowledged = true;
      events.acknowledged(agreed.leg());
    }
  }

  @Override
  public void bye(SipRequest request) {
    legs.remove(agreed.leg())
        .ifPresent(leg -> events.bye(agreed.leg(), ChatHeaders.reason(request.headers())));
  }

  @Override
  public void lost(String reason) {
    legs.remove(agreed.leg()).ifPresent(leg -> events.lost(agreed.leg()));
  }

  @Override
  public void request(InboundRequest request) {
    try {
      answer(request);
    } catch (RequestRefused refused) {
      refusals.respond(request, refused.refusal());
    }
  }

  private void answer(InboundRequest request) throws RequestRefused {
    switch (request.request().method()) {
      case "INVITE" -> refresh(request, true);
      case "UPDATE" -> refresh(request, request.request().body().length > 0);
      case "MESSAGE" ->
          messages.inDialog(request, agreed.device(), agreed.peer(), agreed.contact());
      case "OPTIONS" ->
          request.respond(SipResponse.of(200, SipHeaders.of("Allow", SipGateway.ALLOW)));
      default ->
          throw new RequestRefused(
              405, "not in a dialog", SipHeaders.of("Allow", SipGateway.ALLOW));
    }
  }

  /// Without an offer our side is said again as it is; an offer is answered line by line, and its
  /// answer counts only once the request is not refused for another reason.
  private void refresh(InboundRequest request, boolean withSdp) throws RequestRefused {
    byte[] offer = request.request().body();
    MediaText.Said answer = offer.length > 0 ? answer(offer) : agreed.said();
    expiry.check(request.request());
    Optional<SessionInterval> interval = expiry.granted(request.request());
    SipHeaders headers =
        SessionExpiry.granted(
            SipHeaders.of("Contact", agreed.contact(), "Allow", SipGateway.ALLOW),
            interval,
            request.request());
    agreed = agreed.saying(answer);
    legs.find(agreed.leg()).ifPresent(leg -> leg.agreed().set(agreed));
    request.respond(
        withSdp
            ? new SipResponse(200, "", headers.with("Content-Type", MediaText.TYPE), answer.text())
            : SipResponse.of(200, headers));
    events.refreshed(agreed.leg(), interval);
  }

  private MediaText.Said answer(byte[] offer) throws RequestRefused {
    return switch (text.read(offer)) {
      case SdpReading.Usable usable when MediaText.keeps(agreed.media(), usable.message()) ->
          text.answerAgain(agreed.said(), usable);
      case SdpReading.Usable _ -> throw new RequestRefused(488, "re-INVITE changes the path");
      case SdpReading.NotAcceptable(String reason) -> throw new RequestRefused(488, reason);
    };
  }
}
