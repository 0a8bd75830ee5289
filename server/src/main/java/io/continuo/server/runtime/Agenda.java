package io.continuo.server.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The order of one conversation's work. A *step* comes from outside; what it brings about is
/// *added* and done before the next step. While something is *awaited* from the store nothing is
/// done at all.
///
/// Limit: steps wait in memory; the loop's mailbox (`runtime.max-mailbox`) bounds how many come in.
/// Threading: the conversation's loop only.
final class Agenda {
  private final Loop loop;
  private final Executor blocking;
  private final Deque<Runnable> steps = new ArrayDeque<>();
  private final Deque<Runnable> added = new ArrayDeque<>();
  private boolean waiting;
  private boolean working;

  /// @param blocking runs what is awaited, off the loop
  Agenda(Loop loop, Executor blocking) {
    this.loop = loop;
    this.blocking = blocking;
  }

  /// Does this after everything that was begun before it.
  void step(Runnable step) {
    steps.add(step);
    work();
  }

  /// Does this before the next step, behind what was added before it.
  void add(Runnable consequence) {
    added.add(consequence);
    work();
  }

  /// Runs blocking work off the loop; what came of it is told before anything else is done.
  <T> void await(Callable<T> blockingWork, Consumer<T> then, Consumer<Throwable> failed) {
    waiting = true;
    blocking.execute(() -> {
      Outcome<T> outcome = Outcome.of(blockingWork);
      loop.execute(() -> {
        waiting = false;
        added.addFirst(() -> outcome.tell(then, failed));
        work();
      });
    });
  }

  /// Whether nothing is to be done and nothing awaited.
  boolean isEmpty() {
    return !waiting && added.isEmpty() && steps.isEmpty();
  }

  private void work() {
    if (working) {
      return;
    }
    working = true;
    try {
      for (Runnable next = next(); next != null; next = next()) {
        next.run();
      }
    } finally {
      working = false;
      if (!waiting && !isEmpty()) {
        // Only after work that failed: the loop logs it, what stands behind it still has its turn.
        loop.execute(this::work);
      }
    }
  }

  private @Nullable Runnable next() {
    if (waiting) {
      return null;
    }
    return added.isEmpty() ? steps.poll() : added.poll();
  }

  /// What work off the loop came to. An error is told too: a conversation that waits for an answer
  /// which never comes would be lost.
  private record Outcome<T>(@Nullable T value, Optional<Throwable> failure) {
    static <T> Outcome<T> of(Callable<T> work) {
      try {
        return new Outcome<>(work.call(), Optional.empty());
      } catch (Exception | Error why) {
        return new Outcome<>(null, Optional.of(why));
      }
    }

    void tell(Consumer<T> then, Consumer<Throwable> failed) {
      failure.ifPresentOrElse(failed, () -> then.accept(Objects.requireNonNull(value)));
    }
  }
}
