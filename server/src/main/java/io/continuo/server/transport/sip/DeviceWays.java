package io.continuo.server.transport.sip;

import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.sip.Flow;
import io.continuo.sip.NextHop;
import io.continuo.sip.SipEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the ways to a device, the best first: its open flows, the latest registered before the
/// others (RFC 5626 §5.3), then what leads to it without a flow. As many as it has routes.
///
/// @param outboundProxy the CSCF through which devices of the core are reached; empty for none
record DeviceWays(String outboundProxy) {

  /// Never empty, and none twice.
  List<Way> to(Device device, SipEndpoint endpoint) {
    List<Way> ways = new ArrayList<>();
    List<DeviceRoute> flowless = new ArrayList<>();
    for (DeviceRoute route : device.routes()) {
      openFlow(route, endpoint)
          .ifPresentOrElse(flow -> ways.add(overFlow(route, flow)), () -> flowless.add(route));
    }
    boolean reachable = !ways.isEmpty();
    for (DeviceRoute route : flowless) {
      // A flow that broke is not dialled (RFC 5626 §5.3), unless nothing else is left: after a
      // restart of ours every flow is unknown.
      if (!reachable || route.regId() == 0 || !route.path().isEmpty()) {
        ways.add(isOfCore(device) ? throughCore(device, route) : byContact(device, route));
      }
    }
    return ways.stream().distinct().toList();
  }

  private static Optional<Flow> openFlow(DeviceRoute route, SipEndpoint endpoint) {
    return route.flow().flatMap(Flow::parse).filter(endpoint::isOpen);
  }

  private static Way overFlow(DeviceRoute route, Flow flow) {
    return new Way(
        route.contact(), path(route), Optional.empty(), new NextHop.OverFlow(flow), false);
  }

  /// Known from the core only: what it told of, or brought.
  private boolean isOfCore(Device device) {
    return !outboundProxy.isEmpty() && device.source() != DeviceSource.REGISTER;
  }

  /// The S-CSCF knows Contact and Path of the device; we name the device by its public GRUU (RFC
  /// 5627 §3.1), else by its subscriber and its instance (TS 24.229 §5.7.3). Only a device that has
  /// neither is named by its Contact.
  private Way throughCore(Device device, DeviceRoute route) {
    List<String> toCscf = List.of(bracketed(outboundProxy));
    Optional<String> instance = instance(device);
    Optional<String> gruu =
        Optional.ofNullable(route.features().get("pub-gruu"))
            .filter(DeviceWays::isSip)
            .or(() -> Optional.of(route.contact()).filter(Gruus::isGruu));
    if (gruu.isPresent()) {
      return new Way(gruu.get(), toCscf, Optional.empty(), new NextHop.ByRoute(), true);
    }
    if (instance.isPresent() || !isSip(route.contact())) {
      String subscriber = device.id().owner().uri();
      return new Way(subscriber, toCscf, instance, new NextHop.ByRoute(), true);
    }
    List<String> routes = new ArrayList<>(toCscf);
    routes.addAll(path(route));
    return new Way(route.contact(), routes, Optional.empty(), new NextHop.ByRoute(), true);
  }

  private static Way byContact(Device device, DeviceRoute route) {
    return isSip(route.contact())
        ? new Way(route.contact(), path(route), Optional.empty(), new NextHop.ByRoute(), false)
        : new Way(
            device.id().owner().uri(), List.of(), instance(device), new NextHop.ByRoute(), false);
  }

  private static Optional<String> instance(Device device) {
    return Optional.of(device.id().instance())
        .filter(instance -> instance.startsWith("urn:"))
        .map(instance -> "*;+sip.instance=\"<" + instance + ">\";require;explicit");
  }

  static List<String> path(DeviceRoute route) {
    return route.path().stream().map(DeviceWays::bracketed).toList();
  }

  private static boolean isSip(String uri) {
    return uri.matches("(?i)sips?:.+");
  }

  static String bracketed(String uri) {
    return uri.contains("<") ? uri : "<" + uri + ">";
  }
}
