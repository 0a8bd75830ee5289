package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;

/// What one device answered to one delivered entry. Written lazily, without waiting for the disk:
/// an answer that a crash takes away only means that the device is sent that entry once more. All
/// of a device's answers make its [Cursor].
///
/// @param sequence the entry it answered
public record Answer(DeviceId device, long sequence, DeliveryOutcome outcome, Instant at)
    implements LogRecord {}
