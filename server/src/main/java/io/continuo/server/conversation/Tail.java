package io.continuo.server.conversation;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The newest committed entries in memory, so that devices that keep up need no reading from the
/// store. Whoever is further behind reads. Threading: the conversation's loop.
final class Tail {
  /// Entries kept; the eldest go first.
  static final int MAX_ENTRIES = 256;

  /// Bytes of bodies in memory that are kept; the eldest go first, the newest entry stays whatever
  /// its size.
  static final long MAX_BYTES = 1 << 20;

  private final TreeMap<Long, Rendering> newest = new TreeMap<>();
  private long bytes;
  private long dropped;

  void add(Rendering entry) {
    newest.put(entry.sequence(), entry);
    bytes += entry.size();
    while (newest.size() > MAX_ENTRIES || bytes > MAX_BYTES && newest.size() > 1) {
      Map.Entry<Long, Rendering> eldest = newest.pollFirstEntry();
      bytes -= eldest.getValue().size();
      dropped = eldest.getKey();
    }
  }

  /// Whether every entry from this one on is here.
  boolean covers(long from) {
    return from > dropped;
  }

  /// The first entry at `from` or later.
  Optional<Rendering> at(long from) {
    return Optional.ofNullable(newest.ceilingEntry(from)).map(Map.Entry::getValue);
  }
}
