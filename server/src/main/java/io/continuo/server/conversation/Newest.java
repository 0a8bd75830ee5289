package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;

/// The newest entries that a subscriber may see, so far as to say for each of its devices what the
/// newest one is that this device did not send itself: one by `lastBy`, and one by any other
/// device.
///
/// @param last the newest entry
/// @param lastBy the device that it came from
/// @param lastByAnother the newest entry from another device than `lastBy`, 0 when there is none
record Newest(long last, DeviceId lastBy, long lastByAnother) {

  Newest with(long sequence, DeviceId source) {
    return source.equals(lastBy)
        ? new Newest(sequence, lastBy, lastByAnother)
        : new Newest(sequence, source, last);
  }

  long notFrom(DeviceId device) {
    return device.equals(lastBy) ? lastByAnother : last;
  }
}
