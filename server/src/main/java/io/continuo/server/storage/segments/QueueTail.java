package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The end of one conversation as it will be when everything of it that waits is written, and what
/// waits behind a body that is being staged. Lives while something waits. Guarded by [CommitQueue].
final class QueueTail {
  /// The last sequence number taken in.
  long sequence;

  /// Taken in and not told yet, what is held here included.
  int waiting;

  /// Begins with an append of `unstaged` and goes on with what came behind it.
  private final ArrayDeque<Waiting> held = new ArrayDeque<>();

  /// Appends whose bodies are being written.
  private final Set<Waiting.Append> unstaged = Collections.newSetFromMap(new IdentityHashMap<>());

  QueueTail(long sequence) {
    this.sequence = sequence;
  }

  /// Whether something is held, so that whatever comes now has to be held behind it.
  boolean holds() {
    return !held.isEmpty();
  }

  void hold(Waiting item) {
    held.add(item);
  }

  /// Holds this until its body is safe.
  void holdUnstaged(Waiting.Append append) {
    unstaged.add(append);
    held.add(append);
  }

  /// False when it is not awaited here any more.
  boolean staged(Waiting.Append append) {
    return unstaged.remove(append);
  }

  boolean isStaging(Waiting.Append append) {
    return unstaged.contains(append);
  }

  int staging() {
    return unstaged.size();
  }

  /// What need not be held any more, in order.
  List<Waiting> release() {
    List<Waiting> free = new ArrayList<>();
    while (holds() && !(held.getFirst() instanceof Waiting.Append a && unstaged.contains(a))) {
      free.add(held.removeFirst());
    }
    return free;
  }

  /// Everything that is held; nothing is awaited any more.
  List<Waiting> releaseAll() {
    unstaged.clear();
    List<Waiting> all = List.copyOf(held);
    held.clear();
    return all;
  }

  /// Turns an append, and those that were numbered behind it, into refusals. Behind an erase the
  /// numbers begin anew.
  ///
  /// @return the appends
  List<Waiting.Append> refuseFrom(Waiting.Append first, StoreUnavailable why) {
    List<Waiting.Append> refused = new ArrayList<>();
    Optional<Waiting> erase = Optional.empty();
    for (Waiting item : List.copyOf(held)) {
      held.removeFirst();
      boolean behind = item == first || !refused.isEmpty();
      if (behind && erase.isEmpty() && item instanceof Waiting.Append append) {
        unstaged.remove(append);
        refused.add(append);
        held.add(append.refused(why));
      } else {
        held.add(item);
        erase = behind && item instanceof Waiting.Erase ? Optional.of(item) : erase;
      }
    }
    if (erase.isEmpty()) {
      sequence = first.sequence() - 1;
    }
    return refused;
  }
}
