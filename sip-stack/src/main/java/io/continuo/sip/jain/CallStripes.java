package io.continuo.sip.jain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads on which everything of one Call-ID happens one after another.
///
/// Limits: the transports bound what waits here
/// ([io.continuo.sip.transport.TcpConnection#MAX_OPEN_MESSAGES] and its UDP sibling).
final class CallStripes {
  private static final Logger LOG = LoggerFactory.getLogger(CallStripes.class);

  private final List<ExecutorService> stripes = new ArrayList<>();

  CallStripes(String name, int count) {
    for (int i = 0; i < count; i++) {
      String thread = name + "-stripe-" + i;
      stripes.add(
          new ThreadPoolExecutor(
              1,
              1,
              0,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              task -> Thread.ofPlatform().daemon().name(thread).unstarted(task)));
    }
  }

  /// Runs a task after all earlier ones of the same key. After [#close] it is not run.
  void execute(String key, Runnable task) {
    try {
      stripes.get(Math.floorMod(key.hashCode(), stripes.size())).execute(() -> guarded(task));
    } catch (RejectedExecutionException closed) {
      LOG.atDebug().log("sip.task-after-close");
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable bug) {
      LOG.atError().setCause(bug).log("sip.step-failed");
    }
  }

  /// Runs what was handed in, then ends the threads.
  void close(Duration limit) {
    stripes.forEach(ExecutorService::shutdown);
    long deadline = System.nanoTime() + limit.toNanos();
    for (ExecutorService stripe : stripes) {
      try {
        if (!stripe.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          stripe.shutdownNow();
        }
      } catch (InterruptedException interrupted) {
        stripe.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }
}
