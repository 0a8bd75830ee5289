package io.continuo.server.b2bua;

import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The legs of one chat session in the order in which they began; one device has at most one.
/// Threading: the conversation's loop only.
final class Legs {
  private final Map<LegId, Leg> legs = new LinkedHashMap<>();
  private boolean hadSession;

  /// Adds a leg, or puts its next state in place of the one before.
  void put(Leg leg) {
    legs.put(leg.id(), leg);
    hadSession |= leg.isSession();
  }

  /// Whether there was a leg that can hang up since the last session ended.
  boolean hadSession() {
    return hadSession;
  }

  /// The session is over.
  void forgetSessions() {
    hadSession = false;
  }

  void remove(LegId id) {
    legs.remove(id);
  }

  boolean isEmpty() {
    return legs.isEmpty();
  }

  Optional<Leg> find(LegId id) {
    return Optional.ofNullable(legs.get(id));
  }

  Optional<Leg> of(DeviceId device) {
    return legs.values().stream().filter(leg -> leg.device().id().equals(device)).findFirst();
  }

  List<Leg> all() {
    return List.copyOf(legs.values());
  }

  /// A copy: legs may be changed while it is gone through.
  List<Leg> where(Predicate<Leg> wanted) {
    return legs.values().stream().filter(wanted).toList();
  }

  boolean any(Predicate<Leg> wanted) {
    return legs.values().stream().anyMatch(wanted);
  }
}
