package io.continuo.server.b2bua;

import java.time.Duration;

/// The session timer that both sides of a leg agreed on (RFC 4028).
///
/// @param expires how long the session is good from its last refresh on; more than nothing
/// @param weRefresh whether it is ours to refresh, or the device's
public record SessionInterval(Duration expires, boolean weRefresh) {
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(32);

  public SessionInterval {
    if (!expires.isPositive()) {
      throw new IllegalArgumentException("an interval of " + expires);
    }
  }

  /// When the refresher refreshes: half the interval after the last time (RFC 4028 §7.2).
  Duration refreshAfter() {
    return expires.dividedBy(2);
  }

  /// When a session that nobody refreshed is ended: min(32 s, a third) before it expires, so that
  /// the other side still knows the dialog that the BYE is for (RFC 4028 §10).
  Duration endAfter() {
    Duration third = expires.dividedBy(3);
    return expires.minus(third.compareTo(LONGEST_GRACE) < 0 ? third : LONGEST_GRACE);
  }
}
