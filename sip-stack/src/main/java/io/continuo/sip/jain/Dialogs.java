package io.continuo.sip.jain;

import io.continuo.sip.SipHeaders;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The dialogs there are, by Call-ID and both tags (RFC 3261 §12).
final class Dialogs {
  /// @param local our tag
  /// @param remote the peer's tag; empty for an old peer without one
  record Id(String callId, String local, String remote) {}

  private final Map<Id, Dialog> byId = new ConcurrentHashMap<>();

  void add(Dialog dialog) {
    byId.put(dialog.id(), dialog);
  }

  void remove(Dialog dialog) {
    byId.remove(dialog.id(), dialog);
  }

  /// The dialog of a request that came.
  Optional<Dialog> ofRequest(SipHeaders headers) {
    return find(headers, "To", "From");
  }

  /// The dialog of a response that came.
  Optional<Dialog> ofResponse(SipHeaders headers) {
    return find(headers, "From", "To");
  }

  private Optional<Dialog> find(SipHeaders headers, String local, String remote) {
    Id id =
        new Id(
            headers.first("Call-ID").orElse(""),
            Tags.of(headers.first(local)),
            Tags.of(headers.first(remote)));
    return Optional.ofNullable(byId.get(id));
  }

  int size() {
    return byId.size();
  }
}
