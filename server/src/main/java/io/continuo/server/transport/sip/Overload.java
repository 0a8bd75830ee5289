package io.continuo.server.transport.sip;

import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Refuses what begins something new while there is more to do than can be done soon: before the
/// mailboxes are full, so that what was begun can go on (RFC 3261 §21.5.4). Requests inside a
/// dialog never come here.
///
/// Threading: any thread.
final class Overload {
  private final BooleanSupplier high;
  private final Duration retryAfter;
  private final RandomGenerator random;

  /// @param high whether the high-water mark is passed (`runtime.high-water`)
  /// @param retryAfter the shortest that is said (`sip.retry-after`)
  Overload(BooleanSupplier high, Duration retryAfter, RandomGenerator random) {
    this.high = high;
    this.retryAfter = retryAfter;
    this.random = random;
  }

  /// A BYE or UPDATE that no dialog takes gets its 481 all the same.
  void refuseNew(SipRequest request) throws RequestRefused {
    boolean begins =
        switch (request.method()) {
          case "INVITE", "MESSAGE", "REGISTER", "OPTIONS" -> true;
          default -> false;
        };
    if (begins && high.getAsBoolean()) {
      throw new RequestRefused(503, "overload", SipHeaders.of("Retry-After", retryAfter()));
    }
  }

  /// Between once and twice the shortest, so that those who were refused together do not come back
  /// together.
  String retryAfter() {
    int shortest = Math.toIntExact(retryAfter.toSeconds());
    return Integer.toString(shortest + random.nextInt(shortest + 1));
  }
}
