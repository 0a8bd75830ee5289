package io.continuo.server;

import io.continuo.server.runtime.Conversations;
import io.continuo.server.telemetry.ChatMetrics.CursorLag;
import java.util.List;
import java.util.function.Supplier;

/// The lag of every cursor in conversations that are awake, measured when somebody looks.
record Lag(Conversations conversations) implements Supplier<CursorLag> {
  @Override
  public CursorLag get() {
    List<Long> lags = conversations.lags();
    long max = lags.stream().mapToLong(Long::longValue).max().orElse(0);
    long total = lags.stream().mapToLong(Long::longValue).sum();
    long behind = lags.stream().filter(lag -> lag > 0).count();
    return new CursorLag(max, total, behind);
  }
}
