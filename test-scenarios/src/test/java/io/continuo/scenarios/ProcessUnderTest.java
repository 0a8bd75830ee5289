package io.continuo.scenarios;

import io.continuo.distribution.UnpackedDistribution;
import io.continuo.scenarios.language.ServerUnderTest;
import io.continuo.scenarios.language.Subscribers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The server of a ladder scenario: a process of its own, so that a kill is a kill.
final class ProcessUnderTest implements ServerUnderTest {
  private final Path directory;
  private ServerProcess process;

  private ProcessUnderTest(Path directory, ServerProcess process) {
    this.directory = directory;
    this.process = process;
  }

  /// Made by the service loader.
  public static final class Processes implements Factory {
    @Override
    public ServerUnderTest start(Map<String, String> settings) {
      try {
        Path directory = Files.createTempDirectory("continuo-scenario");
        ServerSetup setup = ServerSetup.in(directory);
        for (String name : Subscribers.NAMES) {
          setup = setup.subscriber(name);
        }
        for (Map.Entry<String, String> setting : settings.entrySet()) {
          setup = setup.with(setting.getKey(), setting.getValue());
        }
        return new ProcessUnderTest(directory, launch(setup));
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  /// The distribution as an operator has it, when the build has made one (it always has under
  /// Maven); else the classes.
  private static ServerProcess launch(ServerSetup setup) throws IOException {
    return System.getProperty("continuo.distribution") == null
        ? ServerProcess.start(setup)
        : ServerProcess.start(setup, Unpacked.HOME);
  }

  /// Unpacked once, by the first scenario that needs it.
  private static final class Unpacked {
    static final Path HOME = unpack();

    private static Path unpack() {
      try {
        Path directory = Path.of("target", "unpacked").toAbsolutePath();
        Files.createDirectories(directory);
        return UnpackedDistribution.in(Files.createTempDirectory(directory, "scenarios")).home();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  @Override
  public InetSocketAddress sip() {
    return process.addresses().sip();
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void restart() {
    try {
      process = process.startAgain();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public List<String> output() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
