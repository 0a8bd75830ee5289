package io.continuo.server.runtime;

import io.continuo.server.conversation.DeviceMemory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the cursors of devices die that were not bound for `session.device-forget-after` (decision
/// 12). The wiring starts it beside the conversations.
///
/// Threading: a thread of its own, which waits for the tables so that no loop has to.
public final class DeviceForgetting implements AutoCloseable {
  /// At least so often it is looked for such devices.
  private static final Duration AT_LEAST_EVERY = Duration.ofHours(6);

  /// What a conversation notes may be lost with a crash: so long a device is forgotten again in
  /// every sweep, which changes nothing where it is forgotten already.
  static final Duration AGAIN_FOR = Duration.ofDays(3);

  private static final Logger log = LoggerFactory.getLogger(DeviceForgetting.class);

  private final DeviceMemory memory;
  private final Consumer<DeviceId> forget;
  private final Duration after;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("device-forgetting").daemon().factory());

  /// @param forget tells every conversation of the device's subscriber
  /// @param after `session.device-forget-after`
  public DeviceForgetting(
      DeviceMemory memory, Consumer<DeviceId> forget, Duration after, InstantSource clock) {
    this.memory = memory;
    this.forget = forget;
    this.after = after;
    this.clock = clock;
  }

  public void start() {
    long every = Math.min(after.toMillis(), AT_LEAST_EVERY.toMillis());
    thread.scheduleWithFixedDelay(
        () -> sweep(clock.instant()), every, every, TimeUnit.MILLISECONDS);
  }

  void sweep(Instant now) {
    try {
      List<DeviceId> gone = memory.unboundSince(now.minus(after));
      gone.forEach(forget);
      memory.dropUnboundSince(now.minus(after).minus(AGAIN_FOR));
      if (!gone.isEmpty()) {
        log.atInfo().addKeyValue("devices", gone.size()).log("devices.forgotten");
      }
    } catch (StoreUnavailable | RuntimeException why) {
      // The next sweep finds the same ones; what were thrown on would end the sweeps, in silence.
      log.atWarn().setCause(why).log("devices.forget-failed");
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
