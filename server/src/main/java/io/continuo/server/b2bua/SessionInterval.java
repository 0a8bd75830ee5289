package io.continuo.server.b2bua;

import java.time.Duration;

/// The session timer that both sides of a leg agreed on (RFC 4028).
///
/// @param expires how long the session is good from its last refresh on; more than nothing
/// @param weRefresh whether it is ours to refresh, or the device's
public record SessionInterval(Duration expires, boolean weRefresh) {
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(32);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

  /// A sixth of the interval at least lies between the refresh and the end; three are tried in it.
  private static final int RETRIES_IN_AN_INTERVAL = 18;

  public SessionInterval {
    if (!expires.isPositive()) {
      throw new IllegalArgumentException("an interval of " + expires);
    }
  }

  /// When the refresher refreshes: half the interval after the last time (RFC 4028 §7.2).
  Duration refreshAfter() {
    return expires.dividedBy(2);
  }

  /// When a refresh that could not be sent is tried again: several times before the session is
  /// ended, as a device comes back over another connection (RFC 4028 leaves it open).
  Duration retryAfter() {
    Duration part = expires.dividedBy(RETRIES_IN_AN_INTERVAL);
    return part.compareTo(LONGEST_RETRY) < 0 ? part : LONGEST_RETRY;
  }

  /// When a session that nobody refreshed is ended: min(32 s, a third) before it expires, so that
  /// the other side still knows the dialog that the BYE is for (RFC 4028 §10).
  Duration endAfter() {
    Duration third = expires.dividedBy(3);
    return expires.minus(third.compareTo(LONGEST_GRACE) < 0 ? third : LONGEST_GRACE);
  }
}
