package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who takes part in a conversation, and from which entry to which: the fold of its membership
/// entries. Immutable; changes are rare, looking is not.
///
/// @param group whether the conversation has a focus
/// @param intervals in order, for everybody who ever took part
record Participants(boolean group, Map<AddressOfRecord, List<Interval>> intervals) {
  static final Participants NONE = new Participants(false, Map.of());

  /// What somebody sees: sequence numbers `from` ≤ n < `until`.
  record Interval(long from, long until) {
    static final long OPEN = Long.MAX_VALUE;

    boolean holds(long sequence) {
      return from <= sequence && sequence < until;
    }

    boolean isOpen() {
      return until == OPEN;
    }
  }

  Participants with(Entry entry) {
    return switch (entry) {
      case Entry.Opened opened -> opened(opened);
      case Entry.Joined joined -> joined(joined.subscriber(), joined.sequence());
      case Entry.Left left -> left(left.subscriber(), left.sequence());
      case Entry.Message _, Entry.Disposition _, Entry.SessionEnded _ -> this;
    };
  }

  private Participants opened(Entry.Opened opened) {
    Participants all = new Participants(opened.group(), intervals);
    for (AddressOfRecord subscriber : opened.participants()) {
      all = all.joined(subscriber, opened.sequence());
    }
    return all;
  }

  private Participants joined(AddressOfRecord subscriber, long from) {
    if (isIn(subscriber)) {
      return this;
    }
    List<Interval> more = new ArrayList<>(of(subscriber));
    more.add(new Interval(from, Interval.OPEN));
    return with(subscriber, more);
  }

  private Participants left(AddressOfRecord subscriber, long until) {
    if (!isIn(subscriber)) {
      return this;
    }
    List<Interval> closed = new ArrayList<>(of(subscriber));
    closed.add(new Interval(closed.removeLast().from(), until));
    return with(subscriber, closed);
  }

  private Participants with(AddressOfRecord subscriber, List<Interval> changed) {
    Map<AddressOfRecord, List<Interval>> all = new LinkedHashMap<>(intervals);
    all.put(subscriber, List.copyOf(changed));
    return new Participants(group, all);
  }

  private List<Interval> of(AddressOfRecord subscriber) {
    return intervals.getOrDefault(subscriber, List.of());
  }

  boolean isIn(AddressOfRecord subscriber) {
    List<Interval> own = of(subscriber);
    return !own.isEmpty() && own.getLast().isOpen();
  }

  boolean everTookPart(AddressOfRecord subscriber) {
    return intervals.containsKey(subscriber);
  }

  boolean sees(AddressOfRecord subscriber, long sequence) {
    for (Interval interval : of(subscriber)) {
      if (interval.holds(sequence)) {
        return true;
      }
    }
    return false;
  }

  /// The first sequence number, `from` or later, that this subscriber may see; `Interval.OPEN` when
  /// there is none.
  long nextSeen(AddressOfRecord subscriber, long from) {
    for (Interval interval : of(subscriber)) {
      if (from < interval.until()) {
        return Math.max(from, interval.from());
      }
    }
    return Interval.OPEN;
  }

  /// Who takes part now, in the order of joining.
  Set<AddressOfRecord> current() {
    Set<AddressOfRecord> current = new LinkedHashSet<>(intervals.keySet());
    current.removeIf(subscriber -> !isIn(subscriber));
    return current;
  }

  /// Everybody who may see this sequence number.
  Set<AddressOfRecord> seeing(long sequence) {
    Set<AddressOfRecord> seeing = new LinkedHashSet<>(intervals.keySet());
    seeing.removeIf(subscriber -> !sees(subscriber, sequence));
    return seeing;
  }

  /// Whom a sender writes to, in a one-to-one conversation.
  Optional<AddressOfRecord> otherThan(AddressOfRecord sender) {
    return group
        ? Optional.empty()
        : intervals.keySet().stream().filter(one -> !one.equals(sender)).findFirst();
  }
}
