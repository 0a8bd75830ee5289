package io.continuo.server.b2bua;

/// How often a request may be passed on (RFC 3261 §8.1.1.6). A copy of a request that came in may
/// be passed on once less than that, whoever is between, so that a loop of several servers that
/// each begin anew ends (RFC 7332 §4); one that may not be passed on is refused before anything
/// comes of it. What nobody asks us for at the moment (a later invitation, a call back, a message
/// that was kept) is a request of our own.
public final class MaxForwards {
  /// Of a request of our own.
  public static final int OURS = 70;

  private MaxForwards() {}

  /// Of a copy.
  ///
  /// @param received what the request says that is copied; more than 0
  public static int copied(int received) {
    if (received < 1) {
      throw new IllegalArgumentException("a copy of a request that may not be passed on");
    }
    return received - 1;
  }
}
