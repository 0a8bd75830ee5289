package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.everyKindOfAnswer;
import static io.continuo.server.conversation.LogSamples.everyKindOfEntry;
import static io.continuo.server.conversation.LogSamples.message;
import static io.continuo.server.conversation.LogSamples.texts;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// An open reads the checkpoints and what came after them, and believes only those that are right.
class SegmentCheckpointTest {
  private static final int ONE_GROUP = 1;
  private static final int LARGE = 1 << 20;

  @TempDir Path directory;
  @TempDir Path afterKill;
  private final GroupsSeen seen = new GroupsSeen();

  @Test
  void aLogThatWasClosedOpensWithoutReadingARecord() throws Exception {
    List<LogRecord> given = new ArrayList<>(everyKindOfEntry());
    given.addAll(everyKindOfAnswer(2));
    try (SegmentLog log = open(directory, ONE_GROUP)) {
      for (Entry entry : everyKindOfEntry()) {
        Told.append(log, CONVERSATION, List.of(entry));
      }
      everyKindOfAnswer(2).forEach(answer -> log.note(CONVERSATION, answer));
    }

    try (SegmentLog log = open(directory, ONE_GROUP)) {
      assertThat(seen.scanned).isZero();
      assertThat(seen.scannedBytes).isZero();
      assertThat(seen.known).isEqualTo(given.size());
      assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(given));
    }
  }

  @Test
  void afterAKillOnlyTheSegmentThatWasWrittenToIsScanned() throws Exception {
    try (SegmentLog log = open(directory, ONE_GROUP)) {
      for (int sequence = 1; sequence <= 20; sequence++) {
        Told.append(log, CONVERSATION, List.of(message(sequence, "x".repeat(200))));
      }
      SegmentFiles.copyLog(directory, afterKill);
    }

    try (SegmentLog log = open(afterKill, ONE_GROUP)) {
      assertThat(seen.known).isEqualTo(19);
      assertThat(seen.scanned).isEqualTo(1);
      assertThat(seen.scannedBytes).isLessThan(1000);
      assertThat(log.load(CONVERSATION)).hasSize(20);
    }
  }

  @Test
  void whatCameBehindTheCheckpointOfTheLastSegmentIsScanned() throws Exception {
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, CONVERSATION, List.of(message(1, "one"), message(2, "two")));
    }
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, CONVERSATION, List.of(message(3, "three")));
      SegmentFiles.copyLog(directory, afterKill);
    }

    try (SegmentLog log = open(afterKill, LARGE)) {
      assertThat(seen.known).isEqualTo(2);
      assertThat(seen.scanned).isEqualTo(1);
      assertThat(log.load(CONVERSATION)).hasSize(3);
    }
    try (SegmentLog log = open(afterKill, LARGE)) {
      assertThat(seen.known).isEqualTo(3);
      assertThat(log.load(CONVERSATION)).hasSize(3);
    }
  }

  @Test
  void aDamagedCheckpointIsNotBelievedWhereverTheDamageIs() throws Exception {
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, CONVERSATION, List.of(message(1, "one"), message(2, "two")));
      Told.append(log, OTHER, List.of(message(1, "there")));
    }
    Path checkpoint = SegmentFiles.checkpoint(directory, 1);
    byte[] sound = Files.readAllBytes(checkpoint);
    ListAppender<ILoggingEvent> warnings = warnings();

    for (int at = 0; at < sound.length; at++) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 0x04;
      Files.write(checkpoint, damaged);
      try (SegmentLog log = open(directory, LARGE)) {
        assertThat(seen.scanned).as("byte %d", at).isEqualTo(3);
        assertThat(log.load(CONVERSATION)).hasSize(2);
        assertThat(log.load(OTHER)).hasSize(1);
      }
      assertThat(Files.readAllBytes(checkpoint)).isEqualTo(sound);
    }
    assertThat(warnings.list)
        .hasSize(sound.length)
        .allMatch(event -> event.getMessage().equals("log.checkpoint.unusable"))
        .allMatch(event -> event.getLevel() == Level.WARN);
    stop(warnings);
  }

  @Test
  void aCheckpointCutShortIsNotBelieved() throws Exception {
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, CONVERSATION, List.of(message(1, "one")));
    }
    Path checkpoint = SegmentFiles.checkpoint(directory, 1);
    byte[] sound = Files.readAllBytes(checkpoint);

    for (int length = 0; length < sound.length; length++) {
      Files.write(checkpoint, Arrays.copyOf(sound, length));
      try (SegmentLog log = open(directory, LARGE)) {
        assertThat(seen.scanned).as("cut at byte %d", length).isEqualTo(1);
        assertThat(log.load(CONVERSATION)).hasSize(1);
      }
    }
  }

  @Test
  void theCheckpointOfASegmentAsItWasBeforeItsRewriteIsNotBelieved() throws Exception {
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, OTHER, List.of(message(1, "erased".repeat(100))));
      Told.append(log, CONVERSATION, List.of(message(1, "stays")));
    }
    byte[] before = Files.readAllBytes(SegmentFiles.checkpoint(directory, 1));
    try (SegmentLog log = open(directory, ONE_GROUP)) {
      Told.append(log, CONVERSATION, List.of(message(2, "in the next segment")));
      log.erase(OTHER);
    }
    Files.write(SegmentFiles.checkpoint(directory, 1), before);

    try (SegmentLog log = open(directory, LARGE)) {
      assertThat(seen.scanned).isEqualTo(1);
      assertThat(log.conversations()).containsExactly(CONVERSATION);
      assertThat(texts(log.load(CONVERSATION)))
          .isEqualTo(texts(List.of(message(1, "stays"), message(2, "in the next segment"))));
    }
  }

  @Test
  void theCheckpointOfAnotherLogIsNotBelievedThoughItFits() throws Exception {
    ConversationId here = new ConversationId("g-a");
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, here, List.of(message(1, "one")));
    }
    try (SegmentLog log = open(afterKill, LARGE)) {
      Told.append(log, new ConversationId("g-b"), List.of(message(1, "one")));
    }
    Files.copy(
        SegmentFiles.checkpoint(afterKill, 1),
        SegmentFiles.checkpoint(directory, 1),
        StandardCopyOption.REPLACE_EXISTING);

    try (SegmentLog log = open(directory, LARGE)) {
      assertThat(seen.scanned).isEqualTo(1);
      assertThat(log.conversations()).containsExactly(here);
    }
  }

  @Test
  void aCheckpointOfMoreThanTheSegmentHoldsIsNotBelieved() throws Exception {
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, CONVERSATION, List.of(message(1, "one")));
    }
    try (SegmentLog log = open(directory, LARGE)) {
      Told.append(log, CONVERSATION, List.of(message(2, "two")));
    }
    Path segment = SegmentFiles.first(directory);
    long one = SegmentHeader.SIZE + (Files.size(segment) - SegmentHeader.SIZE) / 2;
    Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), (int) one));

    try (SegmentLog log = open(directory, LARGE)) {
      assertThat(seen.scanned).isEqualTo(1);
      assertThat(log.load(CONVERSATION)).hasSize(1);
    }
  }

  @Test
  void aStoreWithoutCheckpointsIsScannedOnceAndGetsThem() throws Exception {
    try (SegmentLog log = open(directory, ONE_GROUP)) {
      for (int sequence = 1; sequence <= 5; sequence++) {
        Told.append(log, CONVERSATION, List.of(message(sequence, "x")));
      }
    }
    SegmentFiles.deleteCheckpoints(directory);
    try (SegmentLog log = open(directory, ONE_GROUP)) {
      assertThat(seen.scanned).isEqualTo(5);
      SegmentFiles.copyLog(directory, afterKill);
      assertThat(log.load(CONVERSATION)).hasSize(5);
    }

    open(afterKill, ONE_GROUP).close();
    assertThat(seen.known).isEqualTo(4);
    assertThat(seen.scanned).isEqualTo(1);
  }

  private SegmentLog open(Path where, long segmentSize) throws StoreUnavailable {
    return SegmentLog.open(SegmentFiles.settings(where, segmentSize, 1 << 20), seen);
  }

  private static ListAppender<ILoggingEvent> warnings() {
    ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    warnings.start();
    ((Logger) LoggerFactory.getLogger(LogDirectory.class)).addAppender(warnings);
    return warnings;
  }

  private static void stop(ListAppender<ILoggingEvent> warnings) {
    ((Logger) LoggerFactory.getLogger(LogDirectory.class)).detachAppender(warnings);
  }
}
