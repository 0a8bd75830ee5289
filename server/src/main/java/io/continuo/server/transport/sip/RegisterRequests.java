package io.continuo.server.transport.sip;

import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.LearnedDevice;
import io.continuo.server.registrar.Registration;
import io.continuo.server.registrar.Registration.BoundContact;
import io.continuo.server.registrar.Registrations;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeader;
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
  private static final SipHeader SUPPORTED = new SipHeader("Supported", "path, outbound, gruu");
  private static final List<String> EXTENSION_FIELDS = List.of("Supported", "Require");

  private final RegistrarSettings settings;
  private final Gruus gruus;
  private final OwnAddress own;
  private final Authentication authentication;
  private final Registrations registrations;
  private final ThirdPartyRegister thirdParty;
  private final Refusals refusals;
  private final Overload overload;

  RegisterRequests(
      RegistrarSettings settings,
      Gruus gruus,
      OwnAddress own,
      Authentication authentication,
      Registrations registrations,
      ThirdPartyRegister thirdParty,
      Refusals refusals,
      Overload overload) {
    this.settings = settings;
    this.gruus = gruus;
    this.own = own;
    this.authentication = authentication;
    this.registrations = registrations;
    this.thirdParty = thirdParty;
    this.refusals = refusals;
    this.overload = overload;
  }

  void received(InboundRequest inbound) throws RequestRefused {
    SipRequest request = inbound.request();
    Screening.requiresOnly(request, UNDERSTOOD::contains);
    Optional<AddressOfRecord> from = address(request, "From");
    boolean forAnother = !from.equals(address(request, "To"));
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
    List<Registration.Contact> bound = removeAll ? List.of() : read(contacts);
    refuseOwnGruu(bound);
    Options options = Options.of(request.headers(), bound);
    if (options.outbound() && !bound.stream().allMatch(Outbound::namesUsableFlow)) {
      throw new RequestRefused(400, "no usable reg-id");
    }
    if (options.namesFlow() && Outbound.lacksFirstHop(request)) {
      throw new RequestRefused(439, "first hop lacks outbound support");
    }
    Registration registration =
        new Registration(
            originator.subscriber().address(),
            DeviceSource.REGISTER,
            request.headers().first("Call-ID").orElse(""),
            Screening.cseq(request),
            bound,
            removeAll,
            expires,
            request.headers().elements("Path"),
            Screening.deviceFlow(inbound, false));
    registrations.register(registration, outcome -> answer(inbound, originator, options, outcome));
  }

  /// RFC 5627 §5.1: a GRUU that leads to itself.
  private void refuseOwnGruu(List<Registration.Contact> contacts) throws RequestRefused {
    if (contacts.stream().anyMatch(contact -> gruus.read(contact.uri()).isPresent())) {
      throw new RequestRefused(403, "Contact is a GRUU");
    }
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

  private void answer(
      InboundRequest inbound,
      Originator originator,
      Options options,
      Registration.Outcome outcome) {
    switch (outcome) {
      case Registration.Outcome.Bound(List<BoundContact> contacts) ->
          inbound.respond(SipResponse.of(200, bound(inbound, originator, options, contacts)));
      case Registration.Outcome.Refused refused ->
          refusals.respond(inbound, refused.status(), reason(refused.status()), why(refused));
    }
  }

  private SipHeaders bound(
      InboundRequest inbound, Originator originator, Options options, List<BoundContact> contacts) {
    AddressOfRecord subscriber = originator.subscriber().address();
    List<SipHeader> fields = new ArrayList<>();
    fields.add(SUPPORTED);
    for (BoundContact contact : contacts) {
      String gruu = options.gruu() ? gruu(subscriber, contact) : "";
      fields.add(new SipHeader("Contact", contactText(contact) + gruu));
    }
    fields.add(new SipHeader("P-Associated-URI", associated(originator)));
    if (options.path()) {
      for (String path : inbound.request().headers().lines("Path")) {
        fields.add(new SipHeader("Path", path));
      }
    }
    if (!settings.serviceRoute().isEmpty()) {
      fields.add(new SipHeader("Service-Route", DeviceWays.bracketed(settings.serviceRoute())));
    }
    SipHeaders headers = new SipHeaders(fields);
    return options.namesFlow() ? Outbound.granted(headers, inbound, settings.flowTimer()) : headers;
  }

  /// RFC 5627 §5.2: for every Contact of a named instance.
  private String gruu(AddressOfRecord subscriber, BoundContact contact) {
    return LearnedDevice.instance(contact.uri(), contact.parameters())
        .map(instance ->
            ";pub-gruu=\""
                + gruus.publicly(subscriber, instance)
                + "\";temp-gruu=\""
                + gruus.temporarily(subscriber, instance, contact.callId())
                + "\"")
        .orElse("");
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

  /// What a REGISTER says of extensions in Supported or Require; read once for all who ask.
  ///
  /// @param namesFlow whether it binds a flow to an instance (RFC 5626 §6)
  private record Options(boolean outbound, boolean gruu, boolean path, boolean namesFlow) {
    static Options of(SipHeaders headers, List<Registration.Contact> contacts) {
      boolean outbound = false;
      boolean gruu = false;
      boolean path = false;
      for (String name : EXTENSION_FIELDS) {
        for (String tag : headers.elements(name)) {
          outbound |= tag.equalsIgnoreCase("outbound");
          gruu |= tag.equalsIgnoreCase("gruu");
          path |= tag.equalsIgnoreCase("path");
        }
      }
      return new Options(outbound, gruu, path, outbound && nameFlow(contacts));
    }

    private static boolean nameFlow(List<Registration.Contact> contacts) {
      for (Registration.Contact contact : contacts) {
        Set<String> said = contact.parameters().keySet();
        if (said.contains("reg-id") && said.contains("+sip.instance")) {
          return true;
        }
      }
      return false;
    }
  }

  private SipHeaders why(Registration.Outcome.Refused refused) {
    SipHeaders headers = SipHeaders.NONE;
    if (refused.warning().isPresent()) {
      headers =
          headers.with(
              "Warning",
              "399 " + own.domain() + " \"" + refused.warning().get().replace("\"", "'") + "\"");
    }
    if (refused.status() == 503) {
      headers = headers.with("Retry-After", overload.retryAfter());
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
