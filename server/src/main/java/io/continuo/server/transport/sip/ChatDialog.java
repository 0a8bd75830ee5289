package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.sip.DialogListener;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.sdp.SdpReading;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a device does inside an established leg.
///
/// Threading: the stack calls in order for one dialog.
final class ChatDialog implements DialogListener {
  private static final Logger log = LoggerFactory.getLogger(ChatDialog.class);

  private static final int NO_SUCH_CALL = 481;
  private static final int REQUEST_PENDING = 491;

  /// Who speaks here.
  ///
  /// @param contact ours
  /// @param takesUpdate whether the device allows UPDATE (RFC 3311 §4)
  record Party(
      LegId leg,
      Device device,
      Optional<AddressOfRecord> peer,
      String contact,
      boolean takesUpdate) {}

  /// What the leg agreed on.
  ///
  /// @param said our side, repeated to a session refresh (RFC 4028 §7.4)
  /// @param media the device's side; its path cannot be changed: a device that moves comes by a new
  ///   INVITE
  record Agreed(Party party, MediaText.Said said, MsrpMedia media) {
    /// The same after an offer of the device was answered, or an offer of ours by it.
    Agreed saying(MediaText.Said ours, boolean receives) {
      return new Agreed(party, ours, media.receiving(receives));
    }

    /// The same after an offer of ours that nobody answered: its version is used up (RFC 3264 §8).
    Agreed offered(MediaText.Said ours) {
      MediaText.Said same =
          new MediaText.Said(ours.id(), ours.version(), said.media(), ours.text());
      return new Agreed(party, same, media);
    }
  }

  /// An offer of ours in the 2xx to an INVITE without one, which the ACK is to answer (RFC 3261
  /// §13.2.1, §14.2).
  ///
  /// @param sequence of that INVITE and its ACK
  record Offer(long sequence, MediaText.Said said) {}

  private final Party party;
  private final Legs legs;
  private final SipEvents events;
  private final Refusals refusals;
  private final MessageRequests messages;
  private final MediaText text;
  private final SessionExpiry expiry;

  /// Not answered yet.
  private @Nullable Offer offer;

  private boolean acknowledged;

  ChatDialog(
      Party party,
      Optional<Offer> offer,
      MediaText text,
      Legs legs,
      SipEvents events,
      Refusals refusals,
      MessageRequests messages,
      SessionExpiry expiry) {
    this.party = party;
    this.offer = offer.orElse(null);
    this.acknowledged = offer.isPresent(); // told by what it answers
    this.text = text;
    this.expiry = expiry;
    this.legs = legs;
    this.events = events;
    this.refusals = refusals;
    this.messages = messages;
  }

  /// The first is told; of the others only what answers an offer of ours is.
  @Override
  public void acknowledged(SipDialog dialog, SipRequest ack) {
    Optional<Leg> leg = legs.find(party.leg());
    Offer unanswered = offer;
    if (unanswered != null && unanswered.sequence() == Screening.sequence(ack)) {
      offer = null;
      leg.ifPresent(living -> answered(living, dialog, unanswered.said(), Screening.sdp(ack)));
    } else if (!acknowledged && leg.orElse(null) instanceof Leg.Inbound) {
      events.acknowledged(party.leg());
    }
    acknowledged = true;
  }

  /// The ACK to a re-INVITE that asked for an offer may leave everything as it was by saying
  /// nothing, as clients do that refresh so; one that begins the session may not.
  private void answered(Leg leg, SipDialog dialog, MediaText.Said ours, byte[] sdp) {
    Agreed before = leg.agreed().get();
    if (sdp.length == 0) {
      if (before == null) {
        end(dialog, "no answer in the ACK");
      } else {
        leg.agreed().set(before.offered(ours));
      }
      return;
    }
    switch (MediaText.readAnswer(sdp, ours.media())) {
      case SdpReading.Usable answer when before == null -> begun(leg, ours, answer);
      case SdpReading.Usable answer when MediaText.keeps(before.media(), answer.message()) ->
          changed(leg, before, ours, answer);
      case SdpReading.Usable _ -> end(dialog, "answer changes the path");
      case SdpReading.NotAcceptable(String reason) -> end(dialog, reason);
    }
  }

  private void begun(Leg leg, MediaText.Said ours, SdpReading.Usable answer) {
    MsrpMedia media = MediaText.media(answer.message(), MsrpMedia.Setup.PASSIVE, false);
    leg.agreed().set(new Agreed(party, MediaText.answered(ours, media), media));
    events.answered(party.leg(), media);
  }

  private void changed(Leg leg, Agreed before, MediaText.Said ours, SdpReading.Usable answer) {
    MsrpMedia media = MediaText.media(answer.message(), peerRole(ours.media()), false);
    Agreed after = before.saying(MediaText.answered(ours, media), media.receives());
    leg.agreed().set(after);
    tellChange(before, after);
  }

  /// Of a device that does not say it again.
  private static MsrpMedia.Setup peerRole(MsrpMedia ours) {
    return ours.setup() == MsrpMedia.Setup.PASSIVE
        ? MsrpMedia.Setup.ACTIVE
        : MsrpMedia.Setup.PASSIVE;
  }

