package io.continuo.sip.jain;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads on which everything of one Call-ID happens one after another: the event loops
/// themselves, so that a message that was read on its own stripe is dealt with there and then.
///
/// Limits: the transports bound what waits here
/// ([io.continuo.sip.transport.TcpConnection#MAX_OPEN_MESSAGES] and its UDP sibling).
final class CallStripes {
  private static final Logger LOG = LoggerFactory.getLogger(CallStripes.class);

  private final List<EventExecutor> stripes = new ArrayList<>();
  private volatile boolean closed;

  CallStripes(EventLoopGroup loops) {
    loops.forEach(stripes::add);
  }

  /// Runs a task after all earlier ones of the same key, and after the step that hands it in. After
  /// [#close] it is not run.
  void execute(String key, Runnable task) {
    execute(stripe(key), task);
  }

  /// Deals with what a connection or socket handed up, at once when this is its stripe. What one of
  /// them hands up keeps its order for each key: it is read by one thread, and a key has one
  /// stripe.
  void arrived(String key, Runnable task) {
    EventExecutor stripe = stripe(key);
    if (stripe.inEventLoop() && !closed) {
      guarded(task);
    } else {
      execute(stripe, task);
    }
  }

  private EventExecutor stripe(String key) {
    return stripes.get(Math.floorMod(key.hashCode(), stripes.size()));
  }

  private void execute(EventExecutor stripe, Runnable task) {
    if (closed) {
      LOG.atDebug().log("sip.task-after-close");
      return;
    }
    try {
      stripe.execute(() -> guarded(task));
    } catch (RejectedExecutionException stopped) {
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

  /// Runs what was handed in; the loops live on for what is to be written.
  void close(Duration limit) {
    closed = true;
    List<EventExecutor> others = stripes.stream().filter(loop -> !loop.inEventLoop()).toList();
    CountDownLatch done = new CountDownLatch(others.size());
    try {
      others.forEach(loop -> loop.execute(done::countDown));
      if (!done.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.atWarn().log("sip.step-unfinished");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
