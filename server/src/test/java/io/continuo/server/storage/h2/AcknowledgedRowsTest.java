package io.continuo.server.storage.h2;

import static io.continuo.server.registrar.BindingStoreContract.binding;
import static io.continuo.server.registrar.BindingStoreContract.withoutFlow;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingStore;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was acknowledged is in the file at that moment, wherever in the file H2 put it.
///
/// A copy of the file is what the next start would find after `kill -9`. H2 writes its chunks one
/// behind the other until old ones may be overwritten (45 s after they went out of use), then into
/// the gaps, and only the file's header says where: 2.5.250 and 2.5.252 write that header before
/// they have noted the new chunk, so the next start finds the chunk before it and what came behind
/// is lost, until 20 more commits later. Here gaps are used from the start, and bindings go through
/// their journal to the tables at each write, unless it is said otherwise.
class AcknowledgedRowsTest {
  private static final int WRITES = 60; // more than two rounds of the 20 commits
  private static final String WITHOUT_DELAY = ";RETENTION_TIME=0";
  private static final int KILLS = 3;
  private static final int NAMES = 7; // rows are written over, which makes the gaps

  /// Whole lines only: the last one may have been cut.
  private static final Pattern ACKNOWLEDGED = Pattern.compile("(sip:\\S+) (\\d+) acknowledged");

  @TempDir Path directory;

  @Test
  void anAcknowledgedRowIsInTheFileAlsoWhereSpaceIsUsedAgain() throws Exception {
    long grownTo = 0;
    try (H2Store store = H2Store.open(directory.resolve("running"), WITHOUT_DELAY, 1)) {
      for (int i = 0; i < WRITES; i++) {
        Binding written = binding("user-" + i % NAMES, "sip:a@192.0.2.1", i);
        store.bindings().write(List.of(new BindingChange.Put(written)));
        Path copy = Files.createDirectories(directory.resolve("copy-" + i));
        Files.copy(tables("running"), copy.resolve("continuo.mv.db"));
        grownTo = Files.size(tables("running"));
        assertThat(load(copy)).as("after write %s", i).contains(withoutFlow(written));
      }
    }
    assertThat(grownTo).as("space was used again").isLessThan(WRITES * 2 * 4096);
  }

  /// @param foldAt 1: the tables alone have it; 4: most is in the journal, and some are killed
  ///   while it is folded; 1,000: all is in the journal
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 1_000})
  void whatOneKilledProcessAfterTheOtherAcknowledgedIsThere(int foldAt) throws Exception {
    Map<String, Long> acknowledged = new TreeMap<>();
    for (int round = 0; round < KILLS; round++) {
      acknowledged.putAll(writeUntilKilled(directory.resolve("killed"), round, foldAt));
      Path copy = Files.createDirectories(directory.resolve("copy-" + round));
      // A copy, as a close in good order would write what the next of them is to find.
      Files.copy(tables("killed"), copy.resolve("continuo.mv.db"));
      if (foldAt > 1) {
        Files.copy(
            directory.resolve("killed").resolve("bindings.journal"),
            copy.resolve("bindings.journal"));
      }

      assertThat(newest(load(copy)))
          .as("after kill %s, of %s", round, acknowledged)
          .satisfies(found ->
              acknowledged.forEach((user, cseq) ->
                  assertThat(found)
                      .hasEntrySatisfying(
                          user, one -> assertThat(one).isGreaterThanOrEqualTo(cseq))));
    }
  }

  private static Map<String, Long> newest(List<Binding> bindings) {
    return bindings.stream()
        .collect(Collectors.toMap(one -> one.device().owner().uri(), Binding::cseq));
  }

  /// Starts a process that writes bindings and prints each one it wrote, and kills it (SIGKILL)
  /// after some: another number in each round. Gives all that it said before it died.
  private static Map<String, Long> writeUntilKilled(Path directory, int round, int foldAt)
      throws Exception {
    Process writer =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                directory.toString(),
                String.valueOf(round),
                String.valueOf(foldAt))
            .redirectErrorStream(true)
            .start();
    Map<String, Long> acknowledged = new TreeMap<>();
    int count = 5 + 11 * round;
    try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher row = ACKNOWLEDGED.matcher(line);
        if (row.matches()) {
          acknowledged.put(row.group(1), Long.valueOf(row.group(2)));
          if (--count == 0) {
            writer.toHandle().destroyForcibly(); // and its output stays open, to be read to the end
          }
        }
      }
    } finally {
      writer.destroyForcibly();
    }
    assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(count).as("rows still to be acknowledged").isNotPositive();
    return acknowledged;
  }

  /// The process that is killed.
  static final class Writer {
    public static void main(String[] arguments) throws Exception {
      int foldAt = Integer.parseInt(arguments[2]);
      BindingStore bindings = H2Store.open(Path.of(arguments[0]), WITHOUT_DELAY, foldAt).bindings();
      long first = Long.parseLong(arguments[1]) * 1_000_000;
      for (long cseq = first; cseq < first + 100_000; cseq++) {
        Binding binding = binding("user-" + cseq % NAMES, "sip:a@192.0.2.1", cseq);
        bindings.write(List.of(new BindingChange.Put(binding)));
        System.out.println(binding.device().owner().uri() + " " + cseq + " acknowledged");
      }
    }
  }

  private Path tables(String of) {
    return directory.resolve(of).resolve("continuo.mv.db");
  }

  private static List<Binding> load(Path copy) throws Exception {
    try (H2Store store = H2Store.open(copy)) {
      return store.bindings().load();
    }
  }
}
