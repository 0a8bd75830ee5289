package io.continuo.server.transport.sip;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.Registration;
import io.continuo.server.registrar.Registrations;
import io.continuo.server.registrar.Subscribers;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A REGISTER by which an S-CSCF tells of a subscriber's registration (TS 24.229 §5.4.1.7). Its
/// From and Contact are the S-CSCF's own and no device; the devices stand in the body, as the
/// REGISTER that the S-CSCF got and the 200 that it gave.
final class ThirdPartyRegister {
  private static final String MESSAGE_SIP = "message/sip";

  private final OwnAddress own;
  private final Subscribers subscribers;
  private final Registrations registrations;
  private final Refusals refusals;

  ThirdPartyRegister(
      OwnAddress own, Subscribers subscribers, Registrations registrations, Refusals refusals) {
    this.own = own;
    this.subscribers = subscribers;
    this.registrations = registrations;
    this.refusals = refusals;
  }

  /// What the body tells.
  private record Told(
      List<Registration.Contact> contacts, OptionalInt expires, List<String> path) {}

  void received(InboundRequest inbound) throws RequestRefused {
    SipRequest request = inbound.request();
    AddressOfRecord subscriber =
        request
            .headers()
            .first("To")
            .flatMap(NameAddr::parse)
            .flatMap(to -> own.canonical(to.uri()))
            .flatMap(subscribers::find)
            .orElseThrow(() -> new RequestRefused(404, "unknown subscriber"))
            .address();
    boolean gone = expires(request).orElse(-1) == 0;
    Told told =
        gone
            ? new Told(List.of(), OptionalInt.of(0), List.of())
            : told(Screening.body(request), expires(request));
    if (!gone && told.contacts().isEmpty()) {
      // The S-CSCF was not asked to enclose the messages: it tells of no device that can be
      // invited.
      inbound.respond(ok(request));
      return;
    }
    registrations.register(
        new Registration(
            subscriber,
            DeviceSource.THIRD_PARTY_REGISTER,
            request.headers().first("Call-ID").orElse(""),
            Screening.cseq(request),
            told.contacts(),
            gone,
            told.expires(),
            told.path(),
            Optional.empty()),
        outcome -> answer(inbound, outcome));
  }

  private static OptionalInt expires(SipRequest request) {
    OptionalInt header = ChatHeaders.seconds(request.headers(), "Expires");
    return header.isPresent()
        ? header
        : Screening.contact(request)
            .flatMap(contact -> Optional.ofNullable(contact.parameters().get("expires")))
            .map(text -> ChatHeaders.seconds(SipHeaders.of("Expires", text), "Expires"))
            .orElse(OptionalInt.empty());
  }

  private static Told told(MultipartBody body, OptionalInt outerExpires) {
    List<EnclosedMessage> messages =
        body.parts().stream()
            .filter(part -> part.is(MESSAGE_SIP))
            .map(part -> EnclosedMessage.parse(part.content()))
            .toList();
    Optional<SipHeaders> register = headers(messages.stream().filter(EnclosedMessage::isRegister));
    Optional<SipHeaders> ok = headers(messages.stream().filter(EnclosedMessage::isOk));
    OptionalInt expires =
        register.map(h -> ChatHeaders.seconds(h, "Expires")).orElse(OptionalInt.empty());
    return new Told(
        contacts(register, ok),
        expires.isPresent() ? expires : outerExpires,
        register.map(h -> h.elements("Path")).orElse(List.of()));
  }

  private static Optional<SipHeaders> headers(Stream<EnclosedMessage> messages) {
    return messages.map(EnclosedMessage::headers).findFirst();
  }

  /// The 200 lists what is bound now, with the true expiry; what the REGISTER named and the 200
  /// does not was removed. Without a 200 the REGISTER's own list counts.
  private static List<Registration.Contact> contacts(
      Optional<SipHeaders> register, Optional<SipHeaders> ok) {
    List<Registration.Contact> asked = register.map(ThirdPartyRegister::contacts).orElse(List.of());
    if (ok.isEmpty()) {
      return asked;
    }
    List<Registration.Contact> all = new ArrayList<>(contacts(ok.get()));
    List<String> bound = all.stream().map(Registration.Contact::uri).toList();
    for (Registration.Contact contact : asked) {
      if (!bound.contains(contact.uri())) {
        Map<String, String> parameters = new HashMap<>(contact.parameters());
        parameters.put("expires", "0");
        all.add(new Registration.Contact(contact.uri(), parameters));
      }
    }
    return all;
  }

  private static List<Registration.Contact> contacts(SipHeaders headers) {
    return headers.elements("Contact").stream()
        .flatMap(element -> Screening.contact(element).stream())
        .toList();
  }

  private void answer(InboundRequest inbound, Registration.Outcome outcome) {
    switch (outcome) {
      case Registration.Outcome.Bound _ -> inbound.respond(ok(inbound.request()));
      case Registration.Outcome.Refused refused ->
          refusals.respond(
              inbound, refused.status(), "third-party registration refused", SipHeaders.NONE);
    }
  }

  /// Binds the S-CSCF's own Contact, as far as it can tell.
  private static SipResponse ok(SipRequest request) {
    SipHeaders headers = SipHeaders.NONE;
    for (String name : List.of("Contact", "Expires")) {
      for (String value : request.headers().lines(name)) {
        headers = headers.with(name, value);
      }
    }
    return SipResponse.of(200, headers);
  }
}
