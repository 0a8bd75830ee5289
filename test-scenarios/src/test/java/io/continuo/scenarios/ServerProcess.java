package io.continuo.scenarios;

import io.continuo.distribution.UnpackedDistribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The server as a process: started from the class path of the tests or from the unpacked
/// distribution, killed, stopped, and started again on the same data.
///
/// It is up when it has said `server.ready`; the line tells the ports it got.
public final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final ServerSetup setup;
  private final List<String> command;
  private final ChildProcess process;
  private final ServerAddresses addresses;

  private ServerProcess(
      ServerSetup setup, List<String> command, ChildProcess process, ServerAddresses addresses) {
    this.setup = setup;
    this.command = command;
    this.process = process;
    this.addresses = addresses;
  }

  /// From the classes that the tests run with.
  public static ServerProcess start(ServerSetup setup) throws IOException {
    return start(setup, mainOnClassPath());
  }

  /// The distribution as an operator has it, when the build has made one (it always has under
  /// Maven's `verify`); else the classes.
  public static ServerProcess asBuilt(ServerSetup setup) throws IOException {
    return System.getProperty("continuo.distribution") == null
        ? start(setup)
        : start(setup, Unpacked.HOME);
  }

  /// Unpacked once, by the first who needs it.
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

  /// By `bin/continuo` of an unpacked distribution.
  public static ServerProcess start(ServerSetup setup, Path distribution) throws IOException {
    return start(setup, List.of(distribution.resolve("bin/continuo").toString()));
  }

  /// The server's main as a command line, without a subcommand.
  public static List<String> mainOnClassPath() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Xmx512m",
        "-Dcontinuo.log=" + System.getProperty("continuo.log", "INFO"),
        "-cp",
        System.getProperty("java.class.path"),
        "io.continuo.server.Main");
  }

  private static ServerProcess start(ServerSetup setup, List<String> command) throws IOException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of("serve", "--config", setup.write().toString()));
    ProcessBuilder builder = new ProcessBuilder(line).directory(setup.directory().toFile());
    builder.environment().put("CONTINUO_OPTS", "-Xmx512m");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    ChildProcess process = ChildProcess.start(builder);
    ServerAddresses addresses =
        process
            .awaitLine(said -> ServerAddresses.parse(said).isPresent(), START_LIMIT)
            .flatMap(ServerAddresses::parse)
            .orElseThrow(() -> notUp(process));
    return new ServerProcess(setup, command, process, addresses);
  }

  private static AssertionError notUp(ChildProcess process) {
    process.kill();
    return new AssertionError("the server did not come up; it said:\n" + process.told());
  }

  public ServerAddresses addresses() {
    return addresses;
  }

  /// Everything it has said.
  public List<String> output() {
    return process.lines();
  }

  /// The process, for waiting on a line of its log.
  public ChildProcess process() {
    return process;
  }

  /// SIGKILL: nothing is flushed, nobody is told.
  public void kill() {
    process.kill();
    process.awaitExit(STOP_LIMIT);
  }

  /// SIGTERM, and the exit status.
  public int terminate() {
    process.terminate();
    return process.awaitExit(STOP_LIMIT);
  }

  /// Another process on the same data and the same ports; this one must have ended.
  public ServerProcess startAgain() throws IOException {
    if (process.isAlive()) {
      throw new IllegalStateException("the first process still runs");
    }
    return start(setup.at(addresses), command);
  }

  /// Stops it when it still runs.
  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }
}
