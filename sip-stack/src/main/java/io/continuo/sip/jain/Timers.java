package io.continuo.sip.jain;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What an endpoint does later. Whoever needs a timer no more cancels it: until then it keeps alive
/// all that it would touch, five minutes long for an INVITE that rang.
///
/// Threading: any thread.
final class Timers {
  private final ScheduledExecutorService clock;
  private final CallStripes stripes;
  private final AtomicInteger pending = new AtomicInteger();

  Timers(ScheduledExecutorService clock, CallStripes stripes) {
    this.clock = clock;
    this.stripes = stripes;
  }

  /// Something that will be done.
  @FunctionalInterface
  interface Later {
    Later NEVER = () -> {};

    /// Not to be done after all; nothing when it was done.
    void cancel();
  }

  /// Runs a task on the stripe of a Call-ID after this time.
  Later start(Duration delay, String callId, Runnable task) {
    AtomicBoolean over = new AtomicBoolean();
    pending.incrementAndGet();
    var scheduled =
        clock.schedule(
            () -> {
              if (isFirst(over)) {
                stripes.execute(callId, task);
              }
            },
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
    return () -> {
      if (isFirst(over)) {
        scheduled.cancel(false);
      }
    };
  }

  private boolean isFirst(AtomicBoolean over) {
    boolean first = over.compareAndSet(false, true);
    if (first) {
      pending.decrementAndGet();
    }
    return first;
  }

  /// How many are to be done.
  int pending() {
    return pending.get();
  }
}
