package io.continuo.server.runtime;

import io.continuo.server.identity.LegId;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Which conversation a leg belongs to. Any thread.
final class LegDirectory {
  private final ConcurrentMap<LegId, ConversationProcess> legs = new ConcurrentHashMap<>();

  void add(LegId leg, ConversationProcess process) {
    legs.put(leg, process);
  }

  void remove(LegId leg) {
    legs.remove(leg);
  }

  Optional<ConversationProcess> find(LegId leg) {
    return Optional.ofNullable(legs.get(leg));
  }
}
