package io.continuo.server;

import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.runtime.ChatObserver;
import io.continuo.server.telemetry.Metrics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// Joins the conversations' counts to the metrics: adapters do not know each other, the wiring
/// does.
final class ChatCounts implements ChatObserver {
  private final Metrics metrics;
  private final AtomicLong live = new AtomicLong();

  ChatCounts(Metrics metrics) {
    this.metrics = metrics;
  }

  long live() {
    return live.get();
  }

  @Override
  public void counted(Counted what) {
    metrics.count(what);
  }

  @Override
  public void copySent() {
    metrics.copySent();
  }

  @Override
  public void copyAnswered(DeliveryOutcome outcome, Duration took) {
    metrics.chat().copyAnswered(outcome, took);
  }

  @Override
  public void outOfOrder() {
    metrics.chat().gap(1);
  }

  @Override
  public void sessionStarted() {
    live.incrementAndGet();
  }

  @Override
  public void sessionEnded() {
    live.decrementAndGet();
  }
}
