package io.continuo.server.b2bua;

import io.continuo.server.identity.LegId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The session timers of the legs of one chat session (RFC 4028): when ours are to be refreshed,
/// and which leg ends because nobody refreshed it.
///
/// Threading: the conversation's loop only.
final class SessionRefresh {
  private final Map<LegId, SessionInterval> agreed = new HashMap<>();

  /// The two sides agreed on a timer, or one of them refreshed: it starts anew (RFC 4028 §7.2, §9).
  ///
  /// @param interval empty: there is no timer any more
  List<SessionEffect> agreed(LegId leg, Optional<SessionInterval> interval) {
    if (interval.isEmpty()) {
      return forget(leg);
    }
    agreed.put(leg, interval.get());
    SessionEffect end =
        new SessionEffect.Start(new SessionTimer.SessionExpires(leg), interval.get().endAfter());
    SessionTimer refresh = new SessionTimer.Refresh(leg);
    return List.of(
        end,
        interval.get().weRefresh()
            ? new SessionEffect.Start(refresh, interval.get().refreshAfter())
            : new SessionEffect.Cancel(refresh));
  }

  /// Half of the interval is over.
  List<SessionEffect> due(LegId leg) {
    SessionInterval interval = agreed.get(leg);
    return interval == null
        ? List.of()
        : List.of(new SessionEffect.Refresh(leg, interval.expires()));
  }

  /// The refresh could not be sent: again after a while, as long as the session is good.
  List<SessionEffect> unsent(LegId leg) {
    SessionInterval interval = agreed.get(leg);
    return interval == null || !interval.weRefresh()
        ? List.of()
        : List.of(new SessionEffect.Start(new SessionTimer.Refresh(leg), interval.retryAfter()));
  }

  /// Nobody refreshed in time. Shipped clients name themselves as refresher and never refresh:
  /// while messages can flow to such a device its MSRP connection tells that it is there, and the
  /// timer starts anew: the BYE of RFC 4028 §10 is a SHOULD, and it would end a chat that works.
  /// Any other leg ends, and its device is parked.
  ///
  /// @return nothing when the leg is to be ended
  Optional<List<SessionEffect>> expired(Leg leg) {
    SessionInterval interval = agreed.get(leg.id());
    return interval == null || interval.weRefresh() || !leg.isReady()
        ? Optional.empty()
        : Optional.of(agreed(leg.id(), Optional.of(interval)));
  }

  /// The leg is gone.
  List<SessionEffect> forget(LegId leg) {
    return agreed.remove(leg) == null
        ? List.of()
        : List.of(
            new SessionEffect.Cancel(new SessionTimer.SessionExpires(leg)),
            new SessionEffect.Cancel(new SessionTimer.Refresh(leg)));
  }
}
