package io.continuo.server.storage.h2;

import static io.continuo.server.registrar.BindingStoreContract.binding;
import static io.continuo.server.registrar.BindingStoreContract.withoutFlow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a start finds in the journal, whatever the process before it was doing when it ended.
class BindingJournalTest {
  private static final BindingChange FIRST = put("first", 1);
  private static final BindingChange SECOND = put("second", 2);
  private static final BindingChange GONE = remove(binding("x", "sip:ä@x", 1));

  /// Bytes of the first generation's header, and of the first record, of no importance which.
  private static final int IN_HEADER = 520;

  private static final int IN_FIRST_RECORD = BindingJournal.RECORDS + 40;

  @TempDir Path directory;
  private Path file;

  private static BindingChange put(String user, long cseq) {
    return new BindingChange.Put(withoutFlow(binding(user, "sip:ä@192.0.2.1;x=\"'\u0000", cseq)));
  }

  private static BindingChange remove(Binding binding) {
    return new BindingChange.Remove(binding.device().owner(), binding.source(), binding.name());
  }

  @BeforeEach
  void name() {
    file = directory.resolve("journal");
  }

  @Test
  void whatWasWrittenIsThereInItsOrder() throws Exception {
    write(List.of(FIRST, GONE), List.of(SECOND));

    assertThat(left()).containsExactly(FIRST, GONE, SECOND);
  }

  @Test
  void itGoesOnBehindWhatIsThere() throws Exception {
    write(List.of(FIRST));
    write(List.of(SECOND));

    assertThat(left()).containsExactly(FIRST, SECOND);
  }

  @Test
  void aRecordThatWasCutAnywhereIsLeftOutAndNothingElse() throws Exception {
    write(List.of(FIRST));
    int begin = recordsEnd();
    write(List.of(SECOND));
    int end = recordsEnd();
    byte[] whole = Files.readAllBytes(file);
    assertThat(end - begin).isGreaterThan(200);

    for (int cut = begin; cut < end; cut += 7) {
      byte[] torn = whole.clone();
      Arrays.fill(torn, cut, end, (byte) 0);
      Files.write(file, torn);

      assertThat(left()).as("cut at %s of %s to %s", cut, begin, end).containsExactly(FIRST);
    }
  }

  @Test
  void aRecordIsWrittenOverWhatWasCut() throws Exception {
    write(List.of(FIRST));
    int begin = recordsEnd();
    write(List.of(SECOND));
    flip(begin + 40);
    write(List.of(GONE)); // shorter than what was cut

    assertThat(left()).containsExactly(FIRST, GONE);
  }

  @Test
  void damageBeforeAWholeRecordIsNoCut() throws Exception {
    write(List.of(FIRST), List.of(SECOND));
    flip(IN_FIRST_RECORD);

    assertThatThrownBy(this::left)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContainingAll(
            file.toString(), "is damaged", "restore storage.directory from a backup");
  }

  @Test
  void whatWasClearedDoesNotComeBack() throws Exception {
    write(List.of(FIRST), List.of(FIRST), List.of(SECOND));
    BindingJournal journal = BindingJournal.open(file).journal();
    journal.clear();
    journal.close();
    assertThat(left()).isEmpty();

    write(List.of(GONE)); // shorter than what stood there, so that the rest of it shows

    assertThat(left()).containsExactly(GONE);
  }

  @Test
  void whoseClearingWasTornHasAllOfIt() throws Exception {
    write(List.of(FIRST));
    BindingJournal journal = BindingJournal.open(file).journal();
    journal.clear();
    journal.close();
    byte[] torn = Files.readAllBytes(file);
    assertThat(left()).isEmpty();
    torn[10] ^= 1; // of the second generation, which has the first place
    Files.write(file, torn);

    assertThat(left()).containsExactly(FIRST);
  }

  @Test
  void withoutAHeaderItIsDamaged() throws Exception {
    write(List.of(FIRST));
    flip(IN_HEADER);

    assertThatThrownBy(this::left).hasMessageContaining("is damaged");
  }

