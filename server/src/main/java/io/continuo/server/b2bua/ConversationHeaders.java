package io.continuo.server.b2bua;

import java.util.Optional;

/// The identifiers that clients give a chat (OMA CPM 2.2 §5.1; RFC 4122 UUIDs when we mint them).
/// They are aliases of a conversation, never its key.
public record ConversationHeaders(
    Optional<String> conversationId,
    Optional<String> contributionId,
    Optional<String> inReplyToContributionId) {
  public static final ConversationHeaders NONE =
      new ConversationHeaders(Optional.empty(), Optional.empty(), Optional.empty());
}
