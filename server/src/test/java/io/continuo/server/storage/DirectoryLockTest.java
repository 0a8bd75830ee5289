package io.continuo.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.conversation.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
  private static final String LOCK = "lock";

  @TempDir Path directory;

  @Test
  void aDirectoryIsLockedOnceInAProcessHoweverItIsNamed() throws Exception {
    try (DirectoryLock _ = DirectoryLock.take(directory, LOCK)) {
      assertThatThrownBy(() -> DirectoryLock.take(directory.resolve("../" + name()), LOCK))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("in use by another Continuo server");
    }
    DirectoryLock.take(directory, LOCK).close();
  }

  @Test
  void anAttemptOfThisProcessDoesNotLetAnotherProcessIn() throws Exception {
    try (DirectoryLock _ = DirectoryLock.take(directory, LOCK)) {
      assertThatThrownBy(() -> DirectoryLock.take(directory, LOCK))
          .isInstanceOf(StoreUnavailable.class);

      assertThat(takenByAnotherProcess()).contains("in use by another Continuo server");
    }
    assertThat(takenByAnotherProcess()).isEqualTo("taken");
  }

  @Test
  void closingTwiceDoesNotLetGoOfWhatSomebodyElseHas() throws Exception {
    DirectoryLock first = DirectoryLock.take(directory, LOCK);
    first.close();
    try (DirectoryLock _ = DirectoryLock.take(directory, LOCK)) {
      first.close();

      assertThatThrownBy(() -> DirectoryLock.take(directory, LOCK))
          .isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void aLockFileThatCannotBeOpenedLeavesNothingHeld() throws Exception {
    Path inTheWay = Files.createDirectory(directory.resolve(LOCK));
    assertThatThrownBy(() -> DirectoryLock.take(directory, LOCK))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage("cannot lock " + directory + ": " + real(inTheWay) + ": Is a directory");
    Files.delete(inTheWay);

    DirectoryLock.take(directory, LOCK).close();
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> DirectoryLock.take(missing, LOCK))
        .hasMessage("cannot lock " + missing + ": " + missing + " is not there");
  }

  private Path name() {
    return directory.getFileName();
  }

  private static Path real(Path path) throws Exception {
    return path.toRealPath();
  }

  private String takenByAnotherProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Taker.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  /// The other process.
  static final class Taker {
    public static void main(String[] arguments) {
      try (DirectoryLock _ = DirectoryLock.take(Path.of(arguments[0]), LOCK)) {
        System.out.println("taken");
      } catch (StoreUnavailable refused) {
        System.out.println(refused.getMessage());
      }
    }
  }
}
