package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.util.List;
import java.util.Map;

/// Port: what a subscriber may see of everything it ever took part in, for store synchronisation
/// (capability A10). The reader keeps the cursor: the server remembers nothing of who has read what
/// here. Blocks; off the loops.
public interface History {
  /// The next entries behind a cursor, conversation by conversation, each in log order.
  ///
  /// @param limit at most so many entries, at least 1
  Page history(AddressOfRecord subscriber, Position after, int limit) throws StoreUnavailable;

  /// How far somebody has read: the last sequence number in each conversation. A conversation that
  /// is not named has not been read at all.
  record Position(Map<ConversationId, Long> read) {
    public static final Position START = new Position(Map.of());

    public Position {
      read = Map.copyOf(read);
    }

    long of(ConversationId conversation) {
      return read.getOrDefault(conversation, 0L);
    }
  }

  /// Entries, and where to go on. Nothing is left when there are no entries.
  record Page(List<Item> items, Position next) {
    public Page {
      items = List.copyOf(items);
    }
  }

  /// An entry and its conversation.
  record Item(ConversationId conversation, Entry entry) {}
}
