package io.continuo.server.transport.sip;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.Registration;
import io.continuo.server.registrar.Registration.BoundContact;
import io.continuo.server.registrar.Registrations;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// REGISTERs that devices send us (RFC 3261 §10.3), and where those of an S-CSCF part ways.
///
/// Threading: the stack's threads; the answer is sent from the registrar's.
final class RegisterRequests {
  private static final Set<String> UNDERSTOOD = Set.of("path", "outbound", "gruu");

  private final String domain;
  private final OwnAddress own;
  private final Authentication authentication;
  private final Registrations registrations;
  private final ThirdPartyRegister thirdParty;
  private final Refusals refusals;

  RegisterRequests(
      String domain,
      OwnAddress own,
      Authentication authentication,
      Registrations registrations,
      ThirdPartyRegister thirdParty,
      Refusals refusals) {
    this.domain = domain;
    this.own = own;
    this.authentication = authentication;
    this.registrations = registrations;
    this.thirdParty = thirdParty;
    this.refusals = refusals;
  }

  void received(InboundRequest inbound) throws RequestRefused {
    SipRequest request = inbound.request();
    Screening.requiresOnly(request, UNDERSTOOD::contains);
    Optional<AddressOfRecord> from = address(request, "From");
    Optional<AddressOfRecord> to = address(request, "To");
    boolean forAnother = !from.equals(to);
    if (forAnother && authentication.trusted(inbound.flow())) {
      thirdParty.received(inbound);
      return;
    }
    if (!AddressOfRecord.parse(request.uri())
        .map(AddressOfRecord::host)
        .map(own::isOurs)
        .orElse(false)) {
      throw new RequestRefused(404, "not our domain");
    }
    Originator originator = authentication.authenticate(inbound, "To");
    if (forAnother && !from.map(originator.subscriber()::owns).orElse(false)) {
      throw new RequestRefused(403, "third-party REGISTER from no trusted peer");
    }
    register(inbound, originator);
  }

  private Optional<AddressOfRecord> address(SipRequest request, String header) {
    return request
        .headers()
        .first(header)
        .flatMap(NameAddr::parse)
        .flatMap(name -> own.canonical(name.uri()));
  }

  private void register(InboundRequest inbound, Originator originator) throws RequestRefused {
    SipRequest request = inbound.request();
    List<String> contacts = request.headers().elements("Contact");
    boolean removeAll = contacts.contains("*");
    OptionalInt expires = ChatHeaders.seconds(request.headers(), "Expires");
    if (removeAll && (contacts.size() > 1 || expires.orElse(-1) != 0)) {
      throw new RequestRefused(400, "Contact * without Expires 0");
    }
    Registration registration =
        new Registration(
            originator.subscriber().address(),
            DeviceSource.REGISTER,
            request.headers().first("Call-ID").orElse(""),
            Screening.cseq(request),
            removeAll ? List.of() : read(contacts),
            removeAll,
            expires,
            request.headers().elements("Path"),
            Screening.deviceFlow(inbound, false));
    registrations.register(registration, outcome -> answer(inbound, originator, outcome));
  }

  private static List<Registration.Contact> read(List<String> elements) throws RequestRefused {
    List<Registration.Contact> contacts = new ArrayList<>();
    for (String element : elements) {
      contacts.add(
          Screening.contact(element)
              .orElseThrow(() -> new RequestRefused(400, "no usable Contact")));
    }
    return contacts;
  }

  private void answer(InboundRequest inbound, Originator originator, Registration.Outcome outcome) {
    switch (outcome) {
      case Registration.Outcome.Bound(List<BoundContact> contacts) ->
          inbound.respond(SipResponse.of(200, bound(inbound.request(), originator, contacts)));
      case Registration.Outcome.Refused refused ->
          refusals.respond(inbound, refused.status(), reason(refused.status()), why(refused));
    }
  }

  private static SipHeaders bound(
      SipRequest request, Originator originator, List<BoundContact> contacts) {
    SipHeaders headers = SipHeaders.of("Supported", "path, outbound");
    for (BoundContact contact : contacts) {
      headers = headers.with("Contact", contactText(contact));
    }
    headers = headers.with("P-Associated-URI", associated(originator));
    if (supports(request, "path")) {
      for (String path : request.headers().lines("Path")) {
        headers = headers.with("Path", path);
      }
    }
    return usesOutbound(request) ? headers.with("Require", "outbound") : headers;
  }

  private static String contactText(BoundContact contact) {
    return "<"
        + contact.uri()
        + ">;expires="
        + contact.expires()
        + ChatHeaders.parameters(contact.parameters());
  }

  /// The addresses that the device may use (RFC 7315 §4.1).
  private static String associated(Originator originator) {
    List<String> uris = new ArrayList<>();
    uris.add("<" + originator.subscriber().address() + ">");
    originator.subscriber().aliases().stream().sorted().forEach(a -> uris.add("<" + a + ">"));
    return String.join(", ", uris);
  }

  private static boolean supports(SipRequest request, String tag) {
    return request.headers().elements("Supported").stream().anyMatch(tag::equalsIgnoreCase);
  }

  /// RFC 5626 §6: said when a flow was bound to an instance.
  private static boolean usesOutbound(SipRequest request) {
    return supports(request, "outbound")
        && request.headers().elements("Contact").stream()
            .flatMap(text -> NameAddr.parse(text).stream())
            .anyMatch(c -> c.parameter("reg-id").isPresent());
  }

  private SipHeaders why(Registration.Outcome.Refused refused) {
    SipHeaders headers = SipHeaders.NONE;
    if (refused.warning().isPresent()) {
      headers =
          headers.with(
              "Warning",
              "399 " + domain + " \"" + refused.warning().get().replace("\"", "'") + "\"");
    }
    return refused.minExpires().isPresent()
        ? headers.with("Min-Expires", Integer.toString(refused.minExpires().getAsInt()))
        : headers;
  }

  private static String reason(int status) {
    return switch (status) {
      case 403 -> "too many devices";
      case 423 -> "expires too brief";
      case 500 -> "old CSeq";
      case 503 -> "store unavailable";
      default -> "registration refused";
    };
  }
}
