package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import java.time.Duration;

/// Sends a response to an INVITE again and again: a 2xx until its ACK comes (RFC 3261 §13.3.1.4), a
/// reliable provisional one until its PRACK comes (RFC 3262 §3). Each interval is twice the last.
///
/// Threading: the stripe of the Call-ID.
final class Repetition {
  private final UserAgent agent;
  private final String callId;
  private final Flow back;
  private final byte[] response;
  private final Runnable unacknowledged;
  private final Duration longest;
  private Duration interval;
  private Duration waited = Duration.ZERO;
  private boolean stopped;
  private Timers.Later next = Timers.Later.NEVER;

  /// @param longest interval
  /// @param unacknowledged run once when nothing came in 64*T1
  Repetition(
      UserAgent agent,
      String callId,
      Flow back,
      byte[] response,
      Duration longest,
      Runnable unacknowledged) {
    this.agent = agent;
    this.callId = callId;
    this.back = back;
    this.response = response;
    this.longest = longest;
    this.unacknowledged = unacknowledged;
    this.interval = agent.timers().t1();
    await();
  }

  void stop() {
    stopped = true;
    next.cancel();
  }

  private void await() {
    Duration now = least(interval, agent.timers().timeout().minus(waited));
    next = agent.later(now, callId, () -> waited(now));
  }

  private void waited(Duration time) {
    if (stopped) {
      return;
    }
    waited = waited.plus(time);
    if (waited.compareTo(agent.timers().timeout()) >= 0) {
      stopped = true;
      unacknowledged.run();
      return;
    }
    agent.sendOrForget(new Target.Over(back), response);
    interval = least(interval.multipliedBy(2), longest);
    await();
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
