package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A conversation log without a disk, for tests: same order, same refusals, told on a thread of its
/// own. Runs [ConversationLogContract].
public final class InMemoryConversationLog implements ConversationLog {
  private final Map<ConversationId, List<LogRecord>> conversations = new LinkedHashMap<>();
  private final ExecutorService teller =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("memory-log").daemon().factory());

  /// Of each entry behind a first one that let somebody in.
  private final List<ConversationId> joins = new ArrayList<>();

  private boolean closed;
  private String failing = "";

  /// Every append from now on fails with this reason; empty: they succeed again.
  public synchronized void fail(String reason) {
    failing = reason;
  }

  @Override
  public synchronized void append(
      ConversationId conversation, Entry entry, AppendListener listener) {
    String refusal = refusal(conversation, entry);
    if (refusal.isEmpty()) {
      conversations.computeIfAbsent(conversation, _ -> new ArrayList<>()).add(entry);
      if (entry.sequence() > 1 && !entry.admitted().isEmpty()) {
        joins.add(conversation);
      }
      tell(listener::committed);
    } else {
      tell(() -> listener.failed(new StoreUnavailable(refusal)));
    }
  }

  private String refusal(ConversationId conversation, Entry entry) {
    long next = 1 + entries(conversation).size();
    if (closed) {
      return "the log is closed";
    }
    return entry.sequence() == next ? failing : "entry " + entry.sequence() + ", not " + next;
  }

  private void tell(Runnable telling) {
    if (closed) {
      telling.run();
    } else {
      teller.execute(telling);
    }
  }

  @Override
  public synchronized void note(ConversationId conversation, CursorRecord told) {
    List<LogRecord> records = conversations.get(conversation);
    if (records != null && !closed) {
      records.add(told);
    }
  }

  @Override
  public synchronized List<LogRecord> load(ConversationId conversation) {
    return List.copyOf(conversations.getOrDefault(conversation, List.of()));
  }

  @Override
  public synchronized List<Entry> read(
      ConversationId conversation, long from, int maxEntries, long maxBytes) {
    List<Entry> read = new ArrayList<>();
    long bytes = 0;
    for (Entry entry : entries(conversation)) {
      if (entry.sequence() < from) {
        continue;
      }
      bytes += size(entry);
      if (read.size() >= maxEntries || (!read.isEmpty() && bytes > maxBytes)) {
        break;
      }
      read.add(entry);
    }
    return read;
  }

  private List<Entry> entries(ConversationId conversation) {
    return conversations.getOrDefault(conversation, List.of()).stream()
        .filter(Entry.class::isInstance)
        .map(Entry.class::cast)
        .toList();
  }

  private static int size(Entry entry) {
    return switch (entry) {
      case Entry.Message message -> message.body().head().length;
      case Entry.Disposition disposition -> disposition.body().head().length;
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> 0;
    };
  }

  @Override
  public synchronized void erase(ConversationId conversation) throws StoreUnavailable {
    if (closed) {
      throw new StoreUnavailable("the log is closed");
    }
    conversations.remove(conversation);
    joins.removeIf(conversation::equals);
  }

  @Override
  public synchronized List<ConversationId> conversations() {
    return List.copyOf(conversations.keySet());
  }

  @Override
  public synchronized List<AddressOfRecord> everybody(ConversationId conversation) {
    return entries(conversation).stream()
        .flatMap(entry -> entry.admitted().stream())
        .distinct()
        .toList();
  }

  @Override
  public synchronized List<ConversationId> joinedLast(int max) {
    return joins.reversed().stream()
        .distinct()
        .filter(conversations::containsKey)
        .limit(max)
        .toList();
  }

  @Override
  public synchronized List<ConversationId> conversationsWith(String messageId) {
    return conversations.keySet().stream()
        .filter(id ->
            entries(id).stream()
                .anyMatch(e -> e instanceof Entry.Message m && m.messageId().equals(messageId)))
        .toList();
  }

  @Override
  public synchronized boolean mayOwe(ConversationId conversation, DeviceId device) {
    long newest = 0;
    long settled = 0;
    for (LogRecord each : conversations.getOrDefault(conversation, List.of())) {
      switch (each) {
        case Entry.Message message -> newest = message.sequence();
        case Entry.Disposition disposition -> newest = disposition.sequence();
        case Settled told when told.device().equals(device) -> settled = told.sequence();
        case Forgotten told when told.device().equals(device) -> settled = 0;
        case Entry _, CursorRecord _ -> {}
      }
    }
    return newest > settled;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    teller.shutdown();
    try {
      teller.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
