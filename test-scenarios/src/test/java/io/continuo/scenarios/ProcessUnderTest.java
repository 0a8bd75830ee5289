package io.continuo.scenarios;

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
  /// 128 + 15: a JVM that ran its shutdown hooks after SIGTERM.
  private static final int STOPPED_BY_SIGTERM = 143;

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
        return new ProcessUnderTest(directory, ServerProcess.start(setup));
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
  public void stop() {
    int status = process.terminate();
    if (status != STOPPED_BY_SIGTERM) {
      throw new AssertionError("the server ended with status " + status);
    }
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
