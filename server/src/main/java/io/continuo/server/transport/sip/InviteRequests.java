package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.InboundInvitation.FirstMessage;
import io.continuo.server.b2bua.InboundInvitation.ToWhom;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.Registration;
import io.continuo.server.registrar.Registrations;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.sdp.SdpReading;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// INVITEs that devices send us: screened, authenticated, read, and told to the chat.
///
/// Threading: the stack's threads.
final class InviteRequests {
  private static final String RESOURCE_LISTS = "application/resource-lists+xml";

  /// Bodies of an INVITE; what is beside the SDP comes in `multipart/mixed`.
  static final String ACCEPTED = MediaText.TYPE + ", multipart/mixed, " + RESOURCE_LISTS;

  /// The endpoint sees to reliable provisional responses (RFC 3262).
  private static final Set<String> UNDERSTOOD =
      Set.of("recipient-list-invite", "100rel", SessionExpiry.TAG);

  private static final List<String> FIRST_MESSAGES = List.of("message/cpim", "text/plain");

  private final Authentication authentication;
  private final Targets targets;
  private final ChatHeaders chatHeaders;
  private final MediaText text;
  private final Registrations registrations;
  private final Legs legs;
  private final SipEvents events;
  private final Refusals refusals;
  private final Supplier<LegId> newLeg;
  private final SessionExpiry expiry;
  private final Gruus gruus;
  private final Overload overload;

  InviteRequests(
      Authentication authentication,
      Targets targets,
      ChatHeaders chatHeaders,
      MediaText text,
      Registrations registrations,
      Legs legs,
      SipEvents events,
      Refusals refusals,
      Supplier<LegId> newLeg,
      SessionExpiry expiry,
      Gruus gruus,
      Overload overload) {
    this.authentication = authentication;
    this.targets = targets;
    this.chatHeaders = chatHeaders;
    this.text = text;
    this.registrations = registrations;
    this.legs = legs;
    this.events = events;
    this.refusals = refusals;
    this.newLeg = newLeg;
    this.expiry = expiry;
    this.gruus = gruus;
    this.overload = overload;
  }

  /// Whether an INVITE may require this extension.
  ///
  /// @param tag in lower case
  static boolean understands(ChatHeaders chatHeaders, String tag) {
    return chatHeaders.isMark(tag) || UNDERSTOOD.contains(tag);
  }

  void invited(InboundInvite invite) throws RequestRefused {
    SipRequest request = invite.request();
    Screening.maxForwards(request);
    Screening.requiresOnly(request, tag -> understands(chatHeaders, tag));
    Screening.takes(request, MediaText.TYPE);
    expiry.check(request);
    Originator originator = authentication.authenticate(invite, "From");
    Registration.Contact contact =
        Screening.contact(request).orElseThrow(() -> new RequestRefused(400, "no usable Contact"));
    MultipartBody body = Screening.body(request);
    Optional<SdpReading.Usable> offer = offer(body);
    ToWhom toWhom = toWhom(invite, originator, body);
    Device device = device(invite, originator, contact);
    begin(invite, originator, device, toWhom, offer, firstMessage(body));
  }

  /// Empty when we are to make the offer: there is no body, or one that only says whom the INVITE
  /// is for (RFC 3261 §13.2.1, decision 29). A body of another kind is 415 (§8.2.3).
  private Optional<SdpReading.Usable> offer(MultipartBody body) throws RequestRefused {
    Optional<MultipartBody.Part> sdp = body.first(MediaText.TYPE);
    if (sdp.isPresent()) {
      return switch (text.read(sdp.get().content())) {
        case SdpReading.Usable usable -> Optional.of(usable);
        case SdpReading.NotAcceptable(String reason) -> throw RequestRefused.notAcceptable(reason);
      };
    }
    if (!body.parts().stream().allMatch(part -> part.is(RESOURCE_LISTS))) {
      throw new RequestRefused(415, "no SDP in the body", SipHeaders.of("Accept", ACCEPTED));
    }
    return Optional.empty();
  }

