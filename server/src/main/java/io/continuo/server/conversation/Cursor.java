package io.continuo.server.conversation;

import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One device's place in the log: everything up to `position` is settled for it; of what comes
/// after it may have answered some already. While the device is attached, its leg is part of the
/// cursor. Threading: the conversation's loop.
final class Cursor {
  private final DeviceId device;
  private final TreeSet<Long> answeredAhead = new TreeSet<>();
  private long position;
  private long settledInLog;
  private @Nullable Leg leg;

  /// The device's present leg. Every entry before `next` has been sent, answered or passed over.
  static final class Leg {
    final LegId id;
    final LegProfile profile;
    private final TreeSet<Long> unanswered = new TreeSet<>();
    private final Deque<Rendering> readBack = new ArrayDeque<>();
    private long next;
    private long readingFrom;
    private boolean receives;

    private Leg(LegId id, LegProfile profile, long next) {
      this.id = id;
      this.profile = profile;
      this.next = next;
      this.receives = profile.receives();
    }

    /// The next sequence number to look at.
    long next() {
      return next;
    }

    /// Whether the device may be sent one more now.
    boolean mayTakeAnother() {
      return receives && unanswered.size() < profile.window();
    }

    boolean receives() {
      return receives;
    }

    void receives(boolean now) {
      receives = now;
    }

    /// Whether the store is to be asked now; it is asked one thing at a time.
    boolean beginsReading(long from) {
      boolean idle = readingFrom == 0;
      readingFrom = idle ? from : readingFrom;
      return idle;
    }

    /// Whether this is what the store was asked for last.
    boolean endsReading(long from) {
      boolean awaited = readingFrom == from;
      readingFrom = awaited ? 0 : readingFrom;
      return awaited;
    }

    /// Entries that the store read for this leg, not looked at yet: at most one reading.
    Deque<Rendering> readBack() {
      return readBack;
    }

    /// The first of those that is not behind `next`.
    Optional<Rendering> nextReadBack() {
      while (!readBack.isEmpty() && readBack.getFirst().sequence() < next) {
        readBack.removeFirst();
      }
      return Optional.ofNullable(readBack.pollFirst());
    }
  }

  Cursor(DeviceId device) {
    this.device = device;
  }

  DeviceId device() {
    return device;
  }

  long position() {
    return position;
  }

  @Nullable Leg leg() {
    return leg;
  }

  void attach(LegId id, LegProfile profile) {
    leg = new Leg(id, profile, position + 1);
  }

  /// Unanswered deliveries count as not made.
  void detach() {
    leg = null;
  }

  boolean hasAnswered(long sequence) {
    return sequence <= position || answeredAhead.contains(sequence);
  }

  /// The leg has looked at everything before `sequence`.
  void movedTo(Leg on, long sequence) {
    on.next = sequence;
    settle(on);
  }

  void sent(Leg on, long sequence) {
    on.unanswered.add(sequence);
    on.next = sequence + 1;
  }

  /// Takes an answer; false when the leg awaits none for that entry.
  boolean answered(Leg on, long sequence) {
    if (!on.unanswered.remove(sequence)) {
      return false;
    }
    answeredAhead.add(sequence);
    settle(on);
    return true;
  }

  /// Passes over an entry that this leg does not take.
  void passedOver(Leg on, long sequence) {
    answeredAhead.add(sequence);
    movedTo(on, sequence + 1);
  }

  private void settle(Leg on) {
    long settled = on.unanswered.isEmpty() ? on.next - 1 : on.unanswered.first() - 1;
    settle(settled);
  }

  private void settle(long upTo) {
    position = Math.max(position, upTo);
    answeredAhead.headSet(position, true).clear();
  }

  /// Everything up to this entry was settled when the log was written.
  void rememberSettled(long sequence) {
    settledInLog = sequence;
    settle(sequence);
  }

  /// Whether the log should be told that all is settled up to this entry; it is told once.
  boolean settlesInLog(long sequence) {
    boolean news = sequence > settledInLog;
    settledInLog = sequence;
    return news;
  }

  /// An answer out of the log, while the log is being read.
  void remember(long sequence) {
    answeredAhead.add(sequence);
  }

  /// What the log says of an entry when all its answers are known, called in log order from the
  /// first entry on: whether the device is to get it. Moves until the first one it has not
  /// answered.
  boolean movesOver(long sequence, boolean included) {
    if (included && !hasAnswered(sequence)) {
      return false;
    }
    settle(sequence);
    return true;
  }
}
