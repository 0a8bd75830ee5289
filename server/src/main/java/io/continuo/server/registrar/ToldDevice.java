package io.continuo.server.registrar;

import java.time.Instant;

/// A device that a source other than REGISTER told of: learned, present or provisioned. Not stored
/// by the registrar; its source tells it again after a restart.
record ToldDevice(Device device, Instant since) {

  boolean liveAt(Instant now) {
    return expires().isAfter(now);
  }

  Instant expires() {
    return device.routes().stream()
        .map(DeviceRoute::expires)
        .max(Instant::compareTo)
        .orElse(Instant.MIN);
  }

  boolean isToldBy(DeviceSource source) {
    return device.source() == source;
  }
}
