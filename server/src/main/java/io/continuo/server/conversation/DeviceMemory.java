package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;

/// Port: until when devices were bound. It outlives their bindings, and is written with them.
/// Blocks; off the loops.
public interface DeviceMemory {
  /// Devices whose last binding ended before this time, as far as they are remembered. A binding
  /// that is removed counts as ended when it would have expired.
  List<DeviceId> unboundSince(Instant time) throws StoreUnavailable;

  /// Remembers nothing of those any more.
  void dropUnboundSince(Instant time) throws StoreUnavailable;
}
