package io.continuo.server.transport.sip;

import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.AnonymousUri;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.Registrations;
import io.continuo.server.registrar.Subscribers;
import io.continuo.sip.Flow;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.digest.DigestAuthentication;
import io.continuo.sip.digest.DigestVerdict;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds out who a request is from: a trusted CSCF asserts it (RFC 3325, RFC 5502), else
/// credentials prove it (RFC 8760), else the flow that a device registered over tells it, else it
/// is challenged. Known and unknown users get the same answers.
///
/// Threading: any thread; never blocks.
final class Authentication {
  private final Set<InetAddress> trustedPeers;
  private final AuthSettings.TrustFlow trustFlow;
  private final OwnAddress own;
  private final Subscribers subscribers;
  private final Registrations registrations;
  private final DigestAuthentication digest;

  Authentication(
      Set<String> trustedPeers,
      AuthSettings.TrustFlow trustFlow,
      OwnAddress own,
      Subscribers subscribers,
      Registrations registrations,
      DigestAuthentication digest) {
    this.trustedPeers =
        trustedPeers.stream().map(InetAddress::ofLiteral).collect(Collectors.toUnmodifiableSet());
    this.trustFlow = trustFlow;
    this.own = own;
    this.subscribers = subscribers;
    this.registrations = registrations;
    this.digest = digest;
  }

  /// Whether a message came from a CSCF whose assertions we believe.
  boolean trusted(Flow flow) {
    return trustedPeers.contains(flow.remote().getAddress());
  }

  /// @param claimant the header whose address the sender says is its own: `From`; `To` of a
  ///   REGISTER
  Originator authenticate(InboundRequest request, String claimant) throws RequestRefused {
    SipHeaders headers = request.request().headers();
    if (trusted(request.flow()) && !claimant.equals("To")) {
      List<AddressOfRecord> asserted = assertedBy(headers);
      if (!asserted.isEmpty()) {
        return fromCore(asserted);
      }
    }
    AddressOfRecord claimed =
        headers
            .first(claimant)
            .flatMap(NameAddr::parse)
            .flatMap(name -> own.canonical(name.uri()))
            .orElseThrow(() -> new RequestRefused(400, "no usable " + claimant));
    return proven(request, claimed);
  }

  /// The served user when it originates (RFC 5502 §4.2), else P-Asserted-Identity, which may name a
  /// SIP and a tel URI (RFC 3325 §9.1).
  private List<AddressOfRecord> assertedBy(SipHeaders headers) {
    List<String> served =
        headers.elements("P-Served-User").stream()
            .filter(user -> user.toLowerCase(Locale.ROOT).contains(";sescase=orig"))
            .toList();
    return (served.isEmpty() ? headers.elements("P-Asserted-Identity") : served)
        .stream()
            .flatMap(text -> NameAddr.parse(text).stream())
            .flatMap(name -> own.canonical(name.uri()).stream())
            .toList();
  }

  private Originator fromCore(List<AddressOfRecord> asserted) throws RequestRefused {
    for (AddressOfRecord address : asserted) {
      Optional<Subscriber> subscriber = subscribers.find(address);
      if (subscriber.isPresent()) {
        return new Originator(subscriber.get(), true);
      }
    }
    throw new RequestRefused(403, "asserted identity is no subscriber");
  }

  private Originator proven(InboundRequest request, AddressOfRecord claimed) throws RequestRefused {
    SipRequest r = request.request();
    DigestVerdict verdict =
        digest.judge(
            source(request.flow()), r.method(), r.uri(), r.headers().lines("Authorization"));
    return switch (verdict) {
      case DigestVerdict.Proven(String username) -> byCredentials(username, claimed);
      case DigestVerdict.Missing() -> byFlow(request, claimed);
      case DigestVerdict.Stale(String reason) -> throw challenge(reason, true);
      case DigestVerdict.Wrong(String reason) -> throw challenge(reason, false);
      case DigestVerdict.TooManyFailures() -> throw new RequestRefused(403, "too many failures");
    };
  }

  private Originator byCredentials(String username, AddressOfRecord claimed) throws RequestRefused {
    Subscriber subscriber =
        subscribers
            .credential(username)
            .map(DigestCredential::subscriber)
            .flatMap(subscribers::find)
            .orElseThrow(() -> challenge("credentials of no subscriber", false));
    if (!subscriber.owns(claimed) && !anonymous(claimed)) {
      throw new RequestRefused(403, "acts for somebody else");
    }
    return new Originator(subscriber, false);
  }

  private Originator byFlow(InboundRequest request, AddressOfRecord claimed) throws RequestRefused {
    boolean believed =
        switch (trustFlow) {
          case NONE -> false;
          case TCP -> request.flow().transport().reliable();
          case ALL -> true;
        };
    Subscriber subscriber =
        Screening.deviceFlow(request, !believed)
            .flatMap(registrations::ownerOfFlow)
            .flatMap(subscribers::find)
            .filter(owner -> owner.owns(claimed) || anonymous(claimed))
            .orElseThrow(() -> challenge(Refusals.NO_CREDENTIALS, false));
    return new Originator(subscriber, false);
  }

  private RequestRefused challenge(String reason, boolean stale) {
    SipHeaders headers = SipHeaders.NONE;
    for (String value : digest.challenges(stale)) {
      headers = headers.with("WWW-Authenticate", value);
    }
    return new RequestRefused(401, reason, headers);
  }

  private static boolean anonymous(AddressOfRecord address) {
    return address.host().equals(AnonymousUri.HOST);
  }

  static String source(Flow flow) {
    return flow.remote().getAddress().getHostAddress();
  }
}
