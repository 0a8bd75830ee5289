package io.continuo.server;

import io.continuo.server.storage.segments.LogObserver;
import io.continuo.server.telemetry.LogMetrics;
import java.time.Duration;

/// Joins the log's counts to the metrics.
record LogCounts(LogMetrics metrics) implements LogObserver {
  @Override
  public void committed(int records, long bytes, Duration took) {
    metrics.groupCommitted(records, bytes, took);
  }

  @Override
  public void opened(long known, long scanned, long scannedBytes) {
    metrics.opened(scanned);
  }

  @Override
  public void appendFailed() {
    metrics.appendFailed();
  }

  @Override
  public void answerDropped() {
    metrics.answerDropped();
  }
}
