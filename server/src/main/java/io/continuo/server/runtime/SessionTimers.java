package io.continuo.server.runtime;

import io.continuo.server.b2bua.SessionEffect;
import io.continuo.server.b2bua.SessionTimer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// The running timers of one chat session: at most one for each [SessionTimer]. Threading: the
/// conversation's loop only.
final class SessionTimers {
  private final Loop loop;
  private final Consumer<SessionTimer> fired;
  private final Map<SessionTimer, Future<?>> running = new HashMap<>();

  /// @param fired told on the loop when one has run out
  SessionTimers(Loop loop, Consumer<SessionTimer> fired) {
    this.loop = loop;
    this.fired = fired;
  }

  void start(SessionEffect.Start start) {
    SessionTimer timer = start.timer();
    cancel(timer);
    running.put(
        timer,
        loop.schedule(
            () -> {
              running.remove(timer);
              fired.accept(timer);
            },
            start.after()));
  }

  void cancel(SessionTimer timer) {
    Future<?> future = running.remove(timer);
    if (future != null) {
      future.cancel(false);
    }
  }

  boolean isEmpty() {
    return running.isEmpty();
  }
}
