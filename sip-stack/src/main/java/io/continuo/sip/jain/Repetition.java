package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import java.time.Duration;

/// Sends a 2xx to an INVITE again and again until its ACK comes (RFC 3261 §13.3.1.4).
///
/// Threading: the stripe of the Call-ID.
final class Repetition {
  private final UserAgent agent;
  private final String callId;
  private final Flow back;
  private final byte[] response;
  private final Runnable unacknowledged;
  private Duration interval;
  private Duration waited = Duration.ZERO;
  private boolean stopped;

  /// @param unacknowledged run once when no ACK came in 64*T1
  Repetition(UserAgent agent, String callId, Flow back, byte[] response, Runnable unacknowledged) {
    this.agent = agent;
    this.callId = callId;
    this.back = back;
    this.response = response;
    this.unacknowledged = unacknowledged;
    this.interval = agent.timers().t1();
    await();
  }

  void stop() {
    stopped = true;
  }

  private void await() {
    Duration now = interval;
    agent.later(now, callId, () -> waited(now));
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
    Duration doubled = interval.multipliedBy(2);
    interval = doubled.compareTo(agent.timers().t2()) > 0 ? agent.timers().t2() : doubled;
    await();
  }
}
