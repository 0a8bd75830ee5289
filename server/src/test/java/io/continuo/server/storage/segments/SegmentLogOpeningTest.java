package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.everyKindOfAnswer;
import static io.continuo.server.conversation.LogSamples.everyKindOfEntry;
import static io.continuo.server.conversation.LogSamples.message;
import static io.continuo.server.conversation.LogSamples.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.Answer;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an open makes of the segment files it finds when no checkpoint tells of them
/// ([SegmentCheckpointTest] has what they are good for).
class SegmentLogOpeningTest {
  @TempDir Path directory;

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    List<LogRecord> given = new ArrayList<>(everyKindOfEntry());
    given.addAll(everyKindOfAnswer(2));
    try (SegmentLog log = open()) {
      Told.append(log, CONVERSATION, everyKindOfEntry());
      everyKindOfAnswer(2).forEach(answer -> log.note(CONVERSATION, answer));
    }

    try (SegmentLog log = open()) {
      assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(given));
      Told.append(log, CONVERSATION, List.of(message(13, "goes on")));
      assertThat(log.read(CONVERSATION, 13, 1, 1)).hasSize(1);
    }
  }

  @Test
  void anErasedConversationStaysErasedAfterReopening() throws Exception {
    try (SegmentLog log = open()) {
      Told.append(log, CONVERSATION, List.of(message(1, "old"), message(2, "old")));
      log.erase(CONVERSATION);
      Told.append(log, CONVERSATION, List.of(message(1, "new")));
      Told.append(log, OTHER, List.of(message(1, "gone")));
      log.erase(OTHER);
    }

    try (SegmentLog log = open()) {
      assertThat(log.conversations()).containsExactly(CONVERSATION);
      assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(List.of(message(1, "new"))));
    }
  }

  @Test
  void aTornEndIsCutOffWhereverTheCrashCameAndTheRestIsKept() throws Exception {
    long whole = writeAndMeasure(List.of(message(1, "kept 😀")));
    writeAndMeasure(List.of(message(2, "torn 😀")));
    byte[] file = Files.readAllBytes(SegmentFiles.first(directory));

    for (int length = (int) whole; length < file.length; length++) {
      Files.write(SegmentFiles.first(directory), Arrays.copyOf(file, length));
      try (SegmentLog log = open()) {
        assertThat(texts(log.load(CONVERSATION)))
            .as("cut at byte %d", length)
            .isEqualTo(texts(List.of(message(1, "kept 😀"))));
        Told.append(log, CONVERSATION, List.of(message(2, "again")));
      }
      try (SegmentLog log = open()) {
        assertThat(log.load(CONVERSATION)).as("cut at byte %d, reopened", length).hasSize(2);
      }
    }
  }

  @Test
  void aTornGroupWithAHoleInItIsCutOffToo() throws Exception {
    long whole = writeAndMeasure(List.of(message(1, "kept")));
    List<ByteBuffer> bodies =
        List.of(
            RecordCodec.encode(CONVERSATION, message(2, "never written, the page was lost")),
            RecordCodec.encode(CONVERSATION, message(3, "written")));
    ByteBuffer group = framed(bodies);
    Arrays.fill(group.array(), 0, Frame.size(bodies.getFirst()), (byte) 0);
    Files.write(SegmentFiles.first(directory), group.array(), StandardOpenOption.APPEND);

    try (SegmentLog log = open()) {
      assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(List.of(message(1, "kept"))));
    }
    assertThat(Files.size(SegmentFiles.first(directory))).isEqualTo(whole);
  }

  @Test
  void aCrashWhileTheFirstSegmentWasMadeLeavesAnEmptyLog() throws Exception {
    for (int length = 0; length < SegmentHeader.SIZE; length++) {
      Files.createDirectories(directory.resolve("log"));
      byte[] header = new SegmentHeader(Frame.FORMAT, 1, 4711).bytes().array();
      Files.write(SegmentFiles.first(directory), Arrays.copyOf(header, length));
      try (SegmentLog log = open()) {
        assertThat(log.conversations()).as("cut at byte %d", length).isEmpty();
      }
    }
  }

  @Test
  void aCrashWhileALaterSegmentWasMadeKeepsTheEarlierOnes() throws Exception {
    writeAndMeasure(List.of(message(1, "kept")));
    Files.write(directory.resolve("log").resolve("00000002.log"), new byte[5]);
    writeAndMeasure(List.of(message(2, "goes on")));

    try (SegmentLog log = open()) {
      assertThat(log.load(CONVERSATION)).hasSize(2);
    }
    assertThat(SegmentFiles.names(directory)).containsExactly("00000001.log");
  }

  @Test
  void aBodyLargerThanAGroupComesBack() throws Exception {
    byte[] body = new byte[GroupWriter.MAX_GROUP + 1];
    Arrays.fill(body, (byte) 'L');
    Entry.Message large = new Entry.Message(1, AT, ALICE, PHONE, "m1", "video/mp4", body);
    writeAndMeasure(List.of(large, message(2, "behind it")));

    try (SegmentLog log = open()) {
      assertThat(texts(log.load(CONVERSATION)))
          .isEqualTo(texts(List.of(large, message(2, "behind it"))));
    }
  }

  @Test
  void damageBeforeAWholeGroupIsNamedAndNothingIsOpened() throws Exception {
    long first = SegmentHeader.SIZE;
    long second = writeAndMeasure(List.of(message(1, "one")));
    writeAndMeasure(List.of(message(2, "two")));
    byte[] file = Files.readAllBytes(SegmentFiles.first(directory));

    for (long offset = first; offset < second; offset++) {
      byte[] damaged = file.clone();
      damaged[(int) offset] ^= 0x10;
      Files.write(SegmentFiles.first(directory), damaged);
      assertThatThrownBy(this::open)
          .as("byte %d", offset)
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("00000001.log")
          .hasMessageContaining("offset " + first);
    }
    assertThat(Files.size(SegmentFiles.first(directory))).isEqualTo(file.length);
  }

  @Test
  void damageInWhatACheckpointTellsOfIsNamedWhenItIsRead() throws Exception {
    try (SegmentLog log = open()) {
      Told.append(log, CONVERSATION, List.of(message(1, "one"), message(2, "two")));
    }
    byte[] file = Files.readAllBytes(SegmentFiles.first(directory));
    file[SegmentHeader.SIZE + 20] ^= 0x10;
    Files.write(SegmentFiles.first(directory), file);

    try (SegmentLog log = open()) {
      assertThatThrownBy(() -> log.load(CONVERSATION))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("00000001.log: damaged at offset " + SegmentHeader.SIZE);
    }
  }

  @Test
  void damageToTheEndOfAnEarlierSegmentIsNoTornEnd() throws Exception {
    long end = writeAndMeasure(List.of(message(1, "one")));
    try (SegmentLog log =
        SegmentLog.open(SegmentFiles.settings(directory, 1, 1 << 20), LogObserver.NONE)) {
      Told.append(log, CONVERSATION, List.of(message(2, "in the next segment")));
    }
    byte[] file = Files.readAllBytes(SegmentFiles.first(directory));
    Files.write(SegmentFiles.first(directory), Arrays.copyOf(file, (int) end - 1));

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("00000001.log: damaged at offset " + SegmentHeader.SIZE);
  }

  @Test
  void aRecordOfANewerFormatRefusesToOpen() throws Exception {
    writeAndMeasure(List.of(message(1, "one")));
    byte[] file = Files.readAllBytes(SegmentFiles.first(directory));
    file[SegmentHeader.SIZE] = Frame.FORMAT + 1;
    Files.write(SegmentFiles.first(directory), file);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("format " + (Frame.FORMAT + 1) + " was written by a newer release");
  }

  @Test
  void aSegmentOfANewerFormatRefusesToOpen() throws Exception {
    Files.createDirectories(directory.resolve("log"));
    Files.write(
        SegmentFiles.first(directory), new SegmentHeader(Frame.FORMAT + 1, 1, 1).bytes().array());

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("format " + (Frame.FORMAT + 1) + " was written by a newer release");
  }

  @Test
  void aForeignFileOfThatNameRefusesToOpen() throws Exception {
    Files.createDirectories(directory.resolve("log"));
    Files.writeString(SegmentFiles.first(directory), "something else altogether, and quite long");

    assertThatThrownBy(this::open).hasMessageContaining("not a segment of a Continuo log");
  }

  @Test
  void aSecondLogInTheSameDirectoryIsRefused() throws Exception {
    try (SegmentLog log = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("in use by another Continuo server");
      Told.append(log, CONVERSATION, List.of(message(1, "still mine")));
    }
    open().close();
  }

  @Test
  void aStoreThatAPreviousReleaseWroteOpens() throws Exception {
    Files.createDirectories(directory.resolve("log"));
    String name = "/store/format-1/00000001.log";
    try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream(name), name)) {
      Files.copy(file, SegmentFiles.first(directory));
    }

    try (SegmentLog log = open()) {
      List<LogRecord> expected = new ArrayList<>(FormatOneStore.entries());
      expected.addAll(everyKindOfAnswer(3));
      assertThat(log.conversations()).containsExactly(CONVERSATION);
      assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(expected));
    }
  }

  @Test
  void readingOnlyChangesNothingAndNeedsNoLock() throws Exception {
    try (SegmentLog writing = open()) {
      Told.append(writing, CONVERSATION, List.of(message(1, "one")));
      Files.write(SegmentFiles.first(directory), new byte[] {1, 'L'}, StandardOpenOption.APPEND);
      byte[] before = Files.readAllBytes(SegmentFiles.first(directory));
      try (SegmentLog reading = SegmentLog.openReadOnly(directory)) {
        Told refused = new Told();
        reading.append(CONVERSATION, message(2, "no"), refused);
        assertThat(refused.awaitFailed()).hasMessageContaining("reading only");
        assertThat(texts(reading.load(CONVERSATION))).isEqualTo(texts(List.of(message(1, "one"))));
        assertThatThrownBy(() -> reading.erase(CONVERSATION)).isInstanceOf(StoreUnavailable.class);
      }
      assertThat(Files.readAllBytes(SegmentFiles.first(directory))).isEqualTo(before);
      Told.append(writing, CONVERSATION, List.of(message(2, "two")));
    }
    try (SegmentLog log = open()) {
      assertThat(log.load(CONVERSATION)).hasSize(2);
    }
  }

  @Test
  void readingOnlyWhereNothingIsSaysSo() {
    assertThatThrownBy(() -> SegmentLog.openReadOnly(directory.resolve("nowhere")))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("there is no log in");
  }

  @Test
  void answersThatNobodyAppendsBehindAreWrittenAllTheSame() throws Exception {
    Answer answer = everyKindOfAnswer(1).getFirst();
    GroupsSeen groups = new GroupsSeen();
    try (SegmentLog log = SegmentLog.open(SegmentFiles.settings(directory), groups)) {
      Told.append(log, CONVERSATION, List.of(message(1, "one")));
      groups.awaitRecords(1);
      log.note(CONVERSATION, answer);
      groups.awaitRecords(1);
      try (SegmentLog reading = SegmentLog.openReadOnly(directory)) {
        assertThat(texts(reading.load(CONVERSATION)))
            .isEqualTo(texts(List.of(message(1, "one"), answer)));
      }
    }
  }

  private SegmentLog open() throws StoreUnavailable {
    return SegmentLog.open(SegmentFiles.settings(directory), LogObserver.NONE);
  }

  /// Appends as one group and gives the size of the file then.
  private long writeAndMeasure(List<? extends Entry> entries) throws Exception {
    try (SegmentLog log = open()) {
      Told.append(log, CONVERSATION, entries);
    }
    SegmentFiles.deleteCheckpoints(directory);
    return Files.size(SegmentFiles.first(directory));
  }

  private ByteBuffer framed(List<ByteBuffer> bodies) throws Exception {
    byte[] file = Files.readAllBytes(SegmentFiles.first(directory));
    long salt = SegmentHeader.read(ByteBuffer.wrap(file)).salt();
    ByteBuffer out = ByteBuffer.allocate(bodies.stream().mapToInt(Frame::size).sum());
    for (ByteBuffer body : bodies) {
      Frame.write(out, body, out.position(), salt);
    }
    return out.flip();
  }
}
