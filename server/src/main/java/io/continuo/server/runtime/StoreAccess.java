package io.continuo.server.runtime;

import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.ConversationEvent;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.CursorRecord;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One conversation's way to its log while it is at work: what it wants kept or read goes to the
/// store, what came of it comes back as an event on the loop. Threading: the conversation's loop
/// only.
final class StoreAccess {
  private static final Logger log = LoggerFactory.getLogger(StoreAccess.class);

  /// Entries and bytes that are read at once for a device that catches up.
  private static final int READ_ENTRIES = 64;

  private static final long READ_BYTES = 1L << 20;

  private final ConversationId id;
  private final ConversationLog store;
  private final Executor blocking;
  private final Loop loop;
  private final Consumer<ConversationEvent> tell;
  private int readings;

  /// @param blocking runs readings, off the loop
  /// @param tell told on the loop what came of an append or a reading
  StoreAccess(
      ConversationId id,
      ConversationLog store,
      Executor blocking,
      Loop loop,
      Consumer<ConversationEvent> tell) {
    this.id = id;
    this.store = store;
    this.blocking = blocking;
    this.loop = loop;
    this.tell = tell;
  }

  void append(Entry entry) {
    store.append(
        id,
        entry,
        new ConversationLog.AppendListener() {
          @Override
          public void committed() {
            noteAccepted(entry);
            loop.execute(() -> tell.accept(new ConversationEvent.Committed(entry.sequence())));
          }

          @Override
          public void failed(StoreUnavailable why) {
            noteRefused(entry, why);
            loop.execute(() ->
                tell.accept(
                    new ConversationEvent.AppendFailed(entry.sequence(), "store unavailable")));
          }
        });
  }

  void note(CursorRecord told) {
    store.note(id, told);
  }

  void read(ConversationEffect.Read read) {
    readings++;
    blocking.execute(() -> {
      List<Entry> entries = readNow(read.from());
      loop.execute(() -> {
        readings--;
        tell.accept(new ConversationEvent.ReadBack(read.leg(), read.from(), entries));
      });
    });
  }

  /// Whether no reading is under way.
  boolean isQuiet() {
    return readings == 0;
  }

  private List<Entry> readNow(long from) {
    try {
      return store.read(id, from, READ_ENTRIES, READ_BYTES);
    } catch (StoreUnavailable why) {
      log.atError().addKeyValue("conversation", id).setCause(why).log("log.read-failed");
      return List.of();
    }
  }

  /// The line a message has at DEBUG: who said it when, never what.
  private void noteAccepted(Entry entry) {
    if (entry instanceof Entry.Message message) {
      log.atDebug()
          .addKeyValue("conversation", id)
          .addKeyValue("sequence", message.sequence())
          .addKeyValue("message", message.messageId())
          .addKeyValue("sender", message.senderDevice())
          .addKeyValue("bytes", message.body().length())
          .log("message.accepted");
    }
  }

  /// The store says once, louder, what befell it, and counts each entry that it refuses since.
  private void noteRefused(Entry entry, StoreUnavailable why) {
    log.atDebug()
        .addKeyValue("conversation", id)
        .addKeyValue("sequence", entry.sequence())
        .addKeyValue("reason", why.getMessage())
        .log("log.append-failed");
  }
}
