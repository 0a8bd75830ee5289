package io.continuo.server.storage.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The order in which files share the threads of the store.
class TurnsTest {
  private final ExecutorService threads = Executors.newFixedThreadPool(3);

  @AfterEach
  void stops() {
    threads.shutdownNow();
  }

  @Test
  void oneThingAfterTheOtherInTheOrderInWhichTheyCame() throws Exception {
    var turns = new Turns(threads);
    var inside = new AtomicBoolean();
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    var done = new CountDownLatch(1000);
    for (int i = 0; i < 1000; i++) {
      int number = i;
      turns.add(() -> {
        assertThat(inside.getAndSet(true)).as("two at once").isFalse();
        order.add(number);
        inside.set(false);
        done.countDown();
      });
    }

    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(order).hasSize(1000).isSorted();
  }

  @Test
  void thoseThatAlwaysHaveMoreToDoHoldUpNobody() throws Exception {
    var over = new AtomicBoolean();
    for (int i = 0; i < 3; i++) {
      var busy = new Turns(threads);
      busy.add(
          new Runnable() {
            @Override
            public void run() {
              if (!over.get()) {
                busy.add(this);
              }
            }
          });
    }
    var done = new CountDownLatch(1);
    new Turns(threads).add(done::countDown);

    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    over.set(true);
  }
}