  @Test
  void withoutItsEndItIsDamaged() throws Exception {
    write(List.of(FIRST));
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100_000));

    assertThatThrownBy(this::left).hasMessageContaining("is damaged");
  }

  @Test
  void aNewerFormatIsNotTouched() throws Exception {
    write(List.of(FIRST));
    byte[] newer = Files.readAllBytes(file);
    byte[] header = BindingJournal.header(BindingJournal.FORMAT + 1, 9, 1).array();
    System.arraycopy(header, 0, newer, 0, header.length);
    Files.write(file, newer);

    assertThatThrownBy(this::left)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("written by a newer release: format 2");
    assertThat(Files.readAllBytes(file)).isEqualTo(newer);
  }

  @Test
  void aFullOneTakesNothingUntilItIsCleared() throws Exception {
    BindingJournal journal = BindingJournal.open(file).journal();
    int written = 0;
    while (journal.append(List.of(FIRST)) == BindingJournal.Appended.WRITTEN) {
      written++;
      if (written == 1) {
        // Most of the file at once: a sync for each of 10,000 records takes long.
        assertThat(journal.append(nearlyAll())).isEqualTo(BindingJournal.Appended.WRITTEN);
      }
    }
    assertThat(written).isGreaterThan(2);

    journal.clear();

    assertThat(journal.append(List.of(SECOND))).isEqualTo(BindingJournal.Appended.WRITTEN);
    journal.close();
    assertThat(left()).containsExactly(SECOND);
  }

  private static List<BindingChange> nearlyAll() {
    int one = BindingRecords.written(List.of(FIRST)).remaining();
    BindingChange[] many = new BindingChange[BindingJournal.SIZE / one - 10];
    Arrays.fill(many, FIRST);
    return List.of(many);
  }

  @Test
  void whatIsAcknowledgedSurvivesTheLossOfPower() throws Exception {
    BindingJournal.open(file).journal().close();
    try (BindingJournal journal = BindingJournal.open(file, LosingPower::new).journal()) {
      journal.append(List.of(FIRST));
      assertThat(left()).containsExactly(FIRST);

      journal.append(List.of(SECOND, GONE));
      assertThat(left()).containsExactly(FIRST, SECOND, GONE);

      journal.clear();
      assertThat(left()).isEmpty();

      journal.append(List.of(SECOND));
      assertThat(left()).containsExactly(SECOND);
    }
  }

  @Test
  void afterAFailedSyncItTakesNothingMore() throws Exception {
    write(List.of(FIRST));
    LosingPower[] disk = new LosingPower[1];
    BindingJournal journal =
        BindingJournal.open(file, path -> disk[0] = new LosingPower(path)).journal();
    journal.append(List.of(SECOND));

    disk[0].failing = true;
    assertThatThrownBy(() -> journal.append(List.of(GONE)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("No space left on device");
    disk[0].failing = false;

    assertThat(journal.usable()).isFalse();
    assertThatThrownBy(() -> journal.append(List.of(GONE)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("until the server is started anew");
    assertThatThrownBy(journal::clear).isInstanceOf(StoreUnavailable.class);
    journal.close();
    assertThat(left()).containsExactly(FIRST, SECOND);
  }

  /// A disk that has what was forced and nothing else.
  private static final class LosingPower implements JournalFile {
    private record Written(ByteBuffer bytes, int position) {}

    private final JournalFile disk;
    private final List<Written> unforced = new ArrayList<>();
    private boolean failing;

    LosingPower(Path path) throws IOException {
      this.disk = JournalFile.onDisk(path);
    }

    @Override
    public void write(ByteBuffer bytes, int position) {
      unforced.add(new Written(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip(), position));
    }

    @Override
    public void force() throws IOException {
      if (failing) {
        throw new IOException("No space left on device");
      }
      for (Written one : unforced) {
        disk.write(one.bytes(), one.position());
      }
      unforced.clear();
    }

    @Override
    public void close() throws IOException {
      disk.close();
    }
  }

  @SafeVarargs
  private void write(List<BindingChange>... batches) throws Exception {
    try (BindingJournal journal = BindingJournal.open(file).journal()) {
      for (List<BindingChange> batch : batches) {
        assertThat(journal.append(batch)).isEqualTo(BindingJournal.Appended.WRITTEN);
      }
    }
  }

  private List<BindingChange> left() throws Exception {
    BindingJournal.Opened opened = BindingJournal.open(file);
    opened.journal().close();
    return opened.left();
  }

  /// Behind the last byte that is no zero, which ends no record of these: nanoseconds do.
  private int recordsEnd() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private void flip(int at) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }
}
