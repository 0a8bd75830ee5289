package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.everyKindOfAnswer;
import static io.continuo.server.conversation.LogSamples.message;
import static io.continuo.server.conversation.LogSamples.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.continuo.server.conversation.ConversationLog.AppendListener;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.storage.segments.FaultyDisk.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Group commit, and what a slow or failing disk does to it.
class SegmentLogFailureTest {
  private static final long MAX_PENDING = 10_000;

  @TempDir Path directory;
  private final FaultyDisk disk = new FaultyDisk();
  private final GroupsSeen groups = new GroupsSeen();
  private SegmentLog log;

  @BeforeEach
  void open() throws StoreUnavailable {
    log = SegmentLog.open(SegmentFiles.settings(directory, 1 << 20, MAX_PENDING), groups, disk);
  }

  @AfterEach
  void close() {
    disk.release();
    log.close();
  }

  @Test
  void nobodyIsToldBeforeTheSync() throws Exception {
    disk.hold();
    Told told = new Told();
    log.append(CONVERSATION, message(1, "one"), told);
    disk.awaitHeld();
    assertThat(told.isTold()).isFalse();
    assertThat(log.read(CONVERSATION, 1, 1, 1)).isEmpty();

    disk.release();
    told.awaitCommitted();
    assertThat(log.read(CONVERSATION, 1, 1, 1)).hasSize(1);
  }

  @Test
  void whatWaitsDuringASyncSharesTheNextOne() throws Exception {
    int before = disk.forces.get();
    disk.hold();
    Told first = new Told();
    log.append(CONVERSATION, message(1, "first"), first);
    disk.awaitHeld();
    List<Told> others = new ArrayList<>();
    for (long sequence = 2; sequence <= 40; sequence++) {
      others.add(new Told());
      log.append(CONVERSATION, message(sequence, "x"), others.getLast());
    }
    log.note(CONVERSATION, everyKindOfAnswer(1).getFirst());
    disk.release();
    first.awaitCommitted();
    others.forEach(Told::awaitCommitted);

    groups.awaitRecords(1);
    groups.awaitRecords(40);
    assertThat(disk.forces.get() - before).isEqualTo(2);
  }

  @Test
  void moreThanMayWaitIsRefusedAtOnce() throws Exception {
    disk.hold();
    Told waiting = new Told();
    log.append(CONVERSATION, message(1, "waits"), waiting);
    disk.awaitHeld();
    Told refused = new Told();
    log.append(OTHER, message(1, "x".repeat((int) MAX_PENDING)), refused);

    assertThat(refused.isTold()).isTrue();
    assertThat(refused.awaitFailed()).hasMessageContaining("storage.max-pending-bytes");
    assertThat(groups.failed.get()).isEqualTo(1);
    disk.release();
    waiting.awaitCommitted();
    Told.append(log, OTHER, List.of(message(1, "small enough")));
  }

  @Test
  void aRefusalNeverOvertakesTheCommitsBeforeIt() throws Exception {
    List<Object> order = new CopyOnWriteArrayList<>();
    disk.hold();
    Told one = new Told(order, "1 committed");
    Told tooLarge = new Told(order, "2 refused");
    Told behind = new Told(order, "3 refused");
    log.append(CONVERSATION, message(1, "waits"), one);
    disk.awaitHeld();
    log.append(CONVERSATION, message(2, "x".repeat((int) MAX_PENDING)), tooLarge);
    log.append(CONVERSATION, message(3, "numbered behind it"), behind);
    disk.release();
    one.awaitCommitted();
    tooLarge.awaitFailed();
    behind.awaitFailed();

    assertThat(order).containsExactly("1 committed", "2 refused", "3 refused");
    assertThat(groups.failed.get()).isEqualTo(2);
    Told.append(log, CONVERSATION, List.of(message(2, "fits")));
    assertThat(log.load(CONVERSATION)).hasSize(2);
  }

