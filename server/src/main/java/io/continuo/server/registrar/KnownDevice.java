package io.continuo.server.registrar;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A device as published to other threads: what [Devices#of] needs to judge by the time of the
/// question.
///
/// @param registered whether it has a binding of its own REGISTER
/// @param calls Call-IDs of the REGISTERs that bind it
/// @param backoffUntil not invited before; [Instant#MIN] when it does not back off
public record KnownDevice(
    Device device, boolean registered, Set<String> calls, Instant backoffUntil) {
  public KnownDevice {
    calls = Set.copyOf(calls);
  }

  public boolean backsOffAt(Instant now) {
    return backoffUntil.isAfter(now);
  }

  /// The device with the routes that last beyond `now`; empty when there is none.
  public Optional<Device> at(Instant now) {
    List<DeviceRoute> live =
        device.routes().stream().filter(route -> route.expires().isAfter(now)).toList();
    if (live.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        live.size() == device.routes().size()
            ? device
            : new Device(device.id(), device.source(), device.channel(), live));
  }
}
