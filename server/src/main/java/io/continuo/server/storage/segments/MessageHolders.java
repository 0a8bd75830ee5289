package io.continuo.server.storage.segments;

import io.continuo.server.identity.ConversationId;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which conversations hold a message of which id, by the id's key: 16 to 32 bytes a message, so
/// 128 MiB at most.
///
/// Bounded by two tables: when the younger one has half of what is remembered it becomes the elder
/// one, and what the elder one had is forgotten. A conversation that was erased since may still be
/// named; whoever asks knows which there are. Guarded by [LogIndex].
final class MessageHolders {
  /// Messages remembered: these at most, the newest half of these at least.
  static final int MAX_MESSAGES = 4 << 20;

  private final int maxInTable;
  private Table young = new Table();
  private Table old = new Table();

  MessageHolders(int maxMessages) {
    this.maxInTable = Math.max(1, maxMessages / 2);
  }

  void add(long key, ConversationId holder) {
    if (young.count == maxInTable) {
      old = young;
      young = new Table();
    }
    young.add(key, holder);
  }

  Set<ConversationId> of(long key) {
    Set<ConversationId> found = new LinkedHashSet<>();
    old.find(key, found);
    young.find(key, found);
    return found;
  }

  /// Open addressing: a key's holders stand from its own slot on, up to the next empty one. At most
  /// three quarters full.
  private static final class Table {
    private long[] keys = new long[16];
    private @Nullable ConversationId[] holders = new ConversationId[16];
    private int count;

    void add(long key, ConversationId holder) {
      if (count >= keys.length / 4 * 3) {
        grow();
      }
      int at = slot(key);
      for (ConversationId there = holders[at]; there != null; there = holders[at]) {
        if (keys[at] == key && there.equals(holder)) {
          return;
        }
        at = next(at);
      }
      keys[at] = key;
      holders[at] = holder;
      count++;
    }

    void find(long key, Set<ConversationId> found) {
      int at = slot(key);
      for (ConversationId there = holders[at]; there != null; there = holders[at]) {
        if (keys[at] == key) {
          found.add(there);
        }
        at = next(at);
      }
    }

    private void grow() {
      long[] before = keys;
      @Nullable ConversationId[] heldBefore = holders;
      keys = new long[before.length * 2];
      holders = new ConversationId[before.length * 2];
      count = 0;
      for (int i = 0; i < before.length; i++) {
        ConversationId holder = heldBefore[i];
        if (holder != null) {
          add(before[i], holder);
        }
      }
    }

    // The key is a piece of a hash: any of its bits will do.
    private int slot(long key) {
      return (int) key & keys.length - 1;
    }

    private int next(int at) {
      return at + 1 & keys.length - 1;
    }
  }
}
