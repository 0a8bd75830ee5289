package io.continuo.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LoopTest {
  @Test
  void aStepFromOutsideIsRefusedWhenTooManyWaitAndAnAnswerIsNot() throws InterruptedException {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    try (Loop loop = new Loop(0, 1)) {
      CountDownLatch running = new CountDownLatch(1);
      loop.execute(() -> {
        running.countDown();
        awaiting(busy);
      });
      running.await();

      assertThat(loop.offer(() -> {})).isTrue();
      assertThat(loop.offer(() -> {})).isFalse();
      loop.execute(answered::countDown);

      busy.countDown();
      answered.await();
    }
  }

  @Test
  void afterTheEndAStepIsRefusedAndALateAnswerIsNobodysError() {
    Loop loop = new Loop(0, 1);
    loop.close();

    assertThat(loop.offer(() -> {})).isFalse();
    assertThatCode(() -> loop.execute(() -> {})).doesNotThrowAnyException();
  }

  private static void awaiting(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
