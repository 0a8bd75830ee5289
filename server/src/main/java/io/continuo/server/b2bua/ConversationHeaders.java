package io.continuo.server.b2bua;

import java.util.Optional;
import java.util.function.Supplier;

/// The identifiers that clients give a chat (OMA CPM 2.2 §5.1). They are other names of a
/// conversation, never its key: clients use the same pair for things that have nothing to do with
/// each other.
public record ConversationHeaders(
    Optional<String> conversationId,
    Optional<String> contributionId,
    Optional<String> inReplyToContributionId) {
  public static final ConversationHeaders NONE =
      new ConversationHeaders(Optional.empty(), Optional.empty(), Optional.empty());

  /// These, with the missing ones made up: the Conversation-ID by which the chat is known, else a
  /// fresh one; a fresh Contribution-ID.
  ///
  /// @param known the chat's Conversation-ID of before
  /// @param fresh RFC 4122 UUIDs: shipped clients parse them as such
  public ConversationHeaders completed(Optional<String> known, Supplier<String> fresh) {
    return new ConversationHeaders(
        conversationId.or(() -> known).or(() -> Optional.of(fresh.get())),
        contributionId.or(() -> Optional.of(fresh.get())),
        inReplyToContributionId);
  }
}
