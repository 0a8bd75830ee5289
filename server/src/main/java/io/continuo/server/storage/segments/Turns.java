package io.continuo.server.storage.segments;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/// Does one thing after the other on whichever thread of a pool is free, in the order in which they
/// came. So a file is used by one thread at a time. After each it goes behind the others that wait
/// for a thread: one that always has more to do holds up nobody.
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
    first().run();
    if (hasMore()) {
      threads.execute(this::run);
    }
  }

  private synchronized Runnable first() {
    return waiting.remove();
  }

  private synchronized boolean hasMore() {
    running = !waiting.isEmpty();
    return running;
  }
}
