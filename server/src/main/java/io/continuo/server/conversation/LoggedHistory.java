package io.continuo.server.conversation;

import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads history from the logs: the same audience rule as for a device's cursor decides what is in
/// it.
///
/// Threading: any thread that may block. Each call loads the whole log of each conversation that it
/// looks at, because the membership is told there.
public final class LoggedHistory implements History {
  private final ConversationLog log;
  private final ConversationDirectory directory;

  public LoggedHistory(ConversationLog log, ConversationDirectory directory) {
    this.log = log;
    this.directory = directory;
  }

  @Override
  public Page history(AddressOfRecord subscriber, Position after, int limit)
      throws StoreUnavailable {
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit);
    }
    List<Item> items = new ArrayList<>();
    Map<ConversationId, Long> read = new HashMap<>(after.read());
    for (ConversationId conversation : directory.of(subscriber)) {
      if (items.size() == limit) {
        break;
      }
      for (Entry entry : visible(conversation, subscriber, after.of(conversation))) {
        if (items.size() == limit) {
          break;
        }
        items.add(new Item(conversation, entry));
        read.put(conversation, entry.sequence());
      }
    }
    return new Page(items, new Position(read));
  }

  private List<Entry> visible(ConversationId id, AddressOfRecord subscriber, long after)
      throws StoreUnavailable {
    List<LogRecord> records = log.load(id);
    Conversation conversation =
        Conversation.restore(id, SessionSettings.DEFAULT, ImdnSettings.DEFAULT, () -> "", records);
    return records.stream()
        .filter(Entry.class::isInstance)
        .map(Entry.class::cast)
        .filter(entry -> entry.sequence() > after && conversation.maySee(subscriber, entry))
        .toList();
  }
}
