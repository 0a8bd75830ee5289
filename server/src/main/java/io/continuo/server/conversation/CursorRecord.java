package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;

/// What a log says of one device's place in it. Written lazily, without waiting for the disk: what
/// a crash takes away costs the device a copy that it has already, never one that it has not. All
/// of a device's records make its [Cursor].
public sealed interface CursorRecord extends LogRecord permits Answer, Settled, Forgotten {
  DeviceId device();

  Instant at();
}
