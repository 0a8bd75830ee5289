package io.continuo.server.conversation;

import io.continuo.server.conversation.ConversationEffect.Respond;
import io.continuo.server.identity.AddressOfRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Entries on their way to the disk, oldest first, with everybody who waits for them.
///
/// A failed append takes every later one with it. The store still reports on those: until it has
/// done so this is `settling` and nothing new is appended, so that a sequence number never means
/// two entries. Threading: the conversation's loop.
final class Pending {
  /// Appends that may wait for the disk; over it a sender is asked to try again.
  static final int LIMIT = 4_096;

  private final Deque<Append> appends = new ArrayDeque<>();
  private final Map<SubmissionKey, Append> byKey = new HashMap<>();
  private final TreeMap<Long, Append> failed = new TreeMap<>();

  /// One entry and its waiters.
  ///
  /// @param keys by which the same submission is recognised
  /// @param senders who sent it: the first one, then those who sent it again meanwhile
  /// @param barriers probes that came after it
  record Append(Entry entry, List<SubmissionKey> keys, List<Reply> senders, List<Reply> barriers) {

    static Append of(Entry entry) {
      return new Append(entry, List.of(), new ArrayList<>(), new ArrayList<>());
    }

    static Append of(Entry entry, List<SubmissionKey> keys, Reply sender) {
      Append append = new Append(entry, List.copyOf(keys), new ArrayList<>(), new ArrayList<>());
      append.senders.add(sender);
      return append;
    }

    List<Respond> succeeded() {
      List<Respond> answers = new ArrayList<>();
      for (Reply sender : senders) {
        answers.add(
            new Respond(
                sender,
                answers.isEmpty() ? new SubmitResult.Accepted() : new SubmitResult.Duplicate()));
      }
      passed(answers);
      return answers;
    }

    List<Respond> failed(String reason) {
      List<Respond> answers = new ArrayList<>();
      senders.forEach(s -> answers.add(new Respond(s, new SubmitResult.Unavailable(reason))));
      passed(answers);
      return answers;
    }

    private void passed(List<Respond> answers) {
      barriers.forEach(probe -> answers.add(new Respond(probe, new SubmitResult.Accepted())));
    }
  }

  boolean isFull() {
    return appends.size() >= LIMIT;
  }

  boolean isSettling() {
    return !failed.isEmpty();
  }

  int size() {
    return appends.size();
  }

  /// The membership when everything pending is committed.
  Participants foldOnto(Participants committed) {
    Participants folded = committed;
    for (Append append : appends) {
      folded = folded.with(append.entry());
    }
    return folded;
  }

  /// Whether a report that will tell the sender the same is on its way.
  boolean reports(AddressOfRecord reporter, String reported, String disposition) {
    return entries(Entry.Disposition.class)
        .filter(Entry.Disposition::forwarded)
        .filter(receipt -> receipt.reporter().equals(reporter))
        .anyMatch(r -> r.reported().equals(reported) && r.disposition().equals(disposition));
  }

  private <E extends Entry> Stream<E> entries(Class<E> kind) {
    return appends.stream().map(Append::entry).filter(kind::isInstance).map(kind::cast);
  }

  /// The number that the next entry gets.
  long nextSequence(long committed) {
    return newest().map(newest -> newest.entry().sequence()).orElse(committed) + 1;
  }

  Optional<Append> newest() {
    return Optional.ofNullable(appends.peekLast());
  }

  Optional<Append> find(SubmissionKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  void add(Append append) {
    appends.addLast(append);
    append.keys().forEach(key -> byKey.put(key, append));
  }

  /// Takes out the append that was committed: the oldest one, or one that the store kept although
  /// an earlier one had failed (its senders have been answered then).
  Append committed(long sequence) {
    Append late = failed.remove(sequence);
    if (late != null) {
      return new Append(late.entry(), late.keys(), List.of(), List.of());
    }
    Append oldest = appends.peekFirst();
    if (oldest == null || oldest.entry().sequence() != sequence) {
      throw new IllegalStateException("entry " + sequence + " committed out of order");
    }
    appends.removeFirst();
    forget(oldest);
    return oldest;
  }

  /// Takes out the append that failed and every later one; empty when it is one of those already.
  List<Append> failed(long sequence) {
    if (failed.remove(sequence) != null) {
      return List.of();
    }
    List<Append> lost = new ArrayList<>();
    while (!appends.isEmpty() && appends.getLast().entry().sequence() >= sequence) {
      Append append = appends.removeLast();
      lost.addFirst(append);
      forget(append);
      if (append.entry().sequence() > sequence) {
        failed.put(append.entry().sequence(), append);
      }
    }
    return lost;
  }

  private void forget(Append append) {
    append.keys().forEach(byKey::remove);
  }
}
