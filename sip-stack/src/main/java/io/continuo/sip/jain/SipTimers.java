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

  /// How long to wait after a 491 (RFC 3261 §14.1): 2.1 to 4 s for who made the Call-ID, else up to
  /// 2 s, so that the two sides do not meet again.
  ///
  /// @param fraction random, 0 to 1
  Duration glare(boolean ownCallId, double fraction) {
    double least = ownCallId ? 4.2 : 0;
    double most = ownCallId ? 8 : 4;
    return Duration.ofNanos((long) (t1.toNanos() * (least + (most - least) * fraction)));
  }
}
