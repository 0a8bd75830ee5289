package io.continuo.server.b2bua;

import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;

/// What a session waits for.
public sealed interface SessionTimer {
  /// The other side's first answer, before the inviter is answered without it
  /// (`invite.answer-after`).
  record AnswerAfter(LegId inviter) implements SessionTimer {}

  /// An inviter to be answered at all, before its own INVITE expires (RFC 3261 §13.3.1).
  record InviteExpires(LegId inviter) implements SessionTimer {}

  /// Somebody to come back to a session without legs (`session.linger`).
  record Linger() implements SessionTimer {}

  /// An invited device to answer (`invite.ring-for`).
  record RingFor(LegId leg) implements SessionTimer {}

  /// A leg to get its connection, or to get it back (`session.linger`).
  record Rebind(LegId leg) implements SessionTimer {}

  /// A leg whose session timer is ours to be refreshed (RFC 4028 §7.2).
  record Refresh(LegId leg) implements SessionTimer {}

  /// A leg to be refreshed by whoever has to, before its session expires (RFC 4028 §10).
  record SessionExpires(LegId leg) implements SessionTimer {}

  /// A device that could not be had to be tried again (`registrar.invite-backoff`).
  record BackOff(DeviceId device) implements SessionTimer {}
}
