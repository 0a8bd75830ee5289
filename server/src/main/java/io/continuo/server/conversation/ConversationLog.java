package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.util.List;

/// Port: where the logs of all conversations are kept. Safe to call from any thread.
public interface ConversationLog extends AutoCloseable {

  /// Appends one entry. `listener` is told once, on a thread of the store, in append order for a
  /// conversation: when the entry survives the loss of the process and of power, or when it could
  /// not be written (nothing is kept of it then). Never blocks; over the store's own limit of
  /// waiting bytes the listener is told `failed` at once.
  void append(ConversationId conversation, Entry entry, AppendListener listener);

  /// Writes this with the next group of entries; nobody waits for it.
  void note(ConversationId conversation, CursorRecord told);

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

  /// Everybody who ever took part, in the order of joining. Reads the entries that tell of it and
  /// no other: one small record for the opening and each join. Blocks.
  List<AddressOfRecord> everybody(ConversationId conversation) throws StoreUnavailable;

  /// Conversations that somebody joined when they had begun already, the newest join first; at most
  /// so many. Does not block and reads nothing.
  List<ConversationId> joinedLast(int max);

  /// The conversations in which a committed message has this `imdn.Message-ID`, in no order. Does
  /// not block. The store remembers its newest millions of messages; of an older one it says
  /// nothing, so a caller that must know then looks into the logs.
  List<ConversationId> conversationsWith(String messageId);

  /// Whether anything may wait for this device: false only when the newest entry that goes to
  /// devices was [Settled] for it. Does not block and reads nothing, so that whoever has many
  /// conversations of a device to look after can leave most of them alone.
  boolean mayOwe(ConversationId conversation, DeviceId device);

  @Override
  void close();

  /// Told what became of an append.
  interface AppendListener {
    void committed();

    void failed(StoreUnavailable why);
  }
}
