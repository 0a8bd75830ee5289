package io.continuo.server.runtime;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that runs conversations. Every conversation has one loop for life, so its steps never
/// overlap.
///
/// Limit: `runtime.max-mailbox` steps may wait. Steps from outside are refused beyond it
/// ([#offer]); answers to what we asked for (a commit, an outcome, a timer) always get in
/// ([#execute]), since they make the mailbox shorter.
final class Loop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  private final DefaultEventLoop loop;
  private final AtomicInteger waiting = new AtomicInteger();
  private final int limit;

  Loop(int number, int limit) {
    this.loop = new DefaultEventLoop(new DefaultThreadFactory("conversations-" + number, true));
    this.limit = limit;
  }

  /// Runs a step from outside, or says false when too many wait.
  boolean offer(Runnable step) {
    return waiting.get() < limit && add(step);
  }

  /// Runs a step that an answer starts. After [#close] nobody waits for it any more: a commit that
  /// comes then is in the log, and who was not told of it sends the same again.
  void execute(Runnable step) {
    if (!add(step)) {
      log.atDebug().log("loop.step-after-close");
    }
  }

  private boolean add(Runnable step) {
    waiting.incrementAndGet();
    try {
      loop.execute(() -> {
        waiting.decrementAndGet();
        guarded(step);
      });
      return true;
    } catch (RejectedExecutionException closed) {
      waiting.decrementAndGet();
      return false;
    }
  }

  /// Steps that wait now. Any thread.
  int waiting() {
    return waiting.get();
  }

  Future<?> schedule(Runnable step, Duration after) {
    return loop.schedule(() -> guarded(step), after.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// A bug ends one step, not the loop and its other conversations.
  private static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error bug) {
      log.atError().setCause(bug).log("loop.step-failed");
    }
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
