package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;

/// Nothing up to this entry is owed to the device. Noted when a device that is up to date goes, so
/// that it can be seen from outside whether something came since ([ConversationLog#mayOwe]).
///
/// @param sequence the newest entry then
public record Settled(DeviceId device, long sequence, Instant at) implements CursorRecord {}
