package io.continuo.server.storage.segments;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.BOB;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.OTHER;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.TABLET;
import static io.continuo.server.conversation.LogSamples.message;
import static io.continuo.server.conversation.LogSamples.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.BodyBytes;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.storage.segments.FaultyDisk.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// Large bodies have files of their own, safe before the entry is, gone when the entry is.
class StagedBodyTest extends BodyFilesFixture {
  private static final int LARGE = StagedBodies.MAX_INLINE + 1;

  @Test
  void aBodyOf64KibStandsInItsRecordAndALargerOneInAFileOfItsOwn() throws Exception {
    Told.append(log, CONVERSATION, List.of(large(1, StagedBodies.MAX_INLINE)));
    assertThat(bodies()).isEmpty();

    Told.append(log, CONVERSATION, List.of(large(2, LARGE)));
    assertThat(bodies()).hasSize(1);
    assertThat(Files.size(bodies().getFirst())).isEqualTo(LARGE);
    assertThat(Files.size(SegmentFiles.first(directory))).isLessThan(LARGE + 1000);
  }

  @Test
  void itComesBackAlsoAfterReopening() throws Exception {
    List<Entry> given = List.of(large(1, LARGE), message(2, "small"), largeReceipt(3));
    Told.append(log, CONVERSATION, given);
    assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(given));
    reopen();

    assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(given));
    assertThat(texts(log.read(CONVERSATION, 1, 1, 10))).isEqualTo(texts(given.subList(0, 1)));
  }

  @Test
  void aSlowBodyHoldsUpNobodyButItsOwnConversation() throws Exception {
    List<Object> order = new CopyOnWriteArrayList<>();
    disk.hold(".body");
    Told slow = new Told(order, "the large one");
    Told behind = new Told(order, "the one behind it");
    log.append(CONVERSATION, large(1, LARGE), slow);
    disk.awaitHeld();
    log.append(CONVERSATION, message(2, "behind it"), behind);
    Told.append(log, OTHER, List.of(message(1, "elsewhere"), message(2, "goes on")));
    assertThat(order).isEmpty();
    assertThat(log.read(CONVERSATION, 1, 10, 10)).isEmpty();

    disk.release();
    slow.awaitCommitted();
    behind.awaitCommitted();
    assertThat(order).containsExactly("the large one", "the one behind it");
  }

  @Test
  void severalLargeOnesKeepTheirOrder() throws Exception {
    List<Object> order = new CopyOnWriteArrayList<>();
    List<Told> told = new ArrayList<>();
    for (int sequence = 1; sequence <= 10; sequence++) {
      told.add(new Told(order, sequence));
      Entry entry = sequence % 3 == 0 ? message(sequence, "small") : large(sequence, LARGE);
      log.append(CONVERSATION, entry, told.getLast());
    }
    told.forEach(Told::awaitCommitted);

    assertThat(order).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(log.load(CONVERSATION)).hasSize(10);
  }

  @Test
  void aBodyThatCannotBeWrittenFailsItsEntryAndThoseNumberedBehindIt() throws Exception {
    List<Object> order = new CopyOnWriteArrayList<>();
    Told.append(log, CONVERSATION, List.of(message(1, "before")));
    disk.hold(".body");
    disk.failWith(Fault.FORCE);
    Told failing = new Told(order, "2 failed");
    Told behind = new Told(order, "3 failed");
    log.append(CONVERSATION, large(2, LARGE), failing);
    disk.awaitHeld();
    log.append(CONVERSATION, message(3, "behind it"), behind);
    disk.release();

    assertThat(failing.awaitFailed()).hasMessageContaining("a body cannot be written");
    behind.awaitFailed();
    assertThat(order).containsExactly("2 failed", "3 failed");
    assertThat(log.failure()).isEmpty();
    assertThat(bodies()).isEmpty();
    disk.failWith(Fault.NONE);
    Told.append(log, CONVERSATION, List.of(large(2, LARGE), message(3, "again")));
    assertThat(log.load(CONVERSATION)).hasSize(3);
  }

  @Test
  void whenTheLogFailsWhileABodyIsWrittenAllAreToldInOrder() throws Exception {
    List<Object> order = new CopyOnWriteArrayList<>();
    disk.hold(".body");
    Told large = new Told(order, "1");
    Told behind = new Told(order, "2");
    log.append(CONVERSATION, large(1, LARGE), large);
    disk.awaitHeld();
    log.append(CONVERSATION, message(2, "behind it"), behind);
    disk.failWith(Fault.FORCE, ".log");
    Told other = new Told();
    log.append(OTHER, message(1, "in the group that fails"), other);
    other.awaitFailed();
    large.awaitFailed();
    behind.awaitFailed();
    disk.failWith(Fault.NONE);
    disk.release();
    reopen();

    assertThat(order).containsExactly("1", "2");
    assertThat(log.conversations()).isEmpty();
  }

  @Test
  void closingWaitsForBodiesThatAreBeingWritten() throws Exception {
    disk.hold(".body");
    Told large = new Told();
    Told behind = new Told();
    log.append(CONVERSATION, large(1, LARGE), large);
    disk.awaitHeld();
    log.append(CONVERSATION, message(2, "behind it"), behind);
    Thread closing = Thread.ofPlatform().start(log::close);
    while (log.failure().isEmpty()) {
      Thread.onSpinWait(); // until it takes nothing more in
    }
    disk.release();
    closing.join();
    open();

    assertThat(log.load(CONVERSATION)).hasSize(2);
  }

  @Test
  void bodiesCountAmongWhatMayWait() throws Exception {
    disk.hold(".body");
    Told first = new Told();
    log.append(CONVERSATION, large(1, 1 << 19), first);
    disk.awaitHeld();
    Told refused = new Told();
    log.append(OTHER, large(1, 1 << 19), refused);

    assertThat(refused.awaitFailed()).hasMessageContaining("storage.max-pending-bytes");
    disk.release();
    first.awaitCommitted();
    Told.append(log, OTHER, List.of(large(1, 1 << 19)));
  }

  @Test
  void erasingDeletesTheFilesOfThatConversation() throws Exception {
    Told.append(log, CONVERSATION, List.of(large(1, LARGE), large(2, LARGE)));
    Told.append(log, OTHER, List.of(large(1, LARGE)));
    log.erase(CONVERSATION);

    assertThat(bodies()).hasSize(1);
    assertThat(log.load(OTHER)).hasSize(1);
    Told.append(log, CONVERSATION, List.of(large(1, LARGE)));
    reopen();
    assertThat(log.load(CONVERSATION)).hasSize(1);
    assertThat(log.load(OTHER)).hasSize(1);
  }

  @Test
  void whatIsErasedWhileItsBodyIsWrittenIsGone() throws Exception {
    disk.hold(".body");
    Told written = new Told();
    log.append(CONVERSATION, large(1, LARGE), written);
    disk.awaitHeld();
    Thread eraser = Thread.ofPlatform().start(this::erase);
    disk.release();
    eraser.join();

    written.awaitCommitted();
    assertThat(log.conversations()).isEmpty();
    assertThat(bodies()).isEmpty();
  }

  @Test
  void aFileThatACrashLeftWithoutItsEntryIsDeletedAtTheNextOpen() throws Exception {
    Told.append(log, CONVERSATION, List.of(large(1, LARGE)));
    Path kept = bodies().getFirst();
    log.close();
    Files.writeString(kept.resolveSibling("00000000000000aa.body"), "half a body");
    open();

    assertThat(bodies()).containsExactly(kept);
    assertThat(log.load(CONVERSATION)).hasSize(1);
  }

  @Test
  void aBodyThatIsMissingRefusesToOpen() throws Exception {
    Told.append(log, CONVERSATION, List.of(large(1, LARGE)));
    Path body = bodies().getFirst();
    log.close();
    Files.delete(body);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(body.getFileName().toString());
  }

  @Test
  void aDamagedBodyIsNamedInPlaceOfItsLastBytes() throws Exception {
    Told.append(log, CONVERSATION, List.of(large(1, LARGE), message(2, "sound")));
    byte[] bytes = Files.readAllBytes(bodies().getFirst());
    bytes[LARGE / 2] ^= 1;
    Files.write(bodies().getFirst(), bytes);

    Entry.Message damaged = (Entry.Message) log.load(CONVERSATION).getFirst();
    assertThatThrownBy(() -> BodyBytes.of(damaged.body()))
        .hasCauseInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(bodies().getFirst().getFileName() + " is damaged");
    assertThat(log.read(CONVERSATION, 2, 1, 1)).hasSize(1);
  }

  @Test
  void aBodyThatWasCutIsNamedWhenItsEntryIsRead() throws Exception {
    Told.append(log, CONVERSATION, List.of(large(1, LARGE)));
    byte[] bytes = Files.readAllBytes(bodies().getFirst());
    Files.write(bodies().getFirst(), Arrays.copyOf(bytes, LARGE - 1));

    assertThatThrownBy(() -> log.load(CONVERSATION))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(bodies().getFirst().getFileName() + " is damaged");
  }

  private void erase() {
    try {
      log.erase(CONVERSATION);
    } catch (StoreUnavailable e) {
      throw new AssertionError(e);
    }
  }

  private static Entry.Message large(long sequence, int size) {
    return new Entry.Message(
        sequence, AT, ALICE, PHONE, "m" + sequence, "video/mp4", bytes(sequence, size));
  }

  private static Entry.Disposition largeReceipt(long sequence) {
    byte[] body = bytes(sequence, LARGE);
    return new Entry.Disposition(
        sequence, AT, BOB, TABLET, "n", "m1", "delivered", ALICE, true, "message/cpim", body);
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
