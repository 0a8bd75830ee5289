package io.continuo.server.b2bua;

import java.util.OptionalInt;
import java.util.TreeSet;

/// The best of several refusals (RFC 3261 §16.7 step 6): a 6xx if there is one, else the lowest
/// class, in it the lowest code. Refusals that only say that a device is not there do not count:
/// nobody was asked.
final class RefusalRanking {
  private final TreeSet<Integer> statuses = new TreeSet<>();

  void add(int status) {
    if (!SipStatus.meansUnreachable(status)) {
      statuses.add(status);
    }
  }

  OptionalInt best() {
    if (statuses.isEmpty()) {
      return OptionalInt.empty();
    }
    Integer global = statuses.ceiling(600);
    return OptionalInt.of(global != null ? global : statuses.first());
  }

  void clear() {
    statuses.clear();
  }
}
