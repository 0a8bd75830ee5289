package io.continuo.sip.jain;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Initial INVITEs seen in the last while, so that a late repetition does not ring twice and a copy
/// that came another way is a merged request (RFC 3261 §8.2.2.2).
final class ServerInvites {
  /// INVITEs that are remembered, about 300 bytes each; one more is 503 until one is forgotten.
  static final int MAX = 200_000;

  private final UserAgent agent;
  private final int max;
  private final Map<String, String> branches = new ConcurrentHashMap<>();

  /// Those that PRACK may come for, by the dialog that they would make.
  private final Map<Dialogs.Id, ServerInvite> early = new ConcurrentHashMap<>();

  /// What an INVITE is to those seen before.
  enum Seen {
    NEW,
    REPEATED,
    MERGED,
    /// No room to remember it.
    TOO_MANY
  }

  ServerInvites(UserAgent agent, int max) {
    this.agent = agent;
    this.max = max;
  }

  /// @param key Call-ID, From-tag and CSeq
  Seen see(String key, String branch) {
    if (branches.size() >= max && !branches.containsKey(key)) {
      return Seen.TOO_MANY;
    }
    String before = branches.putIfAbsent(key, branch);
    if (before == null) {
      return Seen.NEW;
    }
    return before.equals(branch) ? Seen.REPEATED : Seen.MERGED;
  }

  /// Its provisional responses will be acknowledged.
  void rings(ServerInvite invite) {
    early.put(dialog(invite), invite);
  }

  /// Whose provisional response a PRACK acknowledges.
  Optional<ServerInvite> ringing(ServerCall prack) {
    return Optional.ofNullable(
        early.get(
            new Dialogs.Id(
                prack.callId(),
                Tags.of(prack.request().headers().first("To")),
                Tags.of(prack.request().headers().first("From")))));
  }

  /// The final answer was sent: its repetitions, and a PRACK, may still come for Timer H.
  void finished(ServerInvite invite) {
    agent.later(agent.timers().timeout(), invite.callId(), () -> forget(invite));
  }

  /// One that comes again is a new one.
  void forget(ServerInvite invite) {
    branches.remove(key(invite));
    early.remove(dialog(invite), invite);
  }

  private static Dialogs.Id dialog(ServerInvite invite) {
    return new Dialogs.Id(
        invite.callId(), invite.tag(), Tags.of(invite.request.headers().first("From")));
  }

  private static String key(ServerInvite invite) {
    return key(invite.callId(), Tags.of(invite.request.headers().first("From")), invite.sequence());
  }

  static String key(String callId, String fromTag, long sequence) {
    return callId + "|" + fromTag + "|" + sequence;
  }

  int size() {
    return branches.size() + early.size();
  }
}
