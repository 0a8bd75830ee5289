package io.continuo.server.b2bua;

import java.util.OptionalInt;
import java.util.TreeSet;

/// The best of several refusals (RFC 3261 §16.7 step 6): a 6xx if there is one, else the lowest
/// class, in it the lowest code. Refusals that only say that a device is not there do not count:
/// nobody was asked. A device that takes no sessions counts as 488, so that the inviter may know;
/// any other that speaks of our own request counts last, and as 480.
final class RefusalRanking {
  private final TreeSet<Integer> statuses = new TreeSet<>();
  private boolean otherwise;

  void add(int status) {
    if (SipStatus.meansNoSession(status)) {
      statuses.add(SipStatus.NOT_ACCEPTABLE_HERE);
    } else if (SipStatus.isWordOfThePeer(status)) {
      statuses.add(status);
    } else if (!SipStatus.meansUnreachable(status)) {
      otherwise = true;
    }
  }

  OptionalInt best() {
    if (statuses.isEmpty()) {
      return otherwise ? OptionalInt.of(SipStatus.TEMPORARILY_UNAVAILABLE) : OptionalInt.empty();
    }
    Integer global = statuses.ceiling(600);
    return OptionalInt.of(global != null ? global : statuses.first());
  }

  void clear() {
    statuses.clear();
    otherwise = false;
  }
}
