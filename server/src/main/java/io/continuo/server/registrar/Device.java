package io.continuo.server.registrar;

import io.continuo.server.identity.DeviceId;
import java.util.List;

/// A device as it is known now. A snapshot: a later registration makes a new value.
///
/// @param id who it is; the same on every flow
/// @param source who told of it first
/// @param channel how it is reached
/// @param routes the ways to it, best first (latest registered flow first); never empty
public record Device(
    DeviceId id, DeviceSource source, ChannelKind channel, List<DeviceRoute> routes) {
  public Device {
    routes = List.copyOf(routes);
    if (routes.isEmpty()) {
      throw new IllegalArgumentException("a device without a route: " + id);
    }
  }

  /// The way to try first.
  public DeviceRoute route() {
    return routes.getFirst();
  }
}
