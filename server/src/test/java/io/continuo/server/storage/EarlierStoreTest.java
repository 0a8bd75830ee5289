package io.continuo.server.storage;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.BOB;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.TABLET;
import static io.continuo.server.conversation.LogSamples.message;
import static io.continuo.server.conversation.LogSamples.texts;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.ConversationDirectory.Known;
import io.continuo.server.conversation.Told;
import io.continuo.server.storage.h2.H2Store;
import io.continuo.server.storage.segments.LogObserver;
import io.continuo.server.storage.segments.SegmentLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole store that a release wrote and somebody committed opens and says what it was told.
class EarlierStoreTest {
  @TempDir Path directory;

  @BeforeEach
  void unpack() throws IOException {
    String name = "/store/format-2.zip";
    try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream(name), name);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path to = directory.resolve(entry.getName());
        Files.createDirectories(to.getParent());
        Files.copy(zip, to);
      }
    }
  }

  @Test
  void itsLogIsReadCompletelyFromItsCheckpoints() throws Exception {
    assertLog();
  }

  @Test
  void itsLogIsReadCompletelyByScanning() throws Exception {
    for (Path checkpoint : files(".index")) {
      Files.delete(checkpoint);
    }
    assertLog();
  }

  @Test
  void itHasAllThatAFormatCanHave() throws IOException {
    assertThat(files(".log")).hasSize(3);
    assertThat(files(".index")).hasSize(3);
    assertThat(files(".body")).hasSize(1);
  }

  @Test
  void itsTablesAreReadCompletely() throws Exception {
    H2Store store = H2Store.open(directory);
    try {
      assertThat(store.bindings().load()).containsExactly(FormatTwoStore.BINDING);
      assertThat(store.conversations().find(CONVERSATION))
          .contains(new Known(CONVERSATION, false, List.of(ALICE, BOB)));
      assertThat(store.conversations().aliases(CONVERSATION)).containsExactly("contribution-1");
      assertThat(store.devices().unboundSince(FormatTwoStore.BINDING.expires().plusSeconds(1)))
          .containsExactly(PHONE);
    } finally {
      store.close();
    }
  }

  private void assertLog() throws Exception {
    try (SegmentLog log = SegmentLog.open(FormatTwoStore.settings(directory), LogObserver.NONE)) {
      assertThat(log.conversations()).containsExactly(CONVERSATION);
      assertThat(texts(log.load(CONVERSATION))).isEqualTo(texts(FormatTwoStore.records()));
      assertThat(log.conversationsWith("m5")).containsExactly(CONVERSATION);
      assertThat(log.mayOwe(CONVERSATION, TABLET)).isTrue();
      Told.append(log, CONVERSATION, List.of(message(13, "goes on")));
    }
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("log"))) {
      return all.filter(file -> file.toString().endsWith(suffix)).toList();
    }
  }
}
