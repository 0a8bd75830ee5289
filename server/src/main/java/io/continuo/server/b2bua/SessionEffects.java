package io.continuo.server.b2bua;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What one event of a chat session brings about, in the order in which it is to be done.
/// Threading: the conversation's loop only.
final class SessionEffects {
  private final List<SessionEffect> effects = new ArrayList<>();

  void add(SessionEffect effect) {
    effects.add(effect);
  }

  void addAll(List<SessionEffect> all) {
    effects.addAll(all);
  }

  void start(SessionTimer timer, Duration after) {
    add(new SessionEffect.Start(timer, after));
  }

  void cancel(SessionTimer timer) {
    add(new SessionEffect.Cancel(timer));
  }

  /// Before an event: what a step left that failed is not done.
  void clear() {
    effects.clear();
  }

  /// All since the event began.
  List<SessionEffect> all() {
    return List.copyOf(effects);
  }
}
