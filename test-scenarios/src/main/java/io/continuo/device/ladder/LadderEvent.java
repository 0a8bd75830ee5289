package io.continuo.device.ladder;

import java.time.Instant;

/// One arrow of a ladder, or a note when both lanes are the same.
///
/// @param from the lane where it starts
/// @param to the lane where it ends
/// @param label short, for people
public record LadderEvent(Instant at, String from, String to, String label, Kind kind) {
  /// What an event is; drawn in different colours.
  public enum Kind {
    SIP,
    MSRP,
    NOTE,
    HEADING
  }
}
