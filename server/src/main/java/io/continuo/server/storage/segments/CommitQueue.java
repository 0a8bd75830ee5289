package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What waits for the writer, in the order it came.
///
/// An append must carry the next sequence number of its conversation, counting those that wait:
/// after one was refused, those that were numbered behind it are refused too, until the number is
/// used again. Listeners of a conversation are told in append order, refusals included; a refusal
/// is told at once, by the caller's thread, only when nothing of that conversation waits.
///
/// An append whose body is being staged keeps its place: what comes behind it in its own
/// conversation is held until the body is safe, and no other conversation notices.
///
/// Threading: any thread puts, one takes.
final class CommitQueue {
  /// How long a device's answer may wait for company.
  static final long NOTE_WAITS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Logger LOG = LoggerFactory.getLogger(CommitQueue.class);

  private final long maxBytes;
  private final LogIndex index;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Map<ConversationId, QueueTail> tails = new HashMap<>();
  private long bytes;
  private int urgent;
  private int staging;
  private long firstNoteAt;
  private @Nullable StoreUnavailable refusing;
  private boolean closed;
  private boolean saidFull;

  /// @param maxBytes in the queue, in the group that is being written and in bodies that are being
  ///   staged, together
  CommitQueue(long maxBytes, LogIndex index) {
    this.maxBytes = maxBytes;
    this.index = index;
  }

  /// Takes an append in, or tells it why not.
  ///
  /// @return whether it was taken; one with a body to stage then waits for [#staged] or [#unstaged]
  boolean append(Waiting.Append append) {
    StoreUnavailable why;
    lock.lock();
    try {
      QueueTail tail = tail(append.conversation());
      Optional<StoreUnavailable> refusal = refusal(append, tail);
      if (refusal.isEmpty()) {
        tail.sequence = append.sequence();
        take(append, tail);
        return true;
      }
      why = refusal.get();
      if (tail.waiting > 0) {
        tail.waiting++;
        putBehind(tail, append.refused(why));
        return false;
      }
      tails.remove(append.conversation());
    } finally {
      lock.unlock();
    }
    append.listener().failed(why);
    return false;
  }

  private void take(Waiting.Append append, QueueTail tail) {
    tail.waiting++;
    bytes += append.weight();
    if (append.staged() > 0) {
      staging++;
      tail.holdUnstaged(append);
    } else {
      putBehind(tail, append);
    }
  }

