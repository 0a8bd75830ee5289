package io.continuo.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.DeviceMemory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceForgettingTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MONTH = Duration.ofDays(30);
  private static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  private static final DeviceId PHONE = new DeviceId(ALICE, "urn:uuid:phone");
  private static final DeviceId TABLET = new DeviceId(ALICE, "urn:uuid:tablet");

  private final Table table = new Table();
  private final List<DeviceId> forgotten = new ArrayList<>();
  private final DeviceForgetting forgetting =
      new DeviceForgetting(table, forgotten::add, MONTH, () -> NOON);

  @AfterEach
  void close() {
    forgetting.close();
  }

  @Test
  void aDeviceIsForgottenThatLongAfterItsLastBindingAndNotBefore() {
    table.until.put(PHONE, NOON);
    table.until.put(TABLET, NOON.plus(Duration.ofDays(5)));
    forgetting.sweep(NOON.plus(MONTH));
    assertThat(forgotten).isEmpty();

    forgetting.sweep(NOON.plus(MONTH).plusSeconds(1));
    assertThat(forgotten).containsExactly(PHONE);
  }

  @Test
  void itIsForgottenAgainForAWhileAndThenDropped() {
    table.until.put(PHONE, NOON);
    Instant due = NOON.plus(MONTH).plusSeconds(1);
    forgetting.sweep(due);
    forgetting.sweep(due.plus(Duration.ofDays(1)));
    forgetting.sweep(due.plus(DeviceForgetting.AGAIN_FOR));
    assertThat(forgotten).containsExactly(PHONE, PHONE, PHONE);

    forgetting.sweep(due.plus(DeviceForgetting.AGAIN_FOR).plusSeconds(1));
    assertThat(forgotten).hasSize(3);
  }

  @Test
  void whenTheTablesFailTheNextSweepDoesIt() {
    table.until.put(PHONE, NOON);
    table.failing = true;
    forgetting.sweep(NOON.plus(MONTH).plusSeconds(1));
    assertThat(forgotten).isEmpty();

    table.failing = false;
    forgetting.sweep(NOON.plus(MONTH).plusSeconds(2));
    assertThat(forgotten).containsExactly(PHONE);
  }

  @Test
  void aConversationThatFailsDoesNotEndTheSweeps() throws InterruptedException {
    CountDownLatch sweeps = new CountDownLatch(2);
    table.until.put(PHONE, NOON.minus(MONTH));
    Consumer<DeviceId> failing =
        _ -> {
          sweeps.countDown();
          throw new IllegalStateException("a bug of a conversation");
        };
    try (DeviceForgetting often =
        new DeviceForgetting(table, failing, Duration.ofMillis(5), () -> NOON)) {
      often.start();
      assertThat(sweeps.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static final class Table implements DeviceMemory {
    final Map<DeviceId, Instant> until = new HashMap<>();
    boolean failing;

    @Override
    public List<DeviceId> unboundSince(Instant time) throws StoreUnavailable {
      if (failing) {
        throw new StoreUnavailable("no disk");
      }
      return until.keySet().stream().filter(device -> until.get(device).isBefore(time)).toList();
    }

    @Override
    public void dropUnboundSince(Instant time) {
      until.values().removeIf(end -> end.isBefore(time));
    }
  }
}
