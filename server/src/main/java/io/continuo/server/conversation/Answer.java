package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;

/// What one device answered to one delivered entry. One that a crash takes away only means that the
/// device is sent that entry once more.
///
/// @param sequence the entry it answered
public record Answer(DeviceId device, long sequence, DeliveryOutcome outcome, Instant at)
    implements CursorRecord {}
