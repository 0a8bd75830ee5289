package io.continuo.server.registrar;

import io.continuo.server.identity.DeviceId;

/// Port: who wants to know that a device came or went. Called on the registrar's loop; must return
/// at once.
public interface DeviceEvents {
  /// A device is there that was not, or registered anew or with another contact. A plain refresh is
  /// not told.
  void reachable(Device device);

  /// Its last binding expired or was removed.
  void unreachable(DeviceId device);
}
