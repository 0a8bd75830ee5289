package io.continuo.server.storage.h2;

import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// Conversations in the tables `conversation`, `conversation_participant` and `conversation_name`.
final class H2Conversations implements ConversationDirectory {
  /// Names kept of one conversation; a client makes a new one for each session, and the oldest go.
  static final int MAX_NAMES = 100;

  private static final String KEEP =
      """
      MERGE INTO conversation (id, multi_party, kept) KEY (id)
      VALUES (?, ?, NEXT VALUE FOR conversation_kept)
      """;
  private static final String JOIN =
      """
      MERGE INTO conversation_participant (conversation, subscriber) KEY (conversation, subscriber)
      VALUES (?, ?)
      """;
  private static final String NAME =
      "MERGE INTO conversation_name (conversation, name) KEY (conversation, name) VALUES (?, ?)";
  private static final String DROP_OLDEST_NAMES =
      """
      DELETE FROM conversation_name WHERE conversation = ? AND position <=
        (SELECT position FROM conversation_name WHERE conversation = ?
         ORDER BY position DESC OFFSET ? ROWS FETCH FIRST 1 ROW ONLY)
      """;
  private static final String OF =
      """
      SELECT c.id FROM conversation c JOIN conversation_participant p ON p.conversation = c.id
      WHERE p.subscriber = ? ORDER BY c.kept DESC
      """;

  private final H2Database database;

  H2Conversations(H2Database database) {
    this.database = database;
  }

  @Override
  public void keep(
      ConversationId conversation, boolean group, Collection<AddressOfRecord> participants)
      throws StoreUnavailable {
    keep(List.of(new Known(conversation, group, List.copyOf(participants))));
  }

  @Override
  public void keep(Collection<Known> conversations) throws StoreUnavailable {
    database.change(handle -> {
      for (Known each : conversations) {
        String id = each.id().value();
        handle.execute(KEEP, id, each.group());
        each.participants().forEach(one -> handle.execute(JOIN, id, one.uri()));
      }
    });
  }

  @Override
  public List<ConversationId> unknown(Collection<ConversationId> conversations)
      throws StoreUnavailable {
    Set<ConversationId> unknown = new LinkedHashSet<>(conversations);
    database.read(handle -> {
      handle
          .createQuery("SELECT id FROM conversation")
          .mapTo(String.class)
          .useIterator(ids -> ids.forEachRemaining(id -> unknown.remove(new ConversationId(id))));
      return unknown;
    });
    return List.copyOf(unknown);
  }

  @Override
  public List<ConversationId> of(AddressOfRecord subscriber) throws StoreUnavailable {
    return database.read(
        handle -> texts(handle, OF, subscriber.uri()).stream().map(ConversationId::new).toList());
  }

  @Override
  public Optional<Known> find(ConversationId conversation) throws StoreUnavailable {
    return database.read(handle ->
        handle
            .createQuery("SELECT multi_party FROM conversation WHERE id = ?")
            .bind(0, conversation.value())
            .mapTo(Boolean.class)
            .findOne()
            .map(group -> new Known(conversation, group, participants(handle, conversation))));
  }

  @Override
  public void alias(ConversationId conversation, String name) throws StoreUnavailable {
    String id = conversation.value();
    database.change(handle -> {
      handle.execute(NAME, id, name);
      handle.execute(DROP_OLDEST_NAMES, id, id, MAX_NAMES);
    });
  }

  @Override
  public List<String> aliases(ConversationId conversation) throws StoreUnavailable {
    return database.read(handle ->
        texts(
            handle,
            "SELECT name FROM conversation_name WHERE conversation = ? ORDER BY position",
            conversation.value()));
  }

  @Override
  public void forget(ConversationId conversation) throws StoreUnavailable {
    String id = conversation.value();
    database.change(handle -> {
      handle.execute("DELETE FROM conversation_name WHERE conversation = ?", id);
      handle.execute("DELETE FROM conversation_participant WHERE conversation = ?", id);
      handle.execute("DELETE FROM conversation WHERE id = ?", id);
    });
  }

  private static List<AddressOfRecord> participants(Handle handle, ConversationId conversation) {
    String select =
        "SELECT subscriber FROM conversation_participant WHERE conversation = ? ORDER BY position";
    return texts(handle, select, conversation.value()).stream().map(AddressOfRecord::of).toList();
  }

  private static List<String> texts(Handle handle, String select, String argument) {
    return handle.createQuery(select).bind(0, argument).mapTo(String.class).list();
  }
}
