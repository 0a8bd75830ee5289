package io.continuo.server.transport.sip;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.KnownDevice;
import io.continuo.server.registrar.Registrations;
import io.continuo.server.registrar.Subscribers;
import io.continuo.sip.NameAddr;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads whom a request addresses: the Request-URI decides; To only when the Request-URI names this
/// host and nobody there, as simple clients write it.
final class Targets {
  /// The value of a group's [io.continuo.server.identity.ConversationId].
  private static final Pattern FOCUS = Pattern.compile("g-[0-9a-f-]{36}");

  private final String factory;
  private final OwnAddress own;
  private final Subscribers subscribers;
  private final Gruus gruus;
  private final Registrations registrations;

  Targets(
      String factory,
      OwnAddress own,
      Subscribers subscribers,
      Gruus gruus,
      Registrations registrations) {
    this.factory = factory;
    this.own = own;
    this.subscribers = subscribers;
    this.gruus = gruus;
    this.registrations = registrations;
  }

  Target of(SipRequest request) {
    Target target = of(request.uri());
    boolean nobodyAtThisHost =
        switch (target) {
          case Target.Server() -> true;
          case Target.Unknown() -> namesThisHost(request.uri());
          case Target.Factory(),
              Target.Focus _,
              Target.Known _,
              Target.OneDevice _,
              Target.Absent() ->
              false;
        };
    Optional<String> to = uri(request.headers(), "To");
    return nobodyAtThisHost && to.isPresent() ? of(to.get()) : target;
  }

  /// On the terminating side of ISC the served user is the one called (RFC 5502 §4.2).
  Target servedUser(SipHeaders headers, Target otherwise) {
    if (otherwise instanceof Target.OneDevice) {
      return otherwise;
    }
    return headers
        .first("P-Served-User")
        .flatMap(NameAddr::parse)
        .filter(served -> served.parameter("sescase").orElse("").startsWith("term"))
        .map(served -> of(served.uri()))
        .orElse(otherwise);
  }

  Target of(String uri) {
    return gruus
        .read(uri)
        .map(this::device)
        .orElseGet(() -> own.canonical(uri).map(this::of).orElse(new Target.Unknown()));
  }

  /// RFC 5627 §6.1: an invalid one is 404; one whose device is not registered is 480.
  private Target device(Gruus.Named gruu) {
    Optional<Subscriber> subscriber = subscribers.find(gruu.subscriber());
    if (subscriber.isEmpty()) {
      return new Target.Unknown();
    }
    Optional<KnownDevice> device = registrations.known(subscriber.get().address(), gruu.instance());
    return switch (gruu) {
      case Gruus.Named.Publicly _ ->
          device
              .<Target>map(one -> new Target.OneDevice(subscriber.get(), one.device().id()))
              .orElse(new Target.Absent());
      case Gruus.Named.Temporarily temporary ->
          device
              .filter(one -> one.calls().stream().anyMatch(temporary::isOf))
              .<Target>map(one -> new Target.OneDevice(subscriber.get(), one.device().id()))
              .orElse(new Target.Unknown());
    };
  }

  private Target of(AddressOfRecord address) {
    String user = address.user();
    if (own.isOurs(address.host())) {
      if (user.isEmpty() || user.equals(OwnAddress.SERVER_USER)) {
        return new Target.Server();
      }
      if (user.equals(factory)) {
        return new Target.Factory();
      }
      if (FOCUS.matcher(user).matches()) {
        return new Target.Focus(user);
      }
    }
    return subscribers.find(address).<Target>map(Target.Known::new).orElse(new Target.Unknown());
  }

  private boolean namesThisHost(String uri) {
    String host = AddressOfRecord.parse(uri).map(AddressOfRecord::host).orElse("");
    return own.isOurs(host) && !own.isDomain(host);
  }

  private static Optional<String> uri(SipHeaders headers, String name) {
    return headers.first(name).flatMap(NameAddr::parse).map(NameAddr::uri);
  }
}
