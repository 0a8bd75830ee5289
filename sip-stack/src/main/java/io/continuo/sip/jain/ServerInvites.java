package io.continuo.sip.jain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Initial INVITEs seen in the last while, so that a late repetition does not ring twice and a copy
/// that came another way is a merged request (RFC 3261 §8.2.2.2).
final class ServerInvites {
  private final UserAgent agent;
  private final Map<String, String> branches = new ConcurrentHashMap<>();

  /// What an INVITE is to those seen before.
  enum Seen {
    NEW,
    REPEATED,
    MERGED
  }

  ServerInvites(UserAgent agent) {
    this.agent = agent;
  }

  /// @param key Call-ID, From-tag and CSeq
  Seen see(String key, String branch) {
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
