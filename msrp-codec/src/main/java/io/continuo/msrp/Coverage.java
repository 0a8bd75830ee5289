package io.continuo.msrp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Which bytes of a message have come, and where it ends: for who joins chunks that come in any
/// order, in memory ([Reassembly]) or elsewhere (RFC 4975 §5.1, §7.3.1). Costs memory for each
/// separate piece only; who uses it bounds their number.
///
/// Invariant: the pieces in `covered` neither touch nor overlap. Threading: one thread.
public final class Coverage {
  private static final long UNKNOWN = -1;

  private final TreeMap<Long, Long> covered = new TreeMap<>();
  private long reach;
  private long end = UNKNOWN;

  /// Bytes that follow one another.
  ///
  /// @param from how many bytes of the message are before them
  /// @param to how many are before what follows them
  public record Part(long from, long to) {}

  /// Whether a chunk cannot be of the same message: there would be bytes behind its end.
  ///
  /// @param to where the chunk ends
  /// @param last whether the message ends with it
  public boolean contradicts(long to, boolean last) {
    return (end != UNKNOWN && (last ? to != end : to > end)) || (last && to < reach);
  }

  /// Takes a chunk that does not contradict those before.
  ///
  /// @param last whether the message ends with it
  public void add(long from, long to, boolean last) {
    reach = Math.max(reach, to);
    end = last ? to : end;
    if (to > from) {
      cover(from, to);
    }
  }

  private void cover(long from, long to) {
    long left = from;
    long right = to;
    Entry<Long, Long> before = covered.floorEntry(left);
    if (before != null && before.getValue() >= left) {
      left = before.getKey();
      right = Math.max(right, before.getValue());
    }
    Entry<Long, Long> next = covered.ceilingEntry(left);
    while (next != null && next.getKey() <= right) {
      right = Math.max(right, next.getValue());
      covered.remove(next.getKey());
      next = covered.ceilingEntry(left);
    }
    covered.put(left, right);
  }

  /// Where the furthest byte that came ends.
  public long reach() {
    return reach;
  }

  /// Bytes of the whole message, once its last chunk has come.
  public OptionalLong end() {
    return end == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(end);
  }

  /// Separate pieces.
  public int pieces() {
    return covered.size();
  }

  /// The separate pieces, in order.
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    covered.forEach((from, to) -> parts.add(new Part(from, to)));
    return parts;
  }

  /// Whether everything up to the end has come.
  public boolean isWhole() {
    Long first = covered.get(0L);
    return end == 0 || (end != UNKNOWN && first != null && first >= end);
  }
}
