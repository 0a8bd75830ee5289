package io.continuo.server.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/// What the conversation log does (`log.*`). The wiring calls these from the log's observer.
///
/// Threading: any thread.
public final class LogMetrics {
  private final Counter records;
  private final Counter bytes;
  private final Counter failed;
  private final Counter answersDropped;
  private final Counter scanned;
  private final Timer groups;

  LogMetrics(MeterRegistry registry) {
    records = counter(registry, "log.append.records", "records made durable");
    bytes = counter(registry, "log.append.bytes", "bytes made durable");
    failed =
        counter(registry, "log.append.failed", "entries that were refused or could not be written");
    answersDropped =
        counter(registry, "log.answers.dropped", "answers of devices that found no room");
    scanned =
        counter(registry, "log.open.scanned", "records read at start, for want of a checkpoint");
    groups =
        Timer.builder("log.append.groups")
            .description("groups of records: write and sync")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                Duration.ofSeconds(1))
            .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  /// A group was written and synced.
  public void groupCommitted(int count, long size, Duration took) {
    records.increment(count);
    bytes.increment(size);
    groups.record(took);
  }

  /// The log was opened, and this many of its records had to be read.
  public void opened(long records) {
    scanned.increment(records);
  }

  /// An entry was refused or could not be written.
  public void appendFailed() {
    failed.increment();
  }

  /// A device's answer was let go.
  public void answerDropped() {
    answersDropped.increment();
  }
}
