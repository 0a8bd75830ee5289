package io.continuo.sip.jain;

import java.time.Duration;

/// The timers of RFC 3261 §17, all made of T1.
///
/// @param t1 the round-trip estimate, 500 ms unless a test hurries
/// @param ring how long an INVITE may stay without a final answer after a provisional one, before
///   it is cancelled
public record SipTimers(Duration t1, Duration ring) {
  public static final SipTimers STANDARD =
      new SipTimers(Duration.ofMillis(500), Duration.ofMinutes(5));

  /// The longest interval between repetitions (T2).
  Duration t2() {
    return t1.multipliedBy(8);
  }

  /// Timers B, F and H: how long to wait for the other side.
  Duration timeout() {
    return t1.multipliedBy(64);
  }
}
