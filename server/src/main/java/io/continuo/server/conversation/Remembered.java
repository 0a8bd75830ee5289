package io.continuo.server.conversation;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Things remembered for a while, at most so many: when it is full the eldest is forgotten.
/// Threading: the conversation's loop.
final class Remembered<K, V> {
  private final Duration window;
  private final int limit;
  private final LinkedHashMap<K, Kept<V>> kept = new LinkedHashMap<>();

  private record Kept<V>(V value, Instant at) {}

  Remembered(Duration window, int limit) {
    this.window = window;
    this.limit = limit;
  }

  Optional<V> find(K key, Instant now) {
    return Optional.ofNullable(kept.get(key)).filter(k -> !isOver(k, now)).map(Kept::value);
  }

  boolean knows(K key, Instant now) {
    return find(key, now).isPresent();
  }

  void keep(K key, V value, Instant at) {
    kept.remove(key);
    kept.put(key, new Kept<>(value, at));
    Iterator<Kept<V>> eldestFirst = kept.values().iterator();
    while (eldestFirst.hasNext()) {
      Kept<V> eldest = eldestFirst.next();
      if (kept.size() <= limit && !isOver(eldest, at)) {
        return;
      }
      eldestFirst.remove();
    }
  }

  private boolean isOver(Kept<V> one, Instant now) {
    return one.at().plus(window).isBefore(now);
  }
}
