package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.b2bua.SipEvents.Addressee;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.Registration;
import io.continuo.server.registrar.Registrations;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pager MESSAGEs (RFC 3428) that devices send us, inside a dialog or outside.
///
/// Threading: the stack's threads; the answer is sent from the conversation's loop.
final class MessageRequests {
  /// What a MESSAGE may carry: messages, disposition notifications (RFC 5438 §10), is-composing
  /// (RFC 3994).
  static final List<String> TYPES =
      List.of("message/cpim", "text/plain", "message/imdn+xml", "application/im-iscomposing+xml");

  private final Authentication authentication;
  private final Targets targets;
  private final Registrations registrations;
  private final SipEvents events;
  private final Refusals refusals;
  private final Gruus gruus;
  private final Overload overload;

  MessageRequests(
      Authentication authentication,
      Targets targets,
      Registrations registrations,
      SipEvents events,
      Refusals refusals,
      Gruus gruus,
      Overload overload) {
    this.authentication = authentication;
    this.targets = targets;
    this.registrations = registrations;
    this.events = events;
    this.refusals = refusals;
    this.gruus = gruus;
    this.overload = overload;
  }

  void received(InboundRequest inbound) throws RequestRefused {
    Screening.maxForwards(inbound.request());
    Screening.requiresOnly(inbound.request(), tag -> false);
    Originator originator = authentication.authenticate(inbound, "From");
    String contentType = contentType(inbound.request());
    Addressee to = to(inbound.request(), originator);
    submit(inbound, device(inbound, originator), to, contentType);
  }

  /// The dialog tells who is speaking to whom; in a group's our Contact names the focus, whatever
  /// the Request-URI says.
  ///
  /// @param contact ours
  void inDialog(
      InboundRequest inbound, Device device, Optional<AddressOfRecord> peer, String contact)
      throws RequestRefused {
    String contentType = contentType(inbound.request());
    submit(
        inbound,
        device,
        peer.isPresent() ? new Addressee.One(peer.get()) : group(contact),
        contentType);
  }

  private Addressee group(String contact) throws RequestRefused {
    Optional<Target> focus = NameAddr.parse(contact).map(name -> targets.of(name.uri()));
    if (focus.orElse(null) instanceof Target.Focus(String user)) {
      return new Addressee.Group(user);
    }
    throw new RequestRefused(404, "MESSAGE to nobody in a group's dialog");
  }

  private static String contentType(SipRequest request) throws RequestRefused {
    Screening.plainBody(request);
    String type = request.headers().first("Content-Type").orElse("");
    if (!TYPES.contains(MultipartBody.mediaType(type))) {
      throw new RequestRefused(
          415, "content type", SipHeaders.of("Accept", String.join(", ", TYPES)));
    }
    return type;
  }

  private Addressee to(SipRequest request, Originator originator) throws RequestRefused {
    Target target = targets.of(request);
    if (originator.throughCore()) {
      target = targets.servedUser(request.headers(), target);
    }
    return switch (target) {
      case Target.Known(Subscriber one) -> one(one, Optional.empty(), originator);
      case Target.OneDevice(Subscriber one, DeviceId device) ->
          one(one, Optional.of(device), originator);
      case Target.Absent() -> throw Refusals.absent();
      case Target.Focus(String user) -> new Addressee.Group(user);
      case Target.Server(), Target.Factory(), Target.Unknown() ->
          throw new RequestRefused(404, "unknown subscriber");
    };
  }

  private static Addressee one(Subscriber to, Optional<DeviceId> device, Originator originator)
      throws RequestRefused {
    if (to.address().equals(originator.subscriber().address())) {
      throw new RequestRefused(403, "chat with oneself");
    }
    return new Addressee.One(to.address(), device);
  }

  /// RFC 3428 §4 forbids a Contact in MESSAGE, so the flow tells the device; some clients send one.
  private Device device(InboundRequest inbound, Originator originator) {
    Registration.Contact contact =
        Screening.contact(inbound.request())
            .map(gruus::resolved)
            .orElseGet(() -> fromFlow(inbound.flow(), originator));
    return registrations.seen(
        originator.subscriber().address(),
        contact,
        List.of(),
        Screening.deviceFlow(inbound, originator.throughCore()));
  }

  private static Registration.Contact fromFlow(Flow flow, Originator originator) {
    String address = flow.remote().getAddress().getHostAddress();
    String host = address.contains(":") ? "[" + address + "]" : address;
    String user = originator.subscriber().address().user();
    return new Registration.Contact(
        "sip:"
            + (user.isEmpty() ? "" : user + "@")
            + host
            + ":"
            + flow.remote().getPort()
            + ";transport="
            + flow.transport().uriParameter(),
        Map.of());
  }

  private void submit(InboundRequest inbound, Device from, Addressee to, String contentType)
      throws RequestRefused {
    SipRequest request = inbound.request();
    events.message(
        from,
        to,
        ChatHeaders.identifiers(request.headers()),
        ChatHeaders.privacy(request.headers()) != ChatHeaders.Privacy.NONE,
        request.headers().elements("Request-Disposition").stream()
            .anyMatch("no-fork"::equalsIgnoreCase),
        Screening.maxForwards(request),
        request.headers().first("Call-ID").orElse(""),
        contentType,
        request.body(),
        result -> answer(inbound, result));
  }

  private void answer(InboundRequest inbound, SubmitResult result) {
    switch (result) {
      case SubmitResult.Accepted(), SubmitResult.Duplicate() ->
          inbound.respond(SipResponse.of(200));
      case SubmitResult.Refused(int status, String reason) ->
          refusals.respond(inbound, status, reason, SipHeaders.NONE);
      case SubmitResult.Unavailable(String reason) ->
          refusals.respond(
              inbound, 503, reason, SipHeaders.of("Retry-After", overload.retryAfter()));
    }
  }
}
