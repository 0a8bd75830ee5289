package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.b2bua.SipSignalling;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.configuration.SipSettings;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.Registrations;
import io.continuo.server.registrar.Subscribers;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipApplication;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.digest.DigestAlgorithm;
import io.continuo.sip.digest.DigestAuthentication;
import io.continuo.sip.digest.DigestNonces;
import io.continuo.sip.digest.FailureLimiter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// SIP in and SIP out: requests of devices become events of the chat and of the registrar, what the
/// chat wants said becomes requests to devices. Every rejection is answered, logged and counted
/// here.
///
/// Threading: any thread; the stack's threads come in by [SipApplication], the conversations' loops
/// by [SipSignalling]. Never blocks.
public final class SipGateway implements SipApplication, SipSignalling {
  private static final List<String> METHOD_ORDER =
      List.of(
          "INVITE", "ACK", "BYE", "CANCEL", "PRACK", "OPTIONS", "REGISTER", "MESSAGE", "UPDATE");

  /// What an endpoint for this gateway must allow.
  public static final Set<String> METHODS = Set.copyOf(METHOD_ORDER);

  static final String ALLOW = String.join(", ", METHOD_ORDER);

  /// Nonces that were used within their lifetime.
  private static final int MAX_USED_NONCES = 100_000;

  /// Pairs of source and user whose failures are counted.
  private static final int MAX_TRACKED_FAILURES = 100_000;

  /// 128 bits, see [LegId].
  private static final int LEG_ID_BYTES = 16;

  private final SecureRandom random;
  private final Subscribers subscribers;
  private final Registrations registrations;
  private final SipEvents events;
  private final OwnAddress own;
  private final Refusals refusals;
  private final Overload overload;
  private final Legs legs = new Legs(Legs.MAX);
  private final ReturningRequests returning;
  private final RegisterRequests registers;
  private final InviteRequests invites;
  private final MessageRequests messages;
  private final OptionsRequests options;
  private final InboundLegs inbound;
  private final OutboundLegs outbound;
  private final SessionRefreshes refreshes;

  /// @param msrp which MSRP media is taken
  /// @param overHighWater whether there is more to do than anything new had better be added to
  /// @param key by which our own requests and temporary GRUUs are known again, see [OriginToken],
  ///   [Gruus]
  public SipGateway(
      SipSettings sip,
      AuthSettings auth,
      MsrpTransportSettings msrp,
      SessionSettings session,
      RegistrarSettings registrar,
      Subscribers subscribers,
      Registrations registrations,
      SipEvents events,
      BooleanSupplier overHighWater,
      SipRefusals refused,
      InstantSource clock,
      SecureRandom random,
      byte[] key) {
    this.random = random;
    this.subscribers = subscribers;
    this.registrations = registrations;
    this.events = events;
    this.own = new OwnAddress(sip);
    this.refusals = new Refusals(refused);
    OriginToken tokens = new OriginToken(key, random);
    SessionExpiry expiry = new SessionExpiry(session.expires(), session.minExpires());
    ChatHeaders chatHeaders = new ChatHeaders(sip.optionTag());
    Gruus gruus = new Gruus(key, own, random);
    this.overload = new Overload(overHighWater, sip.retryAfter(), random);
    Targets targets = new Targets(sip.conferenceFactory(), own, subscribers, gruus, registrations);
    Authentication authentication =
        new Authentication(
            sip.trustedPeers(),
            auth.trustFlow(),
            own,
            subscribers,
            registrations,
            digest(sip, auth, subscribers, clock, random));
    this.returning = new ReturningRequests(tokens, authentication, own);
    this.registers =
        new RegisterRequests(
            registrar,
            gruus,
            own,
            authentication,
            registrations,
            new ThirdPartyRegister(own, subscribers, registrations, refusals),
            refusals,
            overload);
    this.messages =
        new MessageRequests(
            authentication, targets, registrations, events, refusals, gruus, overload);
    this.options = new OptionsRequests(authentication, targets, chatHeaders, registrations, gruus);
    MediaText text = new MediaText(sip.sdpMark(), random, new MediaPolicy(msrp));
    this.invites =
        new InviteRequests(
            authentication,
            targets,
            chatHeaders,
            text,
            registrations,
            legs,
            events,
            refusals,
            this::newLeg,
            expiry,
            gruus,
            overload);
    OutboundLegs.Dialogs dialogs =
        (party, offer) ->
            new ChatDialog(party, offer, text, legs, events, refusals, messages, expiry);
    this.refreshes = new SessionRefreshes(expiry, legs, events);
    this.inbound = new InboundLegs(own, text, chatHeaders, legs, refusals, dialogs, expiry, events);
    this.outbound =
        new OutboundLegs(
            own,
            new DeviceWays(sip.outboundProxy()),
            new DeviceRequests(own, chatHeaders, tokens, expiry),
            text,
            chatHeaders,
            registrations,
            legs,
            events,
            dialogs,
            expiry);
  }

