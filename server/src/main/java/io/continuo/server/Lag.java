package io.continuo.server;

import io.continuo.server.runtime.ConversationView;
import io.continuo.server.runtime.Conversations;
import io.continuo.server.telemetry.ChatMetrics.CursorLag;
import java.util.LongSummaryStatistics;
import java.util.function.Supplier;

/// The lag of every cursor in conversations that are awake, together: measured once for each scrape
/// of `/metrics`. Which device is how far behind is told by [SessionPage].
record Lag(Conversations conversations) implements Supplier<CursorLag> {
  @Override
  public CursorLag get() {
    LongSummaryStatistics behind =
        conversations.views().stream()
            .map(ConversationView::lag)
            .flatMap(lag -> lag.values().stream())
            .mapToLong(Long::longValue)
            .filter(entries -> entries > 0)
            .summaryStatistics();
    return behind.getCount() == 0
        ? CursorLag.NONE
        : new CursorLag(behind.getMax(), behind.getSum(), behind.getCount());
  }
}
