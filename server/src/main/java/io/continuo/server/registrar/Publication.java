package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What everybody may see of a subscriber now, and who has to be told of what changed.
///
/// @param devices in the order they were first known; empty when none is left
/// @param flows open flows that a device registered over, and until when
/// @param reachable for [DeviceEvents#reachable]
/// @param unreachable for [DeviceEvents#unreachable]
public record Publication(
    AddressOfRecord subscriber,
    List<KnownDevice> devices,
    Map<String, Instant> flows,
    List<Device> reachable,
    List<DeviceId> unreachable) {
  public Publication {
    devices = List.copyOf(devices);
    flows = Map.copyOf(flows);
    reachable = List.copyOf(reachable);
    unreachable = List.copyOf(unreachable);
  }
}
