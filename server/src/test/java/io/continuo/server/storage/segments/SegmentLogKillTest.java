package io.continuo.server.storage.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyBytes;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.ConversationId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log survives the death of its process.
class SegmentLogKillTest {
  private static final int ROUNDS = 3;
  private static final int ENTRIES_A_ROUND = 1500;

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedBeforeAKillIsThereAfterwards() throws Exception {
    Map<ConversationId, Long> acknowledged = new HashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      appendAndKill(acknowledged);
      try (SegmentLog log = SegmentLog.open(SegmentFiles.settings(directory), LogObserver.NONE)) {
        for (Map.Entry<ConversationId, Long> last : acknowledged.entrySet()) {
          assertWhole(log, last.getKey(), last.getValue());
        }
        assertThat(files()).isEqualTo(large(log));
      }
    }
    assertThat(acknowledged).hasSize(AppendingProcess.CONVERSATIONS);
  }

  @Test
  void aLogThatAnotherProcessHasIsRefused() throws Exception {
    Process process = start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(lines.readLine()).endsWith(" 1");
      assertThatThrownBy(() -> SegmentLog.open(SegmentFiles.settings(directory), LogObserver.NONE))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("in use by another Continuo server");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void appendAndKill(Map<ConversationId, Long> acknowledged) throws Exception {
    Process process = start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (int line = 0; line < ENTRIES_A_ROUND; line++) {
        note(lines.readLine(), acknowledged);
      }
      process.toHandle().destroyForcibly(); // SIGKILL, and what it printed can still be read
      lines.lines().forEach(line -> note(line, acknowledged));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void note(String line, Map<ConversationId, Long> acknowledged) {
    assertThat(line).doesNotStartWith("failed");
    String[] words = line.split(" ");
    // The last line may be cut short by the kill: only whole ones have two words and a conversation
    // that is known, and a shorter number is one that was acknowledged before.
    if (words.length == 2) {
      acknowledged.merge(new ConversationId(words[0]), Long.parseLong(words[1]), Math::max);
    }
  }

  /// Nothing is left of what no entry refers to.
  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("log").resolve("bodies"))) {
      return files.count();
    }
  }

  private static long large(SegmentLog log) throws StoreUnavailable {
    long large = 0;
    for (ConversationId conversation : log.conversations()) {
      large +=
          log.read(conversation, 1, Integer.MAX_VALUE, Long.MAX_VALUE).stream()
              .filter(entry -> ((Entry.Message) entry).body() instanceof Body.Staged)
              .count();
    }
    return large;
  }

  private Process start() throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            classes,
            AppendingProcess.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void assertWhole(SegmentLog log, ConversationId conversation, long last)
      throws StoreUnavailable {
    List<Entry> entries = log.read(conversation, 1, Integer.MAX_VALUE, Long.MAX_VALUE);
    assertThat(entries).hasSizeGreaterThanOrEqualTo((int) last);
    for (int i = 0; i < entries.size(); i++) {
      Entry.Message message = (Entry.Message) entries.get(i);
      assertThat(message.sequence()).isEqualTo(i + 1L);
      assertThat(new String(BodyBytes.of(message.body()), StandardCharsets.UTF_8))
          .isEqualTo(AppendingProcess.text(i + 1L));
    }
  }
}
