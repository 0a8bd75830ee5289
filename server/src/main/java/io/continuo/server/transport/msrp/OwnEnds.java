package io.continuo.server.transport.msrp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.continuo.server.b2bua.MsrpEnd;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.MsrpTransportSettings.Offer;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.server.transport.tls.TlsMaterial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Our end of each leg for the SDP: over what, at which port, with which fingerprint. An answer is
/// over what was offered; what we offer is policy (`msrp.offer`).
///
/// Who connects is the invited device's choice, until it has chosen to wait and could not be
/// connected to: from then on it is offered that we wait. When it does not connect then, it may
/// choose again.
///
/// Limit: [#MAX_REMEMBERED] of each: devices whose last offer is remembered, devices that have to
/// connect, legs that were offered something. When full the least used one is forgotten and counts
/// as one that never offered, that may choose, that nothing is learnt from.
///
/// Threading: any thread.
final class OwnEnds {
  /// Of each kind.
  static final int MAX_REMEMBERED = 100_000;

  private final String host;
  private final MsrpTransportSettings settings;
  private final Optional<TlsMaterial> tls;
  private final ToIntFunction<Carrier> ports;
  private final Cache<DeviceId, Carrier> lastOffers = remembering();
  private final Cache<DeviceId, Boolean> connecting = remembering();
  private final Cache<LegId, DeviceId> offeredTo = remembering();

  /// @param host what we write into `a=path` and `c=`
  /// @param tls needed when TLS is spoken
  /// @param ports where each carrier that is spoken listens
  OwnEnds(
      String host,
      MsrpTransportSettings settings,
      Optional<TlsMaterial> tls,
      ToIntFunction<Carrier> ports) {
    this.host = host;
    this.settings = settings;
    this.tls = tls;
    this.ports = ports;
  }

  /// Kept in order by who writes, in small steps: not by a thread of the common pool that is woken
  /// for each leg.
  private static <K, V> Cache<K, V> remembering() {
    return Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).executor(Runnable::run).build();
  }

  MsrpEnd offer(LegId leg, Device device) {
    offeredTo.put(leg, device.id());
    boolean connects = connecting.getIfPresent(device.id()) != null;
    return end(leg, offered(device), settings.cema(), connects);
  }

  /// No connection came of what this leg was offered.
  ///
  /// @param role what we offered
  void neverBound(LegId leg, Setup role) {
    DeviceId device = offeredTo.getIfPresent(leg);
    if (device == null) {
      return;
    }
    switch (role) {
      case ACTPASS -> connecting.put(device, true);
      case PASSIVE -> connecting.invalidate(device);
      case ACTIVE -> {} // never offered
    }
  }

  /// The leg is gone.
  void forget(LegId leg) {
    offeredTo.invalidate(leg);
  }

  MsrpEnd answer(LegId leg, Device device, MsrpMedia offer) {
    Carrier carrier = Carrier.of(offer);
    lastOffers.put(device.id(), carrier);
    return end(leg, carrier, settings.cema() && offer.carriage().cema(), false);
  }

  private MsrpEnd end(LegId leg, Carrier carrier, boolean cema, boolean peerConnects) {
    int port = ports.applyAsInt(carrier);
    boolean verifiable = carrier.isSecure() && !carrier.isWebSocket();
    return new MsrpEnd(
        List.of(carrier.uri(host, port, leg.value()).toString()),
        new MsrpMedia.Carriage(
            carrier.isSecure(),
            host,
            cema && !carrier.isWebSocket(),
            verifiable ? tls.orElseThrow().fingerprints(host) : List.of()),
        peerConnects);
  }

  private Carrier offered(Device device) {
    return preferred(device).stream()
        .filter(carrier -> settings.speaks(carrier.text()))
        .filter(carrier -> carrier.isSecure() || !settings.requireTls())
        .findFirst()
        .orElseThrow(); // The settings see to it that one of all is left.
  }

  /// All carriers, the one that suits the device best first.
  private List<Carrier> preferred(Device device) {
    List<Carrier> order = new ArrayList<>();
    Optional<Carrier> signalled = signalled(device);
    Optional<Carrier> last = Optional.ofNullable(lastOffers.getIfPresent(device.id()));
    signalled
        .filter(Carrier::isWebSocket)
        .or(() -> last.filter(Carrier::isWebSocket))
        .ifPresent(page ->
            order.addAll(
                page.isSecure()
                    ? List.of(Carrier.WSS, Carrier.WS)
                    : List.of(Carrier.WS, Carrier.WSS)));
    boolean tlsFirst =
        settings.offer() == Offer.TLS
            || settings.offer() == Offer.AS_SIGNALLED
                && (signalled.filter(Carrier::isSecure).isPresent()
                    || last.filter(Carrier::isSecure).isPresent());
    order.addAll(tlsFirst ? List.of(Carrier.TLS, Carrier.TCP) : List.of(Carrier.TCP, Carrier.TLS));
    order.addAll(List.of(Carrier.WSS, Carrier.WS));
    return order;
  }

  /// By the flow that it registered over: `wss/192.0.2.1:5060/17`.
  private static Optional<Carrier> signalled(Device device) {
    return device.route().flow().stream()
        .flatMap(flow -> List.of(Carrier.values()).stream().filter(c -> isOver(flow, c)))
        .findFirst();
  }

  private static boolean isOver(String flow, Carrier carrier) {
    return flow.regionMatches(true, 0, carrier.text() + "/", 0, carrier.text().length() + 1);
  }
}
