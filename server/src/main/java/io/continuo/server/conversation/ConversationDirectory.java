package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Port: which conversations there are, who is in them, and the names clients gave them. Blocks;
/// off the loops.
public interface ConversationDirectory {
  /// Keeps a conversation, or adds participants to it. Durable on return.
  void keep(ConversationId conversation, boolean group, Collection<AddressOfRecord> participants)
      throws StoreUnavailable;

  /// Keeps these, or adds their participants: all of them durable on return, or none.
  void keep(Collection<Known> conversations) throws StoreUnavailable;

  /// Those of these conversations that are not kept, in their order.
  List<ConversationId> unknown(Collection<ConversationId> conversations) throws StoreUnavailable;

  /// Conversations that this subscriber takes or took part in, latest kept first.
  List<ConversationId> of(AddressOfRecord subscriber) throws StoreUnavailable;

  Optional<Known> find(ConversationId conversation) throws StoreUnavailable;

  /// Remembers a client's Conversation-ID or Contribution-ID as another name.
  void alias(ConversationId conversation, String name) throws StoreUnavailable;

  List<String> aliases(ConversationId conversation) throws StoreUnavailable;

  /// Forgets a conversation and its names.
  void forget(ConversationId conversation) throws StoreUnavailable;

  /// A conversation as the directory knows it.
  record Known(ConversationId id, boolean group, List<AddressOfRecord> participants) {
    public Known {
      participants = List.copyOf(participants);
    }
  }
}
