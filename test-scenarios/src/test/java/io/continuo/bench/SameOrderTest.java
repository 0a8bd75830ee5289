package io.continuo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// Two devices have to see the messages of two writers in one order, whoever is ahead.
class SameOrderTest {
  private final SameOrder order = new SameOrder();

  private void first(long... messages) {
    for (long message : messages) {
      order.take(true, message);
    }
  }

  private void second(long... messages) {
    for (long message : messages) {
      order.take(false, message);
    }
  }

  @Test
  void theSameOrderIsFoundWhoeverLeads() {
    first(0, 1, 2);
    second(0, 1, 2, 3, 4);
    first(3, 4);

    assertThat(order.different()).isZero();
  }

  @Test
  void twoMessagesThatChangePlacesOnOneDeviceAreDifferent() {
    first(0, 1, 2);
    second(0, 2, 1);

    assertThat(order.different()).isEqualTo(2);
  }

  @Test
  void aMessageThatOneDeviceMissesMakesTheRestDifferent() {
    first(0, 1, 2, 3);
    second(0, 2, 3);

    assertThat(order.different()).isEqualTo(2);
  }

  @Test
  void aDeviceThatIsTooFarAheadEndsTheRun() {
    for (long message = 0; message < SameOrder.MAX_AHEAD; message++) {
      first(message);
    }

    assertThatThrownBy(() -> first(-1)).hasMessageContaining("ahead");
  }
}
