package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;

/// The device was away for `session.device-forget-after`: what the log says of its place before
/// this no longer counts. When it comes back it is a new device.
public record Forgotten(DeviceId device, Instant at) implements CursorRecord {}