  private static DigestAuthentication digest(
      SipSettings sip,
      AuthSettings auth,
      Subscribers subscribers,
      InstantSource clock,
      SecureRandom random) {
    return new DigestAuthentication(
        auth.realm(),
        Stream.of(sip.domain(), sip.uriHost())
            .map(host -> host.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet()),
        auth.algorithms().stream().flatMap(a -> DigestAlgorithm.of(a).stream()).toList(),
        new DigestNonces(clock, auth.nonceLifetime(), MAX_USED_NONCES, random),
        new FailureLimiter(clock, auth.failureLimit(), auth.failureWindow(), MAX_TRACKED_FAILURES),
        user -> subscribers.credential(user).map(DigestCredential::ha1));
  }

  /// Gives the endpoint that was started with this gateway as its application. Requests that come
  /// before get 503.
  public void attach(SipEndpoint endpoint) {
    own.attach(endpoint);
  }

  /// Legs that live now, for the gauge.
  public int legs() {
    return legs.size();
  }

  public LegId newLeg() {
    byte[] bits = new byte[LEG_ID_BYTES];
    random.nextBytes(bits);
    return new LegId(HexFormat.of().formatHex(bits));
  }

  @Override
  public boolean passesOn(Flow flow, SipRequest request) {
    return returning.passOn(flow, request);
  }

  @Override
  public void invited(InboundInvite invite) {
    answered(invite, () -> invites.invited(invite));
  }

  @Override
  public void requested(InboundRequest request) {
    answered(
        request,
        () -> {
          switch (request.request().method()) {
            case "REGISTER" -> registers.received(request);
            case "MESSAGE" -> messages.received(request);
            case "OPTIONS" -> options.received(request);
            case "BYE", "UPDATE" -> throw new RequestRefused(481, "no such dialog");
            default ->
                throw new RequestRefused(
                    405, "method not supported", SipHeaders.of("Allow", ALLOW));
          }
        });
  }

  /// What a request asks for, or why it is refused.
  private interface Step {
    void run() throws RequestRefused;
  }

  private void answered(InboundRequest request, Step step) {
    try {
      if (own.endpoint().isEmpty()) {
        throw new RequestRefused(503, "starting", SipHeaders.of("Retry-After", "1"));
      }
      overload.refuseNew(request.request());
      returning.refuseStray(request);
      step.run();
    } catch (RequestRefused refused) {
      refusals.respond(request, refused.refusal());
    }
  }

  @Override
  public void screened(Flow flow, String method, int status, String reason) {
    refusals.note(flow, method, status, reason);
  }

  @Override
  public void flowClosed(Flow flow) {
    registrations.flowClosed(flow.toString());
  }

  @Override
  public void invite(LegId leg, Invitation invitation) {
    outbound.invite(leg, invitation, peer(invitation));
  }

  /// The other side of a one-to-one chat: who started it, or for a device of that same subscriber
  /// the one that was addressed.
  private Optional<AddressOfRecord> peer(Invitation invitation) {
    if (invitation.focus().isPresent()) {
      return Optional.empty();
    }
    Optional<Subscriber> from = subscribers.find(invitation.from());
    boolean sibling = from.map(s -> s.owns(invitation.device().id().owner())).orElse(false);
    return (sibling ? own.canonical(invitation.to()).flatMap(subscribers::find) : from)
        .map(Subscriber::address);
  }

  @Override
  public void ring(LegId leg) {
    if (legs.find(leg).orElse(null) instanceof Leg.Inbound ringing) {
      inbound.ring(ringing);
    }
  }

  @Override
  public void answer(LegId leg, MsrpMedia media, String focus, ConversationHeaders headers) {
    if (legs.find(leg).orElse(null) instanceof Leg.Inbound invited) {
      inbound.answer(leg, invited, media, focus, headers);
    }
  }

  @Override
  public void refuse(LegId leg, int status, String reason) {
    inbound.refuse(leg, status, reason);
  }

  @Override
  public void cancel(LegId leg, boolean answeredElsewhere) {
    if (legs.find(leg).orElse(null) instanceof Leg.Outbound calling) {
      SipHeaders why = answeredElsewhere ? ChatHeaders.answeredElsewhere() : SipHeaders.NONE;
      outbound.end(leg, calling, why, why);
    }
  }

  @Override
  public void bye(LegId leg, ByeReason reason) {
    switch (legs.find(leg).orElse(null)) {
      case Leg.Inbound invited -> inbound.end(leg, invited, reason);
      case Leg.Outbound called ->
          outbound.end(leg, called, SipHeaders.NONE, ChatHeaders.reason(reason));
      case null -> {
        // It ended meanwhile.
      }
    }
  }

  @Override
  public void refresh(LegId leg, Duration expires) {
    refreshes.refresh(leg, expires);
  }

  @Override
  public void page(
      LegId leg,
      Device device,
      AddressOfRecord from,
      String to,
      Optional<String> replyTo,
      int maxForwards,
      ConversationEffect.Deliver message) {
    outbound.page(leg, device, from, to, replyTo, maxForwards, message);
  }
}
