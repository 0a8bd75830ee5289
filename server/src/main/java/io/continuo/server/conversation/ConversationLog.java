package io.continuo.server.conversation;

import io.continuo.server.identity.ConversationId;
import java.util.List;

/// Port: where the logs of all conversations are kept. Safe to call from any thread.
public interface ConversationLog extends AutoCloseable {

  /// Appends one entry. `listener` is told once, on a thread of the store, in append order for a
  /// conversation: when the entry survives the loss of the process and of power, or when it could
  /// not be written (nothing is kept of it then). Never blocks; over the store's own limit of
  /// waiting bytes the listener is told `failed` at once.
  void append(ConversationId conversation, Entry entry, AppendListener listener);

  /// Writes a device's answer with the next group of entries; nobody waits for it.
  void note(ConversationId conversation, Answer answer);

  /// Every record of a conversation in log order; empty when there is none. Blocks.
  List<LogRecord> load(ConversationId conversation) throws StoreUnavailable;

  /// Committed entries with a sequence number of at least `from`, in order, at most `maxEntries`
  /// (the first one is always given, whatever its size; after it stops at `maxBytes` of bodies).
  /// Blocks.
  List<Entry> read(ConversationId conversation, long from, int maxEntries, long maxBytes)
      throws StoreUnavailable;

  /// Erases a conversation: after the call returns it is not found any more, also after a crash.
  /// Blocks.
  void erase(ConversationId conversation) throws StoreUnavailable;

  /// Every conversation that has a log.
  List<ConversationId> conversations();

  @Override
  void close();

  /// Told what became of an append.
  interface AppendListener {
    void committed();

    void failed(StoreUnavailable why);
  }
}
