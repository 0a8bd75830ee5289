package io.continuo.server.storage.h2;

import static io.continuo.server.registrar.BindingStoreContract.binding;
import static io.continuo.server.registrar.BindingStoreContract.withoutFlow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingRefused;
import io.continuo.server.registrar.BindingStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Journal and tables together hold what was acknowledged, at every moment.
class JournaledBindingsTest {
  private static final String TABLES = "continuo.mv.db";
  private static final String JOURNAL = "bindings.journal";
  private static final int FOLD_AT = 5;

  @TempDir Path directory;
  private H2Store store;

  @BeforeEach
  void open() throws StoreUnavailable {
    store = H2Store.open(directory.resolve("running"), "", FOLD_AT);
  }

  @AfterEach
  void close() throws StoreUnavailable {
    store.close();
  }

  @Test
  void atEveryMomentACrashLeavesWhatWasAcknowledged() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, Binding> expected = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      write(store.bindings(), expected, random, i);
      if (i % 3 != 0) {
        continue; // opening a store takes long, and each third is enough beside folds of five
      }
      Path copy = copied(directory.resolve("copy-" + i), TABLES, JOURNAL);
      assertThat(load(copy))
          .as("seed %s, after write %s", seed, i)
          .containsExactlyInAnyOrderElementsOf(expected.values());
    }
  }

  /// A refresh, another device under the same name, or its end.
  private static void write(
      BindingStore store, Map<String, Binding> expected, Random random, int number)
      throws Exception {
    String contact = "sip:" + random.nextInt(4) + "@x";
    Binding next = of("device-" + random.nextInt(2), contact, number);
    if (random.nextInt(5) == 0) {
      store.write(List.of(remove(next)));
      expected.remove(contact);
    } else {
      store.write(List.of(new BindingChange.Put(next)));
      expected.put(contact, withoutFlow(next));
    }
  }

  @Test
  void aCrashBeforeTheJournalIsClearedChangesNothing() throws Exception {
    BindingStore bindings = store.bindings();
    bindings.write(List.of(new BindingChange.Put(of("phone", "sip:a@x", 1))));
    bindings.write(List.of(remove(of("phone", "sip:a@x", 1))));
    bindings.write(List.of(new BindingChange.Put(of("tablet", "sip:a@x", 2))));
    bindings.write(List.of(new BindingChange.Put(of("phone", "sip:b@x", 3))));
    Path copy = copied(directory.resolve("copy"), JOURNAL);
    List<Binding> folded = bindings.load();

    Files.copy(directory.resolve("running").resolve(TABLES), copy.resolve(TABLES));

    assertThat(load(copy)).containsExactlyInAnyOrderElementsOf(folded).hasSize(2);
  }

  @Test
  void manyGoToTheTablesTogether() throws Exception {
    for (int i = 1; i < FOLD_AT; i++) {
      put("sip:" + i + "@x", i);
    }
    assertThat(load(copied(directory.resolve("before"), TABLES))).isEmpty();

    put("sip:last@x", 1);

    assertThat(load(copied(directory.resolve("after"), TABLES))).hasSize(FOLD_AT);
  }

  @Test
  void refreshesOfOneBindingAreOneChange() throws Exception {
    for (int i = 0; i < 3 * FOLD_AT; i++) {
      put("sip:a@x", i);
    }

    assertThat(load(copied(directory.resolve("before"), TABLES))).isEmpty();
    assertThat(store.bindings().load()).extracting(Binding::cseq).containsExactly(3L * FOLD_AT - 1);
  }

  @Test
  void aCloseLeavesAllInTheTables() throws Exception {
    put("sip:a@x", 1);
    store.close();

    assertThat(load(copied(directory.resolve("copy"), TABLES))).hasSize(1);

    open();
  }

  @Test
  void aBatchLongerThanTheJournalIsStored() throws Exception {
    put("sip:0@x", 1);
    List<BindingChange> batch = new ArrayList<>();
    for (int i = 1; i < 50; i++) {
      batch.add(new BindingChange.Put(of("device", "sip:" + i + "@" + "x".repeat(65_000), i)));
    }
    batch.add(new BindingChange.Put(of("device", "sip:0@x", 2)));
    store.bindings().write(batch);

    assertThat(load(copied(directory.resolve("copy"), TABLES, JOURNAL))).hasSize(50);
    assertThat(store.bindings().load())
        .filteredOn(one -> one.contact().equals("sip:0@x"))
        .extracting(Binding::cseq)
        .containsExactly(2L);
  }

  @Test
  void theLongestThatTheTablesTakeIsTakenAndNothingLonger() throws Exception {
    store.bindings().write(List.of(new BindingChange.Put(contact(70_000))));
    store.bindings().write(List.of(new BindingChange.Put(parameter(1_000_000, 'x'))));
    store.bindings().write(List.of(new BindingChange.Put(parameter(1_000_000, '\u0001'))));
    assertThat(store.bindings().load()).hasSize(3); // and they are in the tables

    for (Binding longer :
        List.of(contact(70_001), parameter(1_000_001, 'x'), parameter(1_000_006, '\u0001'))) {
      assertThatThrownBy(() -> store.bindings().write(List.of(new BindingChange.Put(longer))))
          .isInstanceOf(BindingRefused.class);
    }
    assertThat(store.bindings().load()).hasSize(3);
  }

  private static Binding contact(int characters) {
    return of("device", "sip:" + "a".repeat(characters - 4), 1);
  }

  /// @param characters of all parameters as JSON: `{"p":"…"}`
  private static Binding parameter(int characters, char of) {
    int each = of < ' ' ? 6 : 1;
    int value = characters - 8;
    String text = String.valueOf(of).repeat(value / each) + "x".repeat(value % each);
    return with("device", "sip:" + (int) of + "@x", 1, Map.of("p", text));
  }

  @Test
  void aStoreWhoseJournalFailedSaysThatItIsNotReady() throws Exception {
    assertThat(store.answers()).isTrue();

    Thread.currentThread().interrupt(); // which closes the file of who writes
    assertThatThrownBy(() -> put("sip:a@x", 1)).isInstanceOf(StoreUnavailable.class);
    assertThat(Thread.interrupted()).isTrue();

    assertThat(store.answers()).isFalse();
    assertThat(store.bindings().load()).isEmpty();
  }

  private void put(String contact, long cseq) throws Exception {
    store.bindings().write(List.of(new BindingChange.Put(of("device", contact, cseq))));
  }

  private static BindingChange remove(Binding binding) {
    return new BindingChange.Remove(binding.device().owner(), binding.source(), binding.name());
  }

  private static Binding of(String instance, String contact, long cseq) {
    return with(instance, contact, cseq, Map.of("methods", "INVITE"));
  }

  private static Binding with(
      String instance, String contact, long cseq, Map<String, String> parameters) {
    Binding like = binding("alice", contact, cseq);
    Instant now = like.since();
    return new Binding(
        new DeviceId(like.device().owner(), instance),
        like.source(),
        contact,
        parameters,
        like.callId(),
        cseq,
        like.path(),
        Optional.empty(),
        now,
        now.plusSeconds(cseq),
        now.plusSeconds(3_600 + cseq));
  }

  private Path copied(Path to, String... files) throws Exception {
    Files.createDirectories(to);
    for (String file : files) {
      Files.copy(
          directory.resolve("running").resolve(file),
          to.resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return to;
  }

  private static List<Binding> load(Path copy) throws Exception {
    try (H2Store store = H2Store.open(copy)) {
      return store.bindings().load();
    }
  }
}
