package io.continuo.device;

import io.continuo.device.msrp.MsrpSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The chats of one device, by the Call-ID of their dialogs.
///
/// Threading: any thread.
final class Chats {
  /// Chats remembered; the oldest are forgotten first.
  static final int MAX = 1_000;

  private final LinkedHashMap<String, Chat> byCallId = new LinkedHashMap<>();

  synchronized void add(Chat chat) {
    byCallId.put(chat.callId(), chat);
    if (byCallId.size() > MAX) {
      byCallId.pollFirstEntry();
    }
  }

  synchronized Optional<Chat> find(String callId) {
    return Optional.ofNullable(byCallId.get(callId));
  }

  Optional<Chat> find(MsrpSession session) {
    return where(chat -> chat.msrp() == session).stream().findFirst();
  }

  /// Oldest first.
  synchronized List<Chat> where(Predicate<Chat> wanted) {
    return byCallId.values().stream().filter(wanted).toList();
  }
}
