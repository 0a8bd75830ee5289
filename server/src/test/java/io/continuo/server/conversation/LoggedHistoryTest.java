package io.continuo.server.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.History.Item;
import io.continuo.server.conversation.History.Page;
import io.continuo.server.conversation.History.Position;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LoggedHistoryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  private static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");
  private static final AddressOfRecord CAROL = AddressOfRecord.of("sip:carol@continuo.test");
  private static final ConversationId PAIR = ConversationId.between(ALICE, BOB);
  private static final ConversationId GROUP = ConversationId.group(new UUID(1, 2));

  private final InMemoryConversationLog log = new InMemoryConversationLog();
  private final Rooms rooms = new Rooms();
  private final History history = new LoggedHistory(log, rooms);

  @Test
  void aReaderSeesEveryConversationItTookPartInOnce() throws Exception {
    append(PAIR, new Entry.Opened(1, NOW, false, List.of(ALICE, BOB)));
    append(PAIR, message(2, ALICE, "one"));
    append(GROUP, new Entry.Opened(1, NOW, true, List.of(BOB, CAROL)));
    append(GROUP, message(2, CAROL, "two"));

    assertThat(texts(history.history(BOB, Position.START, 100))).containsExactly("one", "two");
    assertThat(texts(history.history(ALICE, Position.START, 100))).containsExactly("one");
  }

  @Test
  void whoLeftSeesNothingOfWhatCameAfter() throws Exception {
    append(GROUP, new Entry.Opened(1, NOW, true, List.of(ALICE, BOB, CAROL)));
    append(GROUP, message(2, ALICE, "before"));
    append(GROUP, new Entry.Left(3, NOW, CAROL));
    append(GROUP, message(4, ALICE, "after"));

    assertThat(texts(history.history(CAROL, Position.START, 100))).containsExactly("before");
  }

  @Test
  void aCursorGoesOnWhereThePageEnded() throws Exception {
    append(PAIR, new Entry.Opened(1, NOW, false, List.of(ALICE, BOB)));
    for (int i = 2; i <= 6; i++) {
      append(PAIR, message(i, ALICE, "m" + i));
    }
    List<String> all = new ArrayList<>();
    Position position = Position.START;
    for (Page page = history.history(BOB, position, 2);
        !page.items().isEmpty();
        page = history.history(BOB, position, 2)) {
      assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
      all.addAll(texts(page));
      position = page.next();
    }

    assertThat(all).containsExactly("m2", "m3", "m4", "m5", "m6");
    append(PAIR, message(7, ALICE, "later"));
    assertThat(texts(history.history(BOB, position, 2))).containsExactly("later");
  }

  private void append(ConversationId id, Entry entry) {
    rooms.know(id, entry);
    log.append(
        id,
        entry,
        new ConversationLog.AppendListener() {
          @Override
          public void committed() {}

          @Override
          public void failed(StoreUnavailable why) {
            throw new AssertionError(why);
          }
        });
  }

  private static Entry.Message message(long sequence, AddressOfRecord sender, String text) {
    return new Entry.Message(
        sequence,
        NOW,
        sender,
        new DeviceId(sender, "phone"),
        "id-" + text,
        "text/plain",
        text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> texts(Page page) {
    return page.items().stream()
        .map(Item::entry)
        .filter(Entry.Message.class::isInstance)
        .map(entry -> new String(((Entry.Message) entry).body().whole(), StandardCharsets.UTF_8))
        .toList();
  }

  /// A directory in memory that learns from the entries.
  private static final class Rooms implements ConversationDirectory {
    private final Map<ConversationId, List<AddressOfRecord>> rooms = new LinkedHashMap<>();

    void know(ConversationId id, Entry entry) {
      if (entry instanceof Entry.Opened opened) {
        rooms.put(id, opened.participants());
      }
    }

    @Override
    public void keep(
        ConversationId conversation, boolean group, Collection<AddressOfRecord> participants) {
      rooms.put(conversation, List.copyOf(participants));
    }

    @Override
    public void keep(Collection<Known> conversations) {
      conversations.forEach(each -> keep(each.id(), each.group(), each.participants()));
    }

    @Override
    public List<ConversationId> unknown(Collection<ConversationId> conversations) {
      return conversations.stream().filter(id -> !rooms.containsKey(id)).toList();
    }

    @Override
    public List<ConversationId> of(AddressOfRecord subscriber) {
      return rooms.entrySet().stream()
          .filter(room -> room.getValue().contains(subscriber))
          .map(Map.Entry::getKey)
          .toList();
    }

    @Override
    public Optional<Known> find(ConversationId conversation) {
      return Optional.empty();
    }

    @Override
    public void alias(ConversationId conversation, String name) {}

    @Override
    public List<String> aliases(ConversationId conversation) {
      return List.of();
    }

    @Override
    public void forget(ConversationId conversation) {
      rooms.remove(conversation);
    }
  }
}
