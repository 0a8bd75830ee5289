package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.identity.AddressOfRecord;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

@Spec("wire: dialling")
class ConnectBudgetTest {
  private static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  private static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");

  private final AtomicLong now = new AtomicLong();
  private final ConnectBudget budget = new ConnectBudget(2, Duration.ofMinutes(1), now::get);

  @Test
  void everySubscriberHasABudgetOfItsOwn() {
    assertThat(budget.spend(ALICE)).isTrue();
    assertThat(budget.spend(ALICE)).isTrue();
    assertThat(budget.spend(ALICE)).isFalse();
    assertThat(budget.spend(BOB)).isTrue();
  }

  @Test
  void theWindowBeginsWithTheFirstConnectAndIsNotProlonged() {
    budget.spend(ALICE);
    now.addAndGet(Duration.ofSeconds(59).toNanos());
    budget.spend(ALICE);
    assertThat(budget.spend(ALICE)).isFalse();

    now.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(budget.spend(ALICE)).isTrue();
  }
}
