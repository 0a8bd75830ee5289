package io.continuo.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.ConversationDirectory.Known;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.Told;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The directory knows after a start what the log knows.
class DirectoryRepairTest {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  private static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");
  private static final AddressOfRecord CAROL = AddressOfRecord.of("sip:carol@continuo.test");
  private static final ConversationId PAIR = ConversationId.between(ALICE, BOB);
  private static final ConversationId GROUP = ConversationId.group(new UUID(1, 2));

  private final MemoryStore store = new MemoryStore();
  private final ConversationLog log = store.log();
  private final ConversationDirectory directory = store.directory();

  @Test
  void aConversationThatTheDirectoryLostIsKeptAgain() throws Exception {
    open(PAIR, ALICE, BOB);
    open(GROUP, ALICE, BOB);
    Told.append(log, GROUP, List.of(new Entry.Joined(2, AT, CAROL)));

    repair();

    assertThat(directory.of(ALICE)).containsExactlyInAnyOrder(PAIR, GROUP);
    assertThat(directory.find(PAIR)).contains(new Known(PAIR, false, List.of(ALICE, BOB)));
    assertThat(directory.find(GROUP)).contains(new Known(GROUP, true, List.of(ALICE, BOB, CAROL)));
  }

  @Test
  void aJoinThatTheDirectoryLostIsKeptAgain() throws Exception {
    open(GROUP, ALICE, BOB);
    directory.keep(GROUP, true, List.of(ALICE, BOB));
    Told.append(log, GROUP, List.of(new Entry.Joined(2, AT, CAROL)));

    repair();

    assertThat(directory.of(CAROL)).containsExactly(GROUP);
  }

  @Test
  void moreThanOneBatchIsKept() throws Exception {
    int groups = 1_201;
    for (int i = 0; i < groups; i++) {
      open(ConversationId.group(new UUID(9, i)), ALICE, BOB);
    }

    repair();

    assertThat(directory.of(BOB)).hasSize(groups);
  }

  @Test
  void whatIsKnownIsLeftAsItIs() throws Exception {
    open(PAIR, ALICE, BOB);
    open(GROUP, ALICE, BOB);
    Told.append(log, GROUP, List.of(new Entry.Joined(2, AT, CAROL)));
    directory.keep(PAIR, false, List.of(ALICE, BOB));
    directory.keep(GROUP, true, List.of(ALICE, BOB, CAROL));
    store.failing(MemoryStore.Failing.KEEPING); // any write would be an error

    repair();
  }

  @Test
  void aConversationThatCannotBeReadKeepsNobodyFromStarting() throws Exception {
    open(PAIR, ALICE, BOB);
    store.failing(MemoryStore.Failing.READING);

    repair();

    assertThat(directory.of(ALICE)).isEmpty();
  }

  @Test
  void aDirectoryThatTakesNothingStopsTheStart() throws Exception {
    open(PAIR, ALICE, BOB);
    store.failing(MemoryStore.Failing.KEEPING);

    assertThatThrownBy(this::repair).isInstanceOf(StoreUnavailable.class);
  }

  private void open(ConversationId id, AddressOfRecord... participants) {
    Told.append(log, id, List.of(new Entry.Opened(1, AT, id.isGroup(), List.of(participants))));
  }

  private void repair() throws StoreUnavailable {
    new DirectoryRepair(log, directory).run();
  }
}
