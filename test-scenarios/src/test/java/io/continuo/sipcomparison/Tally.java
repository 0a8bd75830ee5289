package io.continuo.sipcomparison;

import java.util.EnumMap;
import java.util.Map;

/// What the load has sent and seen, so that nobody wins by doing less.
///
/// Threading: the load's one thread.
final class Tally {
  /// What is counted.
  enum Event {
    /// INVITEs of the caller, and what it got for them.
    INVITED,
    RINGING,
    ANSWERED,
    /// At the devices.
    DEVICE_INVITED,
    DEVICE_ACKNOWLEDGED,
    DEVICE_BYE,
    /// The answer to the caller's BYE.
    ENDED,
    REGISTERED,
    /// Something came a second time: the sender did not see the answer within T1.
    REPEATED,
    /// A final answer that is no 2xx.
    REFUSED
  }

  private final Map<Event, Integer> counts = new EnumMap<>(Event.class);

  void count(Event event) {
    counts.merge(event, 1, Integer::sum);
  }

  int of(Event event) {
    return counts.getOrDefault(event, 0);
  }

  /// @throws IllegalStateException unless every one of so many calls did all there is to do
  void requireCalls(int calls, int devices) {
    require(Event.INVITED, calls);
    require(Event.RINGING, calls);
    require(Event.ANSWERED, calls);
    require(Event.DEVICE_INVITED, calls * devices);
    require(Event.DEVICE_ACKNOWLEDGED, calls * devices);
    require(Event.DEVICE_BYE, calls * devices);
    require(Event.ENDED, calls);
    require(Event.REFUSED, 0);
  }

  /// @throws IllegalStateException unless so many registrations were answered 200
  void requireRegistrations(int registrations) {
    require(Event.REGISTERED, registrations);
    require(Event.REFUSED, 0);
  }

  private void require(Event event, int expected) {
    if (of(event) != expected) {
      throw new IllegalStateException(
          "%s: %d instead of %d; all counts: %s".formatted(event, of(event), expected, counts));
    }
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