  /// Nothing can be sent on such a leg. It is told as lost, so that its device is called back for
  /// what it has not got.
  private void end(SipDialog dialog, String reason) {
    legs.remove(party.leg())
        .ifPresent(gone -> {
          log.atInfo()
              .addKeyValue("leg", party.leg())
              .addKeyValue("reason", reason)
              .log("sip.answer-unusable");
          dialog.bye(ChatHeaders.unusableAnswer(reason));
          events.lost(party.leg());
        });
  }

  @Override
  public void bye(SipRequest request) {
    legs.remove(party.leg())
        .ifPresent(leg -> events.bye(party.leg(), ChatHeaders.reason(request.headers())));
  }

  @Override
  public void lost(String reason) {
    legs.remove(party.leg()).ifPresent(leg -> events.lost(party.leg()));
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
    boolean offers = request.request().body().length > 0;
    switch (request.request().method()) {
      case "INVITE" -> {
        Screening.takes(request.request(), MediaText.TYPE);
        if (offers) {
          answerOffer(request);
        } else {
          makeOffer(request);
        }
      }
      case "UPDATE" -> {
        if (offers) {
          answerOffer(request);
        } else {
          grant(request, Optional.empty(), () -> {});
        }
      }
      case "MESSAGE" -> messages.inDialog(request, party.device(), party.peer(), party.contact());
      case "OPTIONS" ->
          request.respond(SipResponse.of(200, SipHeaders.of("Allow", SipGateway.ALLOW)));
      default ->
          throw new RequestRefused(
              405, "not in a dialog", SipHeaders.of("Allow", SipGateway.ALLOW));
    }
  }

  /// The leg with what holds by now: our own refreshes change it too. While an offer of ours is
  /// unanswered there is no place for another (RFC 3264 §4, RFC 3311 §5.2).
  private Leg established() throws RequestRefused {
    if (offer != null) {
      throw new RequestRefused(REQUEST_PENDING, "an offer of ours is unanswered");
    }
    return legs.find(party.leg())
        .filter(leg -> leg.agreed().get() != null)
        .orElseThrow(() -> new RequestRefused(NO_SUCH_CALL, "leg has ended"));
  }

  /// An offer is answered line by line, and its answer counts only once the request is not refused
  /// for another reason.
  private void answerOffer(InboundRequest inbound) throws RequestRefused {
    Screening.isOf(inbound.request(), MediaText.TYPE);
    Leg leg = established();
    Agreed before = agreed(leg);
    Agreed after = answer(before, inbound.request().body());
    grant(inbound, Optional.of(after.said()), () -> leg.agreed().set(after));
    tellChange(before, after);
  }

  /// The device asks for an offer; what comes of it is known with its ACK.
  private void makeOffer(InboundRequest inbound) throws RequestRefused {
    MediaText.Said ours = text.offerAgain(agreed(established()).said());
    Offer made = new Offer(Screening.sequence(inbound.request()), ours);
    grant(inbound, Optional.of(ours), () -> offer = made);
  }

  private static Agreed agreed(Leg leg) {
    Agreed agreed = leg.agreed().get();
    if (agreed == null) {
      throw new IllegalStateException("nothing agreed");
    }
    return agreed;
  }

  /// 200, and the session timer anew.
  ///
  /// @param said empty: no SDP
  /// @param then before the answer leaves
  private void grant(InboundRequest inbound, Optional<MediaText.Said> said, Runnable then)
      throws RequestRefused {
    SipRequest request = inbound.request();
    expiry.check(request);
    Optional<SessionInterval> interval = expiry.granted(request);
    SipHeaders headers =
        SessionExpiry.granted(
            SipHeaders.of("Contact", party.contact(), "Allow", SipGateway.ALLOW),
            interval,
            request);
    then.run();
    inbound.respond(
        said.map(sdp ->
                new SipResponse(200, "", headers.with("Content-Type", MediaText.TYPE), sdp.text()))
            .orElseGet(() -> SipResponse.of(200, headers)));
    events.refreshed(party.leg(), interval);
  }

  private void tellChange(Agreed before, Agreed after) {
    if (after.media().receives() != before.media().receives()) {
      events.directed(party.leg(), after.media().receives());
    }
    MsrpMedia.Setup role = after.said().media().setup();
    if (before.said().media().setup() == MsrpMedia.Setup.HOLDCONN
        && role != MsrpMedia.Setup.HOLDCONN) {
      events.mayConnect(party.leg(), role == MsrpMedia.Setup.ACTIVE);
    }
  }

  private Agreed answer(Agreed before, byte[] sdp) throws RequestRefused {
    return switch (text.read(sdp)) {
      case SdpReading.Usable usable when MediaText.keeps(before.media(), usable.message()) ->
          before.saying(
              text.answerAgain(before.said(), usable), MediaText.receives(usable.message()));
      case SdpReading.Usable _ -> throw RequestRefused.notAcceptable("re-INVITE changes the path");
      case SdpReading.NotAcceptable(String reason) -> throw RequestRefused.notAcceptable(reason);
    };
  }
}
