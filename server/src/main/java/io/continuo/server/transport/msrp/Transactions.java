package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpStatus;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/// The requests on one connection that await an answer. Each waiter is told once: the status, 408
/// when none came in time, 0 when the connection was closed.
///
/// Limit: the chunks of what the legs' windows allow, and what was relayed in one timeout.
///
/// Threading: the connection's event loop.
final class Transactions {
  /// What a waiter is told when the connection was closed.
  static final int CLOSED = 0;

  private final EventLoop loop;
  private final long timeoutNanos;
  // Insertion order is the order of deadlines, since all wait equally long.
  private final LinkedHashMap<String, Pending> pending = new LinkedHashMap<>();
  private boolean timing;

  private record Pending(long deadline, Waiter waiter) {}

  /// Is told the answer to one request.
  interface Waiter {
    /// @param headers of the answer; none when none came
    void answered(int status, List<MsrpHeader> headers);
  }

  Transactions(EventLoop loop, Duration timeout) {
    this.loop = loop;
    this.timeoutNanos = timeout.toNanos();
  }

  void await(String transactionId, IntConsumer waiter) {
    awaitWhole(transactionId, (status, headers) -> waiter.accept(status));
  }

  void awaitWhole(String transactionId, Waiter waiter) {
    pending.put(transactionId, new Pending(System.nanoTime() + timeoutNanos, waiter));
    if (!timing) {
      timeIn(timeoutNanos);
    }
  }

  /// Ignores an answer that nobody waits for.
  void answered(MsrpResponse response) {
    answered(response.transactionId(), response.status(), response.headers());
  }

  /// The same for an answer that did not come over the wire.
  void answered(String transactionId, int status) {
    answered(transactionId, status, List.of());
  }

  private void answered(String transactionId, int status, List<MsrpHeader> headers) {
    Pending waiting = pending.remove(transactionId);
    if (waiting != null) {
      waiting.waiter().answered(status, headers);
    }
  }

  void closed() {
    List<Pending> all = List.copyOf(pending.values());
    pending.clear();
    all.forEach(waiting -> waiting.waiter().answered(CLOSED, List.of()));
  }

  private void timeIn(long nanos) {
    timing = true;
    loop.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
  }

  private void expire() {
    timing = false;
    long now = System.nanoTime();
    List<String> late = new ArrayList<>();
    for (var entry : pending.entrySet()) {
      if (entry.getValue().deadline() - now > 0) {
        break;
      }
      late.add(entry.getKey());
    }
    late.forEach(id -> answered(id, MsrpStatus.REQUEST_TIMEOUT.code()));
    if (!pending.isEmpty() && !timing) {
      timeIn(Math.max(1, pending.firstEntry().getValue().deadline() - System.nanoTime()));
    }
  }
}
