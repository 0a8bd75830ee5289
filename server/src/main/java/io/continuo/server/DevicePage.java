package io.continuo.server;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.KnownDevice;
import io.continuo.server.registrar.Subscribers;
import io.continuo.server.runtime.RegistrarService;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// `/devices` of the operations port: the devices of one subscriber, how each became known, and
/// every way to it. Empty for an address that nobody has.
///
/// Threading: any thread.
record DevicePage(RegistrarService registrar, Subscribers subscribers, InstantSource clock)
    implements Function<String, Optional<Object>> {

  /// @param subscriber its primary address
  record Page(String subscriber, List<Device> devices) {}

  /// @param instance its `+sip.instance`, else its Contact
  /// @param source who told of it first
  /// @param registered whether it registered here itself
  /// @param backsOffUntil not invited before, when it could not be reached; else null
  record Device(
      String instance,
      String source,
      boolean registered,
      String channel,
      Optional<String> backsOffUntil,
      List<Route> routes) {}

  /// One way to it, the one that is tried first coming first.
  ///
  /// @param flow the connection it registered over; null when there is none to use again
  record Route(
      String contact,
      Optional<String> flow,
      List<String> path,
      Map<String, String> features,
      String expires,
      long expiresInSeconds) {}

  @Override
  public Optional<Object> apply(String address) {
    return AddressOfRecord.parse(address)
        .flatMap(subscribers::find)
        .map(found -> page(found.address()));
  }

  private Page page(AddressOfRecord subscriber) {
    Instant now = clock.instant();
    return new Page(
        subscriber.uri(),
        registrar.known(subscriber).stream()
            .flatMap(known -> known.at(now).map(device -> device(known, device, now)).stream())
            .toList());
  }

  private static Device device(
      KnownDevice known, io.continuo.server.registrar.Device device, Instant now) {
    return new Device(
        device.id().instance(),
        word(device.source()),
        known.registered(),
        word(device.channel()),
        known.backsOffAt(now) ? Optional.of(seconds(known.backoffUntil())) : Optional.empty(),
        device.routes().stream().map(route -> route(route, now)).toList());
  }

  private static Route route(DeviceRoute route, Instant now) {
    return new Route(
        route.contact(),
        route.flow(),
        route.path(),
        new TreeMap<>(route.features()),
        seconds(route.expires()),
        now.until(route.expires(), ChronoUnit.SECONDS));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
