package io.continuo.sip.jain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Initial INVITEs seen in the last while, so that a late repetition does not ring twice and a copy
/// that came another way is a merged request (RFC 3261 §8.2.2.2).
final class ServerInvites {
  /// INVITEs that are remembered, about 300 bytes each; one more is 503 until one is forgotten.
  static final int MAX = 200_000;

  private final UserAgent agent;
  private final int max;
  private final Map<String, String> branches = new ConcurrentHashMap<>();

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

  /// The final answer was sent: its repetitions may still come for Timer H.
  void finished(ServerInvite invite) {
    agent.later(agent.timers().timeout(), invite.callId(), () -> branches.remove(key(invite)));
  }

  private static String key(ServerInvite invite) {
    return key(invite.callId(), Tags.of(invite.request.headers().first("From")), invite.sequence());
  }

  static String key(String callId, String fromTag, long sequence) {
    return callId + "|" + fromTag + "|" + sequence;
  }

  int size() {
    return branches.size();
  }
}
