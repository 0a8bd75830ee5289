package io.continuo.server.storage.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.DeviceMemory;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingRefused;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.BindingStoreContract;
import io.continuo.server.registrar.SubscriberStore;
import io.continuo.server.registrar.SubscriberStoreContract;
import io.continuo.server.storage.ConversationDirectoryContract;
import io.continuo.server.storage.DeviceMemoryContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StoreTest
    implements BindingStoreContract,
        SubscriberStoreContract,
        ConversationDirectoryContract,
        DeviceMemoryContract {
  @TempDir Path directory;
  private H2Store store;

  @BeforeEach
  void open() throws StoreUnavailable {
    store = H2Store.open(directory);
  }

  @AfterEach
  void close() throws StoreUnavailable {
    store.close();
  }

  @Override
  public BindingStore bindings() {
    return store.bindings();
  }

  @Override
  public SubscriberStore subscribers() {
    return store.subscribers();
  }

  @Override
  public DeviceMemory devices() {
    return store.devices();
  }

  @Override
  public ConversationDirectory conversations() {
    return store.conversations();
  }

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    Binding binding = BindingStoreContract.binding("alice", "sip:a@x", 1);
    bindings().write(List.of(new BindingChange.Put(binding)));
    subscribers().provision(SubscriberStoreContract.subscriber("alice", "alice"));
    conversations().keep(PAIR, false, List.of(ALICE, BOB));
    store.close();

    open();

    assertThat(bindings().load()).containsExactly(BindingStoreContract.withoutFlow(binding));
    assertThat(subscribers().all()).hasSize(1);
    assertThat(conversations().of(ALICE)).containsExactly(PAIR);
  }

  @Test
  void aDirectoryBelongsToOneServer() {
    assertThatThrownBy(() -> H2Store.open(directory))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("in use by another Continuo server");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> H2Store.open(file.resolve("data")))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage("cannot make storage.directory: " + file.resolve("data") + ": Not a directory");
  }

  @Test
  void aFileInThePlaceOfTheDirectoryIsCalledAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThatThrownBy(() -> H2Store.open(file))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage("cannot make storage.directory: " + file + " is a file, not a directory");
  }

  @Test
  void damagedTablesAreNamedWithTheWayOut() throws Exception {
    store.close();
    Path tables = directory.resolve("continuo.mv.db");
    byte[] content = Files.readAllBytes(tables);
    Arrays.fill(content, (byte) 'x');
    Files.write(tables, content);

    assertThatThrownBy(() -> H2Store.open(directory))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContainingAll(tables.toString(), "restore storage.directory from a backup");

    Files.delete(tables);
    open();
  }

  @Test
  void tablesThatWereCutShortAreNamedWithTheWayOut() throws Exception {
    store.close();
    Path tables = directory.resolve("continuo.mv.db");
    Files.write(tables, Arrays.copyOf(Files.readAllBytes(tables), 5_000));

    assertThatThrownBy(() -> H2Store.open(directory))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContainingAll(tables.toString(), "restore storage.directory from a backup");

    Files.delete(tables);
    open();
  }

  @Test
  void aFailedBatchChangesNothing() throws Exception {
    Binding good = BindingStoreContract.binding("alice", "sip:a@x", 1);
    Binding tooLong = BindingStoreContract.binding("alice", "sip:" + "a".repeat(100_000), 1);

    assertThatThrownBy(() ->
            bindings().write(List.of(new BindingChange.Put(good), new BindingChange.Put(tooLong))))
        .isInstanceOf(BindingRefused.class);

    assertThat(bindings().load()).isEmpty();
  }

  @Test
  void theOldestNamesOfAConversationGo() throws StoreUnavailable {
    for (int i = 0; i <= H2Conversations.MAX_NAMES; i++) {
      conversations().alias(PAIR, "contribution-" + i);
    }

    assertThat(conversations().aliases(PAIR))
        .hasSize(H2Conversations.MAX_NAMES)
        .doesNotContain("contribution-0");
  }
}
