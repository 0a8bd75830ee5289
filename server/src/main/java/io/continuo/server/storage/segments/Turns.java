package io.continuo.server.storage.segments;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Does one thing after the other on whichever thread of a pool is free, in the order in which they
/// came. So a file is used by one thread at a time.
///
/// Threading: any thread.
final class Turns {
  private final Executor threads;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  Turns(Executor threads) {
    this.threads = threads;
  }

  void add(Runnable work) {
    boolean idle;
    synchronized (this) {
      waiting.add(work);
      idle = !running;
      running = true;
    }
    if (idle) {
      threads.execute(this::run);
    }
  }

  private void run() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable next = waiting.poll();
    running = next != null;
    return next;
  }
}
