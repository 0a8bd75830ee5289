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
    /// The same after an offer of the device was answered, or an offer of ours by it.
    Agreed saying(MediaText.Said ours, boolean receives) {
      return new Agreed(leg, device, peer, contact, ours, media.receiving(receives), takesUpdate);
    }
  }

  private final Agreed first;
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
    this.first = agreed;
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
    if (!acknowledged && legs.find(first.leg()).orElse(null) instanceof Leg.Inbound) {
      acknowledged = true;
      events.acknowledged(first.leg());
    }
  }

  @Override
  public void bye(SipRequest request) {
    legs.remove(first.leg())
        .ifPresent(leg -> events.bye(first.leg(), ChatHeaders.reason(request.headers())));
  }

  @Override
  public void lost(String reason) {
    legs.remove(first.leg()).ifPresent(leg -> events.lost(first.leg()));
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
      case "MESSAGE" -> messages.inDialog(request, first.device(), first.peer(), first.contact());
      case "OPTIONS" ->
          request.respond(SipResponse.of(200, SipHeaders.of("Allow", SipGateway.ALLOW)));
      default ->
          throw new RequestRefused(
              405, "not in a dialog", SipHeaders.of("Allow", SipGateway.ALLOW));
    }
  }

  /// What holds by now: our own refreshes change it too.
  private Agreed agreed() {
    return legs.find(first.leg()).map(leg -> leg.agreed().get()).orElse(first);
  }

  /// Without an offer our side is said again as it is; an offer is answered line by line, and its
  /// answer counts only once the request is not refused for another reason.
  private void refresh(InboundRequest request, boolean withSdp) throws RequestRefused {
    byte[] offer = request.request().body();
    if (withSdp) {
      Screening.takes(request.request(), MediaText.TYPE);
    }
    Agreed before = agreed();
    Agreed after = offer.length > 0 ? answer(before, offer) : before;
    expiry.check(request.request());
    Optional<SessionInterval> interval = expiry.granted(request.request());
    SipHeaders headers =
        SessionExpiry.granted(
            SipHeaders.of("Contact", after.contact(), "Allow", SipGateway.ALLOW),
            interval,
            request.request());
    legs.find(after.leg()).ifPresent(leg -> leg.agreed().set(after));
    byte[] said = after.said().text();
    request.respond(
        withSdp
            ? new SipResponse(200, "", headers.with("Content-Type", MediaText.TYPE), said)
            : SipResponse.of(200, headers));
    events.refreshed(after.leg(), interval);
    if (after.media().receives() != before.media().receives()) {
      events.directed(after.leg(), after.media().receives());
    }
  }

  private Agreed answer(Agreed before, byte[] offer) throws RequestRefused {
    return switch (text.read(offer)) {
      case SdpReading.Usable usable when MediaText.keeps(before.media(), usable.message()) ->
          before.saying(
              text.answerAgain(before.said(), usable), MediaText.receives(usable.message()));
      case SdpReading.Usable _ -> throw new RequestRefused(488, "re-INVITE changes the path");
      case SdpReading.NotAcceptable(String reason) -> throw new RequestRefused(488, reason);
    };
  }
}
