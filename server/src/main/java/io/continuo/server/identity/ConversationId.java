package io.continuo.server.identity;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// The key of a conversation: decided before its first entry, never changed or merged later.
///
/// One-to-one: derived from the unordered pair of subscribers, so that two people who invite each
/// other at the same moment meet in one conversation. Group: a focus identity that is minted once.
public record ConversationId(String value) {
  private static final String PAIR = "p-";
  private static final String GROUP = "g-";

  /// The one-to-one conversation of two subscribers, given by their primary addresses in any order.
  public static ConversationId between(AddressOfRecord one, AddressOfRecord other) {
    AddressOfRecord first = one.compareTo(other) <= 0 ? one : other;
    AddressOfRecord second = first.equals(one) ? other : one;
    String pair = first.uri() + " " + second.uri();
    return new ConversationId(PAIR + UUID.nameUUIDFromBytes(pair.getBytes(StandardCharsets.UTF_8)));
  }

  /// A new group.
  public static ConversationId group(UUID focus) {
    return new ConversationId(GROUP + focus);
  }

  public boolean isGroup() {
    return value.startsWith(GROUP);
  }

  @Override
  public String toString() {
    return value;
  }
}
