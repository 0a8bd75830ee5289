package io.continuo.device.sip;

import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A request of the peer's and what we answered (RFC 3261 §17.2).
///
/// Threading: any thread.
public final class ServerTransaction {
  private final SipRequest request;
  private final SipFlow flow;
  private final SipAgent agent;
  private final Function<Runnable, Future<?>> repeater;
  private final String toTag = SipText.random(8);
  private @Nullable SipResponse last;
  private @Nullable Future<?> repeats;

  /// @param repeater repeats an action until cancelled, at the intervals of Timer G
  ServerTransaction(
      SipRequest request, SipFlow flow, SipAgent agent, Function<Runnable, Future<?>> repeater) {
    this.request = request;
    this.flow = flow;
    this.agent = agent;
    this.repeater = repeater;
  }

  public SipRequest request() {
    return request;
  }

  SipFlow flow() {
    return flow;
  }

  /// The tag that our answers put on To.
  public String toTag() {
    return toTag;
  }

  /// An answer with a status and nothing more, ready to be added to.
  public SipResponse answer(int status) {
    return request.answer(status, status == 100 ? "" : toTag);
  }

  /// Sends an answer. A final answer to an INVITE is repeated until its ACK: a 2xx on every
  /// transport (RFC 3261 §13.3.1.4), others only where the transport loses things.
  public void respond(SipResponse response) {
    synchronized (this) {
      last = response;
      boolean untilAck = request.method().equals("INVITE") && !response.isProvisional();
      if (untilAck && (response.isSuccess() || !flow.reliable())) {
        repeats = repeater.apply(() -> agent.write(flow, response));
      }
    }
    agent.write(flow, response);
  }

  /// The same request came again: the same answer goes again.
  synchronized void repeated() {
    if (last != null) {
      agent.write(flow, last);
    }
  }

  /// Whether a final answer has gone.
  public synchronized boolean isAnswered() {
    return last != null && !last.isProvisional();
  }

  /// The ACK came: no more repeats.
  synchronized void acknowledged() {
    if (repeats != null) {
      repeats.cancel(false);
    }
  }
}
