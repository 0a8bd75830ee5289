package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.ByteRange;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Devices that report little or nothing, with a clock that the test moves.
@Spec("RFC 4976 §6.4.1")
class DeviceReportsTest {
  private static final int SUCCESS = 200;

  private final List<Timer> timers = new ArrayList<>();
  private final DeviceReports reports = new DeviceReports(this::after);

  private record Timer(Duration delay, Runnable work, CompletableFuture<Void> cancelled) {}

  private Future<?> after(Duration delay, Runnable work) {
    var timer = new Timer(delay, work, new CompletableFuture<>());
    timers.add(timer);
    return timer.cancelled();
  }

  private Transfer taken(String id, long length) {
    var transfer =
        new Transfer(
            Chunks.of(Collections.emptyIterator()),
            () -> {},
            done -> reports.decided(id),
            all -> {});
    reports.expect(id, length, transfer);
    reports.taken(id);
    return transfer;
  }

  private void report(String id, String range) {
    assertThat(reports.reported(id, SUCCESS, ByteRange.parse(range))).isTrue();
  }

  @Test
  void whatNobodyReportsInTimeCountsAsDelivered() {
    Transfer transfer = taken("m1", 10);
    assertThat(transfer.outcome()).isEmpty();
    assertThat(timers).singleElement().extracting(Timer::delay).isEqualTo(DeviceReports.PATIENCE);

    timers.getFirst().work().run();

    assertThat(transfer.outcome()).contains(new Delivered());
  }

  @Test
  void aDeviceThatReportsNothingIsWaitedForOnceUntilItReports() {
    taken("m1", 10);
    timers.getFirst().work().run();

    assertThat(taken("m2", 10).outcome()).contains(new Delivered());

    report("m2", "1-10/10");
    assertThat(taken("m3", 10).outcome()).isEmpty();
  }

  @Test
  void aDeviceThatReportsAPartReportsSomething() {
    taken("m1", 10);
    report("m1", "1-5/10");
    timers.getFirst().work().run();

    assertThat(taken("m2", 10).outcome()).isEmpty();
  }

  @Test
  void aReportEndsTheWait() {
    Transfer transfer = taken("m1", 10);

    report("m1", "1-10/10");

    assertThat(transfer.outcome()).contains(new Delivered());
    assertThat(timers.getFirst().cancelled()).isCancelled();
  }

  @Test
  void theEndOfTheSessionEndsEveryWait() {
    Transfer transfer = taken("m1", 10);

    reports.forget();

    assertThat(timers.getFirst().cancelled()).isCancelled();
    assertThat(transfer.outcome()).isEmpty();
  }

  @Test
  void partsBeyondTheLimitAreNotNoted() {
    long length = 4L * DeviceReports.MAX_PIECES;
    Transfer transfer = taken("m1", length);
    for (long at = 1; at < length; at += 2) {
      report("m1", at + "-" + at + "/" + length);
    }
    for (long at = 2; at <= length; at += 2) {
      report("m1", at + "-" + at + "/" + length);
    }

    assertThat(transfer.outcome()).isEmpty();
  }

  @Test
  void aFailureThatNobodyAwaitsIsTold() {
    assertThat(reports.reported("unknown", 408, Optional.empty())).isFalse();
    assertThat(reports.reported("unknown", SUCCESS, Optional.empty())).isTrue();
  }
}