  @Test
  void answersWithoutRoomAreLetGo() throws Exception {
    Told.append(log, CONVERSATION, List.of(message(1, "one")));
    disk.hold();
    log.append(CONVERSATION, message(2, "waits"), new Told());
    disk.awaitHeld();
    for (int i = 0; i < 1000; i++) {
      log.note(CONVERSATION, everyKindOfAnswer(1).getFirst());
    }
    disk.release();

    assertThat(groups.dropped.get()).isPositive();
    assertThat(log.load(CONVERSATION)).hasSize(2 + 1000 - groups.dropped.get());
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whenTheDiskFailsNothingOfTheGroupIsKeptAndNothingMoreIsTaken(Fault fault) throws Exception {
    Told.append(log, CONVERSATION, List.of(message(1, "kept")));
    disk.hold();
    Told failing = new Told();
    Told waiting = new Told();
    disk.failWith(fault);
    log.append(CONVERSATION, message(2, "fails"), failing);
    log.append(OTHER, message(1, "waits"), waiting);
    disk.release();
    failing.awaitFailed();
    waiting.awaitFailed();
    disk.failWith(Fault.NONE);
    Told later = new Told();
    log.append(CONVERSATION, message(2, "later"), later);

    assertThat(later.awaitFailed()).hasMessageContaining("the log cannot be written");
    assertThat(log.failure()).isPresent();
    assertThat(groups.failed.get()).isEqualTo(3);
    assertThatThrownBy(() -> log.erase(CONVERSATION)).isInstanceOf(StoreUnavailable.class);
    assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(List.of(message(1, "kept"))));
  }

  @Test
  void aFullDiskIsOneErrorHoweverMuchIsRefusedBecauseOfIt() throws Exception {
    LogLines lines = LogLines.of(SegmentLog.class.getPackageName());
    try (lines) {
      disk.failWith(Fault.WRITE);
      for (long sequence = 1; sequence <= 20; sequence++) {
        Told told = new Told();
        log.append(CONVERSATION, message(1, "refused"), told);
        told.awaitFailed();
      }
    }

    assertThat(lines.events(Level.ERROR)).containsExactly("log.write-failed");
    assertThat(groups.failed.get()).isEqualTo(20);
  }

  @Test
  void aFullQueueIsOneWarningUntilItHasRoomAgain() throws Exception {
    LogLines lines = LogLines.of(SegmentLog.class.getPackageName());
    try (lines) {
      for (int round = 0; round < 2; round++) {
        disk.hold();
        Told waiting = new Told();
        log.append(CONVERSATION, message(round + 1, "waits"), waiting);
        disk.awaitHeld();
        for (int i = 0; i < 20; i++) {
          log.append(OTHER, message(1, "x".repeat((int) MAX_PENDING)), new Told());
        }
        disk.release();
        waiting.awaitCommitted();
      }
    }

    assertThat(lines.events(Level.WARN)).containsExactly("log.queue-full", "log.queue-full");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"WRITE", "FORCE"})
  void afterAFailureTheLogOpensAgainAndGoesOn(Fault fault) throws Exception {
    Told.append(log, CONVERSATION, List.of(message(1, "kept")));
    disk.failWith(fault);
    Told failing = new Told();
    log.append(CONVERSATION, message(2, "fails"), failing);
    failing.awaitFailed();
    log.close();
    disk.failWith(Fault.NONE);
    open();

    assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(List.of(message(1, "kept"))));
    Told.append(log, CONVERSATION, List.of(message(2, "goes on")));
  }

  @Test
  void closingWritesWhatWaits() throws Exception {
    List<Told> told = new ArrayList<>();
    for (long sequence = 1; sequence <= 20; sequence++) {
      told.add(new Told());
      log.append(CONVERSATION, message(sequence, "x"), told.getLast());
    }
    log.close();
    told.forEach(Told::awaitCommitted);
    open();

    assertThat(log.load(CONVERSATION)).hasSize(20);
  }

  @Test
  void aListenerThatThrowsDoesNotStopTheLog() throws Exception {
    log.append(
        CONVERSATION,
        message(1, "one"),
        new AppendListener() {
          @Override
          public void committed() {
            throw new IllegalStateException("a bug of the listener");
          }

          @Override
          public void failed(StoreUnavailable why) {}
        });
    Told.append(log, CONVERSATION, List.of(message(2, "two")));

    assertThat(log.load(CONVERSATION)).hasSize(2);
  }

  @Test
  void interruptedReadersReadOnAndDoNotDisturbAnybody() throws Exception {
    Told.append(log, CONVERSATION, List.of(message(1, "one"), message(2, "two")));
    AtomicReference<Throwable> problem = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(8);
    for (int reader = 0; reader < 8; reader++) {
      boolean interrupted = reader % 2 == 0;
      Thread.ofVirtual()
          .start(() -> {
            try {
              for (int round = 0; round < 200; round++) {
                if (interrupted) {
                  Thread.currentThread().interrupt();
                }
                assertThat(log.load(CONVERSATION)).hasSize(2);
                assertThat(log.read(CONVERSATION, 2, 1, 10)).hasSize(1);
                assertThat(Thread.interrupted()).isEqualTo(interrupted);
              }
            } catch (Throwable e) {
              problem.set(e);
            } finally {
              done.countDown();
            }
          });
    }
    done.await();

    assertThat(problem.get()).isNull();
    Told.append(log, CONVERSATION, List.of(message(3, "three")));
  }
}
