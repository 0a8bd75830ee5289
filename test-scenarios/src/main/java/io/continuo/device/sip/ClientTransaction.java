package io.continuo.device.sip;

import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request of ours until its final answer (RFC 3261 §17.1).
///
/// Threading: answers come on a reader's thread; the repeats on the agent's timer.
public final class ClientTransaction {
  private final SipRequest request;
  private final SipFlow flow;
  private final Consumer<SipResponse> listener;
  private @Nullable Future<?> repeats;
  private byte @Nullable [] ack;
  private boolean answered;
  private boolean finished;

  ClientTransaction(SipRequest request, SipFlow flow, Consumer<SipResponse> listener) {
    this.request = request;
    this.flow = flow;
    this.listener = listener;
  }

  public SipRequest request() {
    return request;
  }

  SipFlow flow() {
    return flow;
  }

  synchronized void repeatWith(Future<?> timer) {
    repeats = timer;
  }

  /// Whether an INVITE's repeats end already (any answer ends them) or only slow down.
  synchronized boolean answered() {
    return answered;
  }

  synchronized boolean finished() {
    return finished;
  }

  /// Keeps the ACK of a 2xx, so that it can be sent again when the 2xx comes again.
  synchronized void acknowledgedBy(byte[] bytes) {
    ack = bytes;
  }

  /// Takes an answer; a repeated final one is answered with the ACK there was, and not told.
  void receive(SipResponse response) {
    if (isRepeated(response)) {
      byte[] repeatedAck = ack;
      if (repeatedAck != null) {
        flow.send(repeatedAck);
      }
      return;
    }
    listener.accept(response);
  }

  private synchronized boolean isRepeated(SipResponse response) {
    boolean repeated = finished;
    answered = true;
    finished |= !response.isProvisional();
    Future<?> timer = repeats;
    if (timer != null && (finished || request.method().equals("INVITE"))) {
      timer.cancel(false);
    }
    return repeated;
  }
}
