package io.continuo.device.sip;

import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The retransmissions of RFC 3261 §17: doubling intervals from T1.
///
/// Threading: everything repeated runs on one timer thread of this device.
final class Repeats implements AutoCloseable {
  /// Round-trip estimate, longest interval, and the end of it all (64 × T1), in milliseconds.
  static final long T1 = 500;

  static final long T2 = 4_000;
  static final long GIVE_UP = 64 * T1;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("device-sip-timer").factory());

  /// Repeats a request (Timers A and E; B and F end it).
  Future<?> request(ClientTransaction transaction, Runnable again, Runnable giveUp) {
    FutureTask<?> handle = new FutureTask<>(() -> {}, null);
    boolean invite = transaction.request().method().equals("INVITE");
    if (!transaction.flow().reliable()) {
      schedule(handle, again, T1, invite ? GIVE_UP : T2, System.nanoTime());
    }
    delayed(giveUp, GIVE_UP);
    return handle;
  }

  /// Repeats a final answer to an INVITE (Timer G, and the 2xx of §13.3.1.4).
  Future<?> answer(Runnable again) {
    FutureTask<?> handle = new FutureTask<>(() -> {}, null);
    schedule(handle, again, T1, T2, System.nanoTime());
    return handle;
  }

  private void schedule(Future<?> handle, Runnable again, long after, long longest, long since) {
    delayed(
        () -> {
          boolean over = System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(GIVE_UP);
          if (handle.isCancelled() || over) {
            return;
          }
          try {
            again.run();
          } catch (UncheckedIOException gone) {
            // The peer's socket is closed: nobody is left to repeat it to.
            return;
          }
          schedule(handle, again, Math.min(2 * after, longest), longest, since);
        },
        after);
  }

  private void delayed(Runnable action, long milliseconds) {
    try {
      timer.schedule(action, milliseconds, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      // The device is closed, and with it everything that it would have repeated.
      return;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
