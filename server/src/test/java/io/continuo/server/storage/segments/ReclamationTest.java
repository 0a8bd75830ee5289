package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.BOB;
import static io.continuo.server.conversation.LogSamples.everyKindOfAnswer;
import static io.continuo.server.conversation.LogSamples.message;
import static io.continuo.server.conversation.LogSamples.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.Answer;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.identity.ConversationId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Erasing gives space back and never brings anything back. A segment is full after one group here.
class ReclamationTest {
  private static final ConversationId ONE = new ConversationId("g-one");
  private static final ConversationId TWO = new ConversationId("g-two");

  @TempDir Path directory;
  private SegmentLog log;

  @BeforeEach
  void open() throws StoreUnavailable {
    log = SegmentLog.open(SegmentFiles.settings(directory, 33, 1 << 20), LogObserver.NONE);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void segmentsRollAndReadOnAcrossThem() throws Exception {
    for (int sequence = 1; sequence <= 5; sequence++) {
      Told.append(log, ONE, List.of(message(sequence, "x".repeat(100))));
    }
    reopen();

    assertThat(SegmentFiles.names(directory)).hasSize(5).first().isEqualTo("00000001.log");
    assertThat(log.read(ONE, 1, 10, 1000)).hasSize(5);
  }

  @Test
  void aSegmentWithoutLiveRecordsIsDeleted() throws Exception {
    Told.append(log, ONE, List.of(message(1, "x".repeat(100))));
    Told.append(log, TWO, List.of(message(1, "stays".repeat(100))));
    log.erase(ONE);

    assertThat(SegmentFiles.names(directory)).containsExactly("00000002.log", "00000003.log");
    reopen();
    assertThat(log.conversations()).containsExactly(TWO);
    assertThat(log.load(TWO)).hasSize(1);
  }

  @Test
  void aMostlyDeadSegmentIsRewrittenWithoutTheErasedBytes() throws Exception {
    log.close();
    log = SegmentLog.open(SegmentFiles.settings(directory, 1 << 20, 1 << 20), LogObserver.NONE);
    Answer answer = everyKindOfAnswer(1).getFirst();
    Told.append(log, TWO, List.of(message(1, "stays")));
    Told.append(log, ONE, List.of(message(1, "a secret ".repeat(500))));
    log.note(TWO, answer);
    Told.append(log, TWO, List.of(message(2, "stays too")));
    log.close();
    open();
    Told.append(log, TWO, List.of(message(3, "in the next segment")));
    log.erase(ONE);

    String bytes = Files.readString(SegmentFiles.first(directory), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("stays too").doesNotContain("secret");
    List<String> expected =
        texts(
            List.of(
                message(1, "stays"),
                answer,
                message(2, "stays too"),
                message(3, "in the next segment")));
    assertThat(texts(log.load(TWO))).isEqualTo(expected);
    reopen();
    assertThat(texts(log.load(TWO))).isEqualTo(expected);
    assertThat(log.conversations()).containsExactly(TWO);
  }

  @Test
  void whoTookPartIsKnownAlsoBehindARewrite() throws Exception {
    log.close();
    log = SegmentLog.open(SegmentFiles.settings(directory, 1 << 20, 1 << 20), LogObserver.NONE);
    Told.append(log, ONE, List.of(message(1, "a secret ".repeat(500))));
    Told.append(log, TWO, List.of(new Entry.Opened(1, AT, true, List.of(ALICE))));
    Told.append(log, TWO, List.of(message(2, "hi"), new Entry.Joined(3, AT, BOB)));
    log.close();
    open();
    Told.append(log, TWO, List.of(message(4, "in the next segment")));
    log.erase(ONE);

    assertThat(Files.size(SegmentFiles.first(directory))).isLessThan(4_500);
    assertThat(log.everybody(TWO)).containsExactly(ALICE, BOB);
    reopen();
    assertThat(log.everybody(TWO)).containsExactly(ALICE, BOB);
    assertThat(log.joinedLast(9)).containsExactly(TWO);
  }

  @Test
  void aTombstoneOutlivesItsNeighboursWhileWhatItSilencesIsThere() throws Exception {
    appendTogether(Map.of(ONE, "erased", TWO, "much larger, so the segment stays".repeat(20)));
    log.erase(ONE);
    Told.append(log, TWO, List.of(message(2, "x".repeat(100))));
    reopen();
    reopen();

    assertThat(log.conversations()).containsExactly(TWO);
    log.erase(TWO);
    Told.append(log, new ConversationId("g-three"), List.of(message(1, "x".repeat(100))));
    reopen();
    assertThat(SegmentFiles.names(directory)).doesNotContain("00000001.log", "00000002.log");
  }

  @Test
  void whatIsLeftOfAnErasedConversationWhenItsBeginningIsReclaimedIsNoDamage() throws Exception {
    Told.append(log, ONE, List.of(message(1, "x"), message(2, "x")));
    Told.append(log, ONE, List.of(message(3, "x")));
    log.close();
    log = SegmentLog.open(SegmentFiles.settings(directory, 1 << 20, 1 << 20), LogObserver.NONE);
    log.erase(ONE); // the tombstone stands behind entry 3
    assertThat(SegmentFiles.names(directory)).doesNotContain("00000001.log");

    reopenByScanning();
    assertThat(log.conversations()).isEmpty();
    Told.append(log, ONE, List.of(message(1, "anew")));
    reopen();
    assertThat(texts(log.load(ONE))).isEqualTo(texts(List.of(message(1, "anew"))));
  }

  @Test
  void anEntryThatIsMissingAndWasNotErasedRefusesToOpen() throws Exception {
    Told.append(log, ONE, List.of(message(1, "one")));
    Told.append(log, ONE, List.of(message(2, "two")));
    log.close();
    Files.delete(SegmentFiles.first(directory));

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("00000002.log: at offset 32: entry 2 of conversation g-one");
  }

  @Test
  void anUnfinishedRewriteIsForgotten() throws Exception {
    Told.append(log, ONE, List.of(message(1, "one")));
    log.close();
    Path unfinished = directory.resolve("log").resolve("00000001.log.rewrite");
    Files.writeString(unfinished, "half");
    open();

    assertThat(unfinished).doesNotExist();
    assertThat(log.load(ONE)).hasSize(1);
  }

  @Test
  void readersGoOnWhileSegmentsAreRewrittenUnderThem() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Throwable> problem = new AtomicReference<>();
    Told.append(log, TWO, List.of(message(1, "stays")));
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!stop.get()) {
                  assertThat(log.read(TWO, 1, 1000, Long.MAX_VALUE)).isNotEmpty();
                }
              } catch (Throwable e) {
                problem.set(e);
              }
            });
    for (int round = 2; round < 60; round++) {
      ConversationId gone = new ConversationId("g-" + round);
      Told large = new Told();
      Told small = new Told();
      log.append(gone, message(1, "x".repeat(2000)), large);
      log.append(TWO, message(round, "stays"), small);
      large.awaitCommitted();
      small.awaitCommitted();
      log.erase(gone);
    }
    stop.set(true);
    reader.join();

    assertThat(problem.get()).isNull();
    reopen();
    assertThat(log.read(TWO, 1, 1000, Long.MAX_VALUE)).hasSize(59);
  }

  @Test
  void afterAnyMixOfAppendsErasesAndReopeningsTheLogHoldsWhatItShould() throws Exception {
    for (long seed = 1; seed <= 10; seed++) {
      Random random = new Random(seed);
      Map<ConversationId, List<Entry>> model = new HashMap<>();
      log.conversations().forEach(this::eraseNow);
      for (int step = 0; step < 120; step++) {
        ConversationId conversation = new ConversationId("g-" + random.nextInt(6));
        switch (random.nextInt(10)) {
          case 0, 1 -> {
            log.erase(conversation);
            model.remove(conversation);
          }
          case 2 -> {
            if (random.nextBoolean()) {
              reopen();
            } else {
              reopenByScanning();
            }
          }
          default -> {
            List<Entry> entries = model.computeIfAbsent(conversation, _ -> new ArrayList<>());
            entries.add(message(entries.size() + 1, "x".repeat(random.nextInt(300))));
            Told.append(log, conversation, List.of(entries.getLast()));
          }
        }
      }
      reopen();
      assertThat(log.conversations())
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(model.keySet());
      for (Map.Entry<ConversationId, List<Entry>> expected : model.entrySet()) {
        assertThat(texts(log.load(expected.getKey())))
            .as("seed %d, %s", seed, expected.getKey())
            .isEqualTo(texts(expected.getValue()));
      }
    }
  }

  private void eraseNow(ConversationId conversation) {
    try {
      log.erase(conversation);
    } catch (StoreUnavailable e) {
      throw new AssertionError(e);
    }
  }

  private void reopen() throws StoreUnavailable {
    log.close();
    open();
  }

  private void reopenByScanning() throws Exception {
    log.close();
    SegmentFiles.deleteCheckpoints(directory);
    open();
  }

  /// Appends to a segment large enough for all of them.
  private void appendTogether(Map<ConversationId, String> texts) throws StoreUnavailable {
    log.close();
    log = SegmentLog.open(SegmentFiles.settings(directory, 1 << 20, 1 << 20), LogObserver.NONE);
    texts.forEach(
        (conversation, text) -> Told.append(log, conversation, List.of(message(1, text))));
    reopen();
  }
}
