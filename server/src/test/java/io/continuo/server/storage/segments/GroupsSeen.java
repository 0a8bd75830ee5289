package io.continuo.server.storage.segments;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// What a log told its observer.
final class GroupsSeen implements LogObserver {
  final LinkedBlockingQueue<Integer> records = new LinkedBlockingQueue<>();
  final AtomicInteger failed = new AtomicInteger();
  final AtomicInteger dropped = new AtomicInteger();

  volatile long known;
  volatile long scanned;
  volatile long scannedBytes;

  /// Returns when a group is synced, and fails unless it has so many records.
  void awaitRecords(int expected) throws InterruptedException {
    Integer seen = records.poll(60, TimeUnit.SECONDS);
    if (seen == null || seen != expected) {
      throw new AssertionError("a group of " + seen + " records, not " + expected);
    }
  }

  @Override
  public void committed(int count, long bytes, Duration took) {
    records.add(count);
  }

  @Override
  public void opened(long fromCheckpoints, long byScan, long bytesOfScan) {
    known = fromCheckpoints;
    scanned = byScan;
    scannedBytes = bytesOfScan;
  }

  @Override
  public void appendFailed() {
    failed.incrementAndGet();
  }

  @Override
  public void answerDropped() {
    dropped.incrementAndGet();
  }
}
