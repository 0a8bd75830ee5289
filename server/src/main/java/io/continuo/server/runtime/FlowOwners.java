package io.continuo.server.runtime;

import io.continuo.server.identity.AddressOfRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Whose devices registered over which flow, until when. A flow that several subscribers share, a
/// proxy's say, proves nobody and has no owner.
///
/// Threading: written on the registrar's loop, read by any thread.
final class FlowOwners {
  private final Map<String, Map<AddressOfRecord, Instant>> owners = new ConcurrentHashMap<>();
  private final Map<AddressOfRecord, Map<String, Instant>> flowsOf = new HashMap<>();

  /// Puts the flows of a subscriber in place of those it had. The registrar's loop.
  ///
  /// @param flows unmodified from now on
  void show(AddressOfRecord subscriber, Map<String, Instant> flows) {
    Map<String, Instant> before = flowsOf.getOrDefault(subscriber, Map.of());
    for (String flow : before.keySet()) {
      if (!flows.containsKey(flow)) {
        change(flow, subscriber, Optional.empty());
      }
    }
    flows.forEach((flow, until) -> {
      if (!until.equals(before.get(flow))) {
        change(flow, subscriber, Optional.of(until));
      }
    });
    if (flows.isEmpty()) {
      flowsOf.remove(subscriber);
    } else {
      flowsOf.put(subscriber, flows);
    }
  }

  Optional<AddressOfRecord> ownerOf(String flow, Instant now) {
    List<AddressOfRecord> current =
        owners.getOrDefault(flow, Map.of()).entrySet().stream()
            .filter(owner -> owner.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .toList();
    return current.size() == 1 ? Optional.of(current.getFirst()) : Optional.empty();
  }

  private void change(String flow, AddressOfRecord subscriber, Optional<Instant> until) {
    Map<AddressOfRecord, Instant> next = new HashMap<>(owners.getOrDefault(flow, Map.of()));
    until.ifPresentOrElse(end -> next.put(subscriber, end), () -> next.remove(subscriber));
    if (next.isEmpty()) {
      owners.remove(flow);
    } else {
      owners.put(flow, Map.copyOf(next));
    }
  }
}
