package io.continuo.bench;

import java.util.HashSet;
import java.util.Set;

/// What one device got of one writer's messages: each number once and in order, or it is counted.
///
/// Threading: the [Selecting] thread only.
final class Tally {
  /// Gaps remembered; more are lost for good and count as lost.
  static final int MAX_GAPS = 100_000;

  private final Set<Long> missing = new HashSet<>();
  private long next;
  private long forgotten;
  private long duplicated;
  private long outOfOrder;

  /// Takes a copy; false when there was one already.
  boolean take(long number) {
    if (number < next) {
      boolean late = missing.remove(number);
      outOfOrder += late ? 1 : 0;
      duplicated += late ? 0 : 1;
      return late;
    }
    for (long gap = next; gap < number; gap++) {
      if (missing.size() < MAX_GAPS) {
        missing.add(gap);
      } else {
        forgotten++;
      }
    }
    next = number + 1;
    return true;
  }

  long duplicated() {
    return duplicated;
  }

  long outOfOrder() {
    return outOfOrder;
  }

  /// Copies that never came, of so many messages written.
  long lost(long written) {
    return missing.size() + forgotten + Math.max(0, written - next);
  }
}