  private ToWhom toWhom(InboundInvite invite, Originator originator, MultipartBody body)
      throws RequestRefused {
    Target target = targets.of(invite.request());
    if (originator.throughCore()) {
      target = targets.servedUser(invite.request().headers(), target);
    }
    return switch (target) {
      case Target.Known(Subscriber one) -> one(one, Optional.empty(), originator);
      case Target.OneDevice(Subscriber one, DeviceId device) ->
          one(one, Optional.of(device), originator);
      case Target.Absent() -> throw Refusals.absent();
      case Target.Factory() -> listed(invite.flow(), body, originator);
      case Target.Focus(String user) -> new ToWhom.Focus(user);
      case Target.Server(), Target.Unknown() -> throw new RequestRefused(404, "unknown subscriber");
    };
  }

  private static ToWhom one(Subscriber one, Optional<DeviceId> device, Originator originator)
      throws RequestRefused {
    if (one.address().equals(originator.subscriber().address())) {
      throw new RequestRefused(403, "chat with oneself");
    }
    return new ToWhom.One(one.address(), device);
  }

  /// RFC 5366 §5: who is listed and known here. A URI that nobody has does not keep the others
  /// apart, as an INVITE to it would not; it is logged and counted.
  private ToWhom listed(Flow flow, MultipartBody body, Originator originator)
      throws RequestRefused {
    List<String> uris =
        body.first(RESOURCE_LISTS)
            .flatMap(part -> RecipientList.parse(part.content()))
            .filter(list -> !list.isEmpty())
            .orElseThrow(() -> new RequestRefused(400, "no usable recipient list"));
    Set<AddressOfRecord> known = new LinkedHashSet<>();
    List<String> strangers = new ArrayList<>();
    for (String uri : uris) {
      if (targets.of(uri) instanceof Target.Known(Subscriber one)) {
        known.add(one.address());
      } else {
        strangers.add(uri);
      }
    }
    known.remove(originator.subscriber().address());
    if (known.isEmpty()) {
      throw new RequestRefused(404, "nobody on the list is known");
    }
    refusals.leftOut(flow, strangers);
    return new ToWhom.Listed(List.copyOf(known));
  }

  private static Optional<FirstMessage> firstMessage(MultipartBody body) {
    return body.parts().stream()
        .filter(part -> FIRST_MESSAGES.stream().anyMatch(part::is))
        .findFirst()
        .map(part -> new FirstMessage(part.contentType(), part.content()));
  }

  private Device device(InboundInvite invite, Originator originator, Registration.Contact contact) {
    return registrations.seen(
        originator.subscriber().address(),
        gruus.resolved(contact),
        List.of(),
        Screening.deviceFlow(invite, originator.throughCore()));
  }

  private void begin(
      InboundInvite invite,
      Originator originator,
      Device device,
      ToWhom toWhom,
      Optional<SdpReading.Usable> offer,
      Optional<FirstMessage> firstMessage)
      throws RequestRefused {
    SipRequest request = invite.request();
    Optional<AddressOfRecord> peer =
        toWhom instanceof ToWhom.One one ? Optional.of(one.subscriber()) : Optional.empty();
    Optional<MsrpMedia> media =
        offer.map(its ->
            MediaText.media(its.message(), MsrpMedia.Setup.ACTIVE, chatHeaders.marked(request)));
    LegId leg = newLeg.get();
    if (!legs.add(leg, Leg.Inbound.offered(invite, offer, device, peer))) {
      throw new RequestRefused(
          503, "too many legs", SipHeaders.of("Retry-After", overload.retryAfter()));
    }
    events.invited(
        new InboundInvitation(
            leg,
            device,
            Screening.deviceFlow(invite, originator.throughCore())
                .map(direct -> Authentication.source(invite.flow())),
            toWhom,
            media,
            chatHeaders.marked(request) || media.map(MsrpMedia::multiClient).orElse(false),
            firstMessage,
            ChatHeaders.identifiers(request.headers()),
            ChatHeaders.expires(request.headers()),
            Screening.maxForwards(request),
            ChatHeaders.privacy(request.headers()) != ChatHeaders.Privacy.NONE));
    invite.onCancel(() -> legs.remove(leg).ifPresent(gone -> events.cancelled(leg)));
  }
}
