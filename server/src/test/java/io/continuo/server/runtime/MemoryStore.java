package io.continuo.server.runtime;

import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.CursorRecord;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.InMemoryConversationLog;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// A log and a directory in memory that a test can make slow or fail. Outlives the conversations on
/// it, as a disk does.
final class MemoryStore {
  private final InMemoryConversationLog log = new InMemoryConversationLog();
  private final Map<ConversationId, Room> known = new ConcurrentHashMap<>();
  private volatile CountDownLatch commits = new CountDownLatch(0);
  private volatile CountDownLatch keeping = new CountDownLatch(0);
  private volatile Set<Failing> failing = Set.of();

  private record Room(boolean group, List<AddressOfRecord> participants, List<String> names) {}

  /// Commits are told from the next [#releaseCommits] on.
  void holdCommits() {
    commits = new CountDownLatch(1);
  }

  void releaseCommits() {
    commits.countDown();
  }

  /// The directory keeps conversations from the next [#releaseKeeping] on.
  void holdKeeping() {
    keeping = new CountDownLatch(1);
  }

  void releaseKeeping() {
    keeping.countDown();
  }

  /// What fails from now on; nothing: all is well again.
  void failing(Failing... now) {
    failing = Set.of(now);
  }

  /// What can fail.
  enum Failing {
    READING,
    KEEPING
  }

  private void work(Failing what) throws StoreUnavailable {
    if (failing.contains(what)) {
      throw new StoreUnavailable("the test says so");
    }
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  List<ConversationId> conversations() {
    return log.conversations();
  }

  ConversationLog log() {
    return new GatedLog();
  }

  ConversationDirectory directory() {
    return new Directory();
  }

  private final class GatedLog implements ConversationLog {
    @Override
    public void append(ConversationId conversation, Entry entry, AppendListener listener) {
      CountDownLatch gate = commits;
      log.append(
          conversation,
          entry,
          new AppendListener() {
            @Override
            public void committed() {
              pass(gate);
              listener.committed();
            }

            @Override
            public void failed(StoreUnavailable why) {
              listener.failed(why);
            }
          });
    }

    @Override
    public void note(ConversationId conversation, CursorRecord told) {
      log.note(conversation, told);
    }

    @Override
    public List<LogRecord> load(ConversationId conversation) throws StoreUnavailable {
      work(Failing.READING);
      return log.load(conversation);
    }

    @Override
    public List<Entry> read(ConversationId conversation, long from, int maxEntries, long maxBytes)
        throws StoreUnavailable {
      work(Failing.READING);
      return log.read(conversation, from, maxEntries, maxBytes);
    }

    @Override
    public void erase(ConversationId conversation) throws StoreUnavailable {
      work(Failing.KEEPING);
      log.erase(conversation);
    }

    @Override
    public List<ConversationId> conversations() {
      return log.conversations();
    }

    @Override
    public List<ConversationId> conversationsWith(String messageId) {
      return log.conversationsWith(messageId);
    }

    @Override
    public List<AddressOfRecord> everybody(ConversationId conversation) throws StoreUnavailable {
      work(Failing.READING);
      return log.everybody(conversation);
    }

    @Override
    public List<ConversationId> joinedLast(int max) {
      return log.joinedLast(max);
    }

    @Override
    public boolean mayOwe(ConversationId conversation, DeviceId device) {
      return log.mayOwe(conversation, device);
    }

    @Override
    public void close() {
      log.close();
    }
  }

  private final class Directory implements ConversationDirectory {
    @Override
    public void keep(
        ConversationId conversation, boolean group, Collection<AddressOfRecord> participants)
        throws StoreUnavailable {
      pass(keeping);
      work(Failing.KEEPING);
      known.merge(
          conversation,
          new Room(group, List.copyOf(participants), new ArrayList<>()),
          (before, now) -> new Room(group, now.participants(), before.names()));
    }

    @Override
    public void keep(Collection<ConversationDirectory.Known> conversations)
        throws StoreUnavailable {
      for (ConversationDirectory.Known each : conversations) {
        keep(each.id(), each.group(), each.participants());
      }
    }

    @Override
    public List<ConversationId> unknown(Collection<ConversationId> conversations) {
      return conversations.stream().filter(id -> !known.containsKey(id)).toList();
    }

    @Override
    public List<ConversationId> of(AddressOfRecord subscriber) {
      return known.entrySet().stream()
          .filter(each -> each.getValue().participants().contains(subscriber))
          .map(Map.Entry::getKey)
          .toList();
    }

    @Override
    public Optional<ConversationDirectory.Known> find(ConversationId conversation) {
      return Optional.ofNullable(known.get(conversation))
          .map(one ->
              new ConversationDirectory.Known(conversation, one.group(), one.participants()));
    }

    @Override
    public synchronized void alias(ConversationId conversation, String name) {
      known.get(conversation).names().add(name);
    }

    @Override
    public synchronized List<String> aliases(ConversationId conversation) throws StoreUnavailable {
      work(Failing.READING);
      return Optional.ofNullable(known.get(conversation))
          .map(one -> List.copyOf(one.names()))
          .orElse(List.of());
    }

    @Override
    public void forget(ConversationId conversation) {
      known.remove(conversation);
    }
  }
}