  /// The body of this append survives the loss of power: its record can be written.
  ///
  /// @return false when the append was failed meanwhile, so that nobody needs the body
  boolean staged(Waiting.Append append) {
    lock.lock();
    try {
      QueueTail tail = tails.get(append.conversation());
      if (tail == null || !tail.staged(append)) {
        return false;
      }
      staging--;
      tail.release().forEach(this::put);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The body of this append could not be written: it is refused, with what was numbered behind it.
  void unstaged(Waiting.Append append, StoreUnavailable why) {
    lock.lock();
    try {
      QueueTail tail = tails.get(append.conversation());
      if (tail != null && tail.isStaging(append)) {
        staging -= tail.staging();
        tail.refuseFrom(append, why).forEach(refused -> bytes -= refused.weight());
        staging += tail.staging();
        tail.release().forEach(this::put);
      }
    } finally {
      lock.unlock();
    }
  }

  private Optional<StoreUnavailable> refusal(Waiting.Append append, QueueTail tail) {
    if (refusing != null) {
      return Optional.of(refusing);
    }
    if (append.sequence() != tail.sequence + 1) {
      return Optional.of(
          new StoreUnavailable(
              "entry " + append.sequence() + " cannot follow entry " + tail.sequence));
    }
    if (bytes + append.weight() > maxBytes) {
      sayFull();
      return Optional.of(
          new StoreUnavailable("more than storage.max-pending-bytes wait for the disk"));
    }
    return Optional.empty();
  }

  /// Once, until half of it is free again: refusals come at the rate of the traffic.
  private void sayFull() {
    if (!saidFull) {
      saidFull = true;
      LOG.atWarn().addKeyValue("bytes", bytes).addKeyValue("limit", maxBytes).log("log.queue-full");
    }
  }

  /// False when there is no room for it.
  boolean note(Waiting.Note note) {
    lock.lock();
    try {
      if (refusing != null || bytes + note.size() > maxBytes) {
        return false;
      }
      tail(note.conversation()).waiting++;
      bytes += note.weight();
      put(note);
      return true;
    } finally {
      lock.unlock();
    }
  }

  void erase(Waiting.Erase erase) {
    lock.lock();
    try {
      if (refusing != null) {
        erase.done().fail(refusing);
        return;
      }
      QueueTail tail = tail(erase.conversation());
      tail.sequence = 0;
      tail.waiting++;
      bytes += erase.weight();
      putBehind(tail, erase);
    } finally {
      lock.unlock();
    }
  }

  /// Returns when everything of this conversation that was put before is written, or failed.
  void barrier(ConversationId conversation) {
    Waiting.Done done = new Waiting.Done();
    lock.lock();
    try {
      QueueTail tail = tails.get(conversation);
      if (closed || tail == null) {
        return;
      }
      putBehind(tail, new Waiting.Barrier(done));
    } finally {
      lock.unlock();
    }
    done.await();
  }

  private QueueTail tail(ConversationId conversation) {
    return tails.computeIfAbsent(conversation, id -> new QueueTail(index.lastSequence(id)));
  }

  private void putBehind(QueueTail tail, Waiting item) {
    if (tail.holds()) {
      tail.hold(item);
    } else {
      put(item);
    }
  }

  private void put(Waiting item) {
    if (waiting.isEmpty()) {
      firstNoteAt = System.nanoTime();
    }
    waiting.add(item);
    if (item.urgent()) {
      urgent++;
    }
    arrived.signal();
  }

  /// Waits for something to do and takes it, up to `maxGroup` bytes (one item at least). Empty: the
  /// queue is closed and everything was taken.
  List<Waiting> take(long maxGroup) throws InterruptedException {
    lock.lock();
    try {
      while (urgent == 0 && (!closed || staging > 0)) {
        long left = NOTE_WAITS_NANOS - (System.nanoTime() - firstNoteAt);
        if (waiting.isEmpty()) {
          arrived.await();
        } else if (left <= 0 || arrived.awaitNanos(left) <= 0) {
          break;
        }
      }
      return drain(maxGroup);
    } finally {
      lock.unlock();
    }
  }

  private List<Waiting> drain(long maxGroup) {
    List<Waiting> group = new ArrayList<>();
    long size = 0;
    for (Waiting next = waiting.peek(); next != null; next = waiting.peek()) {
      size += next.size();
      if (!group.isEmpty() && size > maxGroup) {
        break;
      }
      group.add(waiting.remove());
      if (next.urgent()) {
        urgent--;
      }
    }
    return group;
  }

  /// The group's bytes no longer wait. Called before its listeners are told, so that they may
  /// append.
  void written(List<Waiting> group) {
    lock.lock();
    try {
      group.forEach(item -> bytes -= item.weight());
      saidFull &= bytes > maxBytes / 2;
    } finally {
      lock.unlock();
    }
  }

  /// The group's listeners were told.
  void told(List<Waiting> group) {
    lock.lock();
    try {
      for (Waiting item : group) {
        switch (item) {
          case Waiting.Append append -> toldOneOf(append.conversation());
          case Waiting.Refused refused -> toldOneOf(refused.conversation());
          case Waiting.Erase erase -> toldOneOf(erase.conversation());
          case Waiting.Note note -> toldOneOf(note.conversation());
          case Waiting.Barrier _ -> {}
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void toldOneOf(ConversationId conversation) {
    QueueTail tail = tails.get(conversation);
    if (tail != null && --tail.waiting == 0) {
      tails.remove(conversation);
    }
  }

  /// From here on everything is refused; gives back what still waits, to be failed.
  List<Waiting> refuse(StoreUnavailable why) {
    lock.lock();
    try {
      refusing = why;
      List<Waiting> all = drain(Long.MAX_VALUE);
      tails.values().forEach(tail -> all.addAll(tail.releaseAll()));
      staging = 0;
      return all;
    } finally {
      lock.unlock();
    }
  }

  Optional<StoreUnavailable> refusing() {
    lock.lock();
    try {
      return Optional.ofNullable(refusing);
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is taken in; what waits is still written.
  void close() {
    lock.lock();
    try {
      closed = true;
      if (refusing == null) {
        refusing = new StoreUnavailable("the log is closed");
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }
}
