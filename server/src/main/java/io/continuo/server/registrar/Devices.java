package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Port: the devices of a subscriber at this moment. Any thread; never blocks.
public interface Devices {
  /// What there is of the subscriber with this primary address.
  Snapshot now(AddressOfRecord subscriber);

  /// Those that may be invited ([Snapshot#reachable]).
  default List<Device> of(AddressOfRecord subscriber) {
    return now(subscriber).reachable();
  }

  /// Every unexpired device is in one of the two.
  ///
  /// @param reachable in the order they were first known
  /// @param leftAlone devices that back off after a failed invite, be it of another conversation,
  ///   and for how long they still do
  record Snapshot(List<Device> reachable, Map<DeviceId, Duration> leftAlone) {
    public Snapshot {
      reachable = List.copyOf(reachable);
      leftAlone = Map.copyOf(leftAlone);
    }
  }
}
