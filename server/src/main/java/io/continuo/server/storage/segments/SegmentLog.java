package io.continuo.server.storage.segments;

import io.continuo.server.configuration.StorageSettings;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.CursorRecord;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.storage.DirectoryLock;
import io.continuo.server.storage.FileFailure;
import io.continuo.server.storage.segments.LogIndex.Place;
import io.continuo.server.storage.segments.StagedBodies.Reference;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The logs of all conversations in one: append-only segment files in one global order, with group
/// commit ([GroupWriter]) and an index in memory ([LogIndex]). The file format is [Frame] around
/// [RecordCodec].
///
/// Erasing writes a tombstone, then gives the space back ([Reclamation]) on the eraser's thread. A
/// body of more than [StagedBodies#MAX_INLINE] bytes goes to a file of its own first ([Staging],
/// [Stager]).
///
/// Threading: any thread.
public final class SegmentLog implements ConversationLog {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentLog.class);

  private final LogIndex index;
  private final CommitQueue queue;
  private final LogObserver observer;
  private final Reclamation reclamation;
  private final Stager stager;
  private final Staging staging;
  private final @Nullable Owned owned;

  /// What only the one log that may write has.
  record Owned(Thread writer, DirectoryLock lock) {}

  SegmentLog(
      LogIndex index,
      CommitQueue queue,
      LogObserver observer,
      Reclamation reclamation,
      Stager stager,
      Staging staging,
      @Nullable Owned owned) {
    this.index = index;
    this.queue = queue;
    this.observer = observer;
    this.reclamation = reclamation;
    this.stager = stager;
    this.staging = staging;
    this.owned = owned;
  }

  /// Opens the log in `storage.directory`, made when missing.
  ///
  /// @param observer counts, on the log's threads
  /// @throws StoreUnavailable when another process has it, when it was written by a newer release,
  ///   or when acknowledged entries are damaged; names the file and the offset
  public static SegmentLog open(StorageSettings settings, LogObserver observer)
      throws StoreUnavailable {
    return open(settings, observer, Disk.REAL);
  }

  static SegmentLog open(StorageSettings settings, LogObserver observer, Disk disk)
      throws StoreUnavailable {
    return LogOpening.forWriting(settings, observer, disk);
  }

  /// Opens what is there now for reading, beside a running server or without one. Changes nothing,
  /// takes no lock, ignores a torn end; appends are refused.
  ///
  /// @param directory `storage.directory`
  public static SegmentLog openReadOnly(Path directory) throws StoreUnavailable {
    return LogOpening.forReading(directory);
  }

  @Override
  public void append(ConversationId conversation, Entry entry, AppendListener teller) {
    AppendListener listener = new Counted(teller, observer);
    switch (RecordCodec.body(entry)) {
      case Body.Staged staged ->
          stager.append(conversation, entry, StoredBody.of(staged), listener);
      case Body.Inline body when body.length() > StagedBodies.MAX_INLINE ->
          stager.append(conversation, entry, body.head(), listener);
      case Body.Inline _ ->
          queue.append(
              new Waiting.Append(
                  conversation,
                  entry.sequence(),
                  RecordCodec.encode(conversation, entry),
                  0,
                  listener));
    }
  }

  /// Where bodies for this log are written while they come.
  public BodyStaging staging() {
    return staging;
  }

  @Override
  public void note(ConversationId conversation, CursorRecord told) {
    if (!queue.note(new Waiting.Note(conversation, RecordCodec.encode(conversation, told)))) {
      observer.answerDropped();
    }
  }

  /// Includes every answer noted before the call.
  @Override
  public List<LogRecord> load(ConversationId conversation) throws StoreUnavailable {
    queue.barrier(conversation);
    return withPlaces(() -> {
      List<LogRecord> records = new ArrayList<>();
      for (Place place : index.records(conversation)) {
        records.add(record(place));
      }
      return records;
    });
  }

  @Override
  public List<Entry> read(ConversationId conversation, long from, int maxEntries, long maxBytes)
      throws StoreUnavailable {
    return withPlaces(() -> {
      List<Entry> entries = new ArrayList<>();
      long bytes = 0;
      for (Place place : index.entries(conversation, from, maxEntries)) {
        Entry entry = entry(place);
        bytes += RecordCodec.body(entry).head().length;
        if (!entries.isEmpty() && bytes > maxBytes) {
          break;
        }
        entries.add(entry);
      }
      return entries;
    });
  }

  @Override
  public void erase(ConversationId conversation) throws StoreUnavailable {
    Waiting.Done done = new Waiting.Done();
    queue.erase(new Waiting.Erase(conversation, RecordCodec.tombstone(conversation), done));
    Optional<StoreUnavailable> failed = done.await();
    if (failed.isPresent()) {
      throw failed.get();
    }
    reclamation.run();
  }

  @Override
  public List<ConversationId> conversations() {
    return index.conversations();
  }

  @Override
  public List<AddressOfRecord> everybody(ConversationId conversation) throws StoreUnavailable {
    return withPlaces(() -> {
      Set<AddressOfRecord> everybody = new LinkedHashSet<>();
      for (Place place : index.admitting(conversation)) {
        everybody.addAll(entry(place).admitted());
      }
      return List.copyOf(everybody);
    });
  }

  @Override
  public List<ConversationId> joinedLast(int max) {
    return index.joinedLast(max);
  }

  @Override
  public List<ConversationId> conversationsWith(String messageId) {
    return index.conversationsWith(Keys.of(messageId));
  }

  @Override
  public boolean mayOwe(ConversationId conversation, DeviceId device) {
    return index.mayOwe(conversation, Keys.of(device));
  }

  /// Why nothing can be appended any more; empty while all is well. For readiness.
  public Optional<StoreUnavailable> failure() {
    return queue.refusing();
  }

  /// Writes what waits, then closes.
  @Override
  public void close() {
    queue.close();
    if (owned != null) {
      join(owned.writer());
    }
    stager.close();
    staging.close();
    try {
      index.close();
      if (owned != null) {
        owned.lock().close();
      }
    } catch (IOException | StoreUnavailable e) {
      LOG.atWarn().setCause(e).log("log.close-failed");
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // what was acknowledged is safe already, the rest is worth the wait
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Entry entry(Place place) throws IOException, StoreUnavailable {
    return switch (record(place)) {
      case Entry entry -> entry;
      case CursorRecord _ -> throw damaged(place, "an answer where an entry should be");
    };
  }

  private LogRecord record(Place place) throws IOException, StoreUnavailable {
    try {
      ByteBuffer body = place.segment().body(place.offset(), place.size());
      RecordHead head = RecordCodec.head(body.duplicate());
      return RecordCodec.decode(body, staged -> body(head, staged));
    } catch (MalformedRecord e) {
      throw damaged(place, String.valueOf(e.getMessage()));
    }
  }

  private Body body(RecordHead head, Reference staged) throws IOException {
    try {
      return staging.stored(staged);
    } catch (FileNotFoundException e) {
      if (index.refersTo(head.conversation(), staged.number())) {
        throw new MalformedRecord("its body is not there", e);
      }
      throw new Segment.Retired(); // erased meanwhile
    }
  }

  private static StoreUnavailable damaged(Place place, String why) {
    return new StoreUnavailable(
        place.segment().path() + ": damaged at offset " + place.offset() + ": " + why);
  }

  /// Reads at places looked up in the index, again when a rewrite moved them meanwhile.
  private <T> T withPlaces(Reading<T> reading) throws StoreUnavailable {
    while (true) {
      try {
        return reading.read();
      } catch (Segment.Retired e) {
        if (index.isClosed()) {
          throw new StoreUnavailable("the log is closed", e);
        }
      } catch (IOException e) {
        throw new StoreUnavailable("the log cannot be read: " + FileFailure.text(e), e);
      }
    }
  }

  /// Counts each append that fails, whichever way it does.
  private record Counted(AppendListener listener, LogObserver observer) implements AppendListener {
    @Override
    public void committed() {
      listener.committed();
    }

    @Override
    public void failed(StoreUnavailable why) {
      observer.appendFailed();
      listener.failed(why);
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException, StoreUnavailable;
  }
}
