package io.continuo.server.transport.sip;

import io.continuo.server.identity.LegId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Every leg that lives. Over `max` a new one is refused: an INVITE to us with 503, an INVITE of
/// ours as if it had been answered 503.
///
/// Threading: any thread.
final class Legs {
  /// About 2 KiB each.
  static final int MAX = 100_000;

  private final int max;
  private final Map<LegId, Leg> legs = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  Legs(int max) {
    this.max = max;
  }

  boolean add(LegId id, Leg leg) {
    if (count.incrementAndGet() > max) {
      count.decrementAndGet();
      return false;
    }
    legs.put(id, leg);
    return true;
  }

  Optional<Leg> find(LegId id) {
    return Optional.ofNullable(legs.get(id));
  }

  /// Takes a leg out. Only one caller gets it: whoever ends a leg first tells its end.
  Optional<Leg> remove(LegId id) {
    Optional<Leg> leg = Optional.ofNullable(legs.remove(id));
    leg.ifPresent(gone -> count.decrementAndGet());
    return leg;
  }

  int size() {
    return count.get();
  }
}
