package io.continuo.scenarios;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The server as a process: started from the distribution as the build has made it (it always has
/// under Maven; else from the class path of the tests), killed, stopped, and started again on the
/// same data.
///
/// It is up when it has said `server.ready`; the line tells the ports it got.
public final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  /// JVM options of a server that lives for seconds: what the second compiler makes of hot code
  /// would come too late, and its work delays the others on a small machine.
  static final List<String> FOR_SECONDS = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1");

  private final ServerSetup setup;
  private final List<String> command;
  private final List<String> options;
  private final ChildProcess process;
  private final ServerAddresses addresses;

  private ServerProcess(
      ServerSetup setup,
      List<String> command,
      List<String> options,
      ChildProcess process,
      ServerAddresses addresses) {
    this.setup = setup;
    this.command = command;
    this.options = options;
    this.process = process;
    this.addresses = addresses;
  }

  /// As the build has made it.
  public static ServerProcess start(ServerSetup setup) throws IOException {
    return start(setup, List.of());
  }

  /// The same with further JVM options, which come over the usual ones.
  static ServerProcess start(ServerSetup setup, List<String> further) throws IOException {
    Optional<Installation> installation = Installation.ofThisBuild();
    List<String> options =
        new ArrayList<>(installation.map(Installation::options).orElse(FOR_SECONDS));
    options.addAll(further);
    return start(
        setup,
        installation.map(Installation::command).orElseGet(ServerProcess::mainOnClassPath),
        options);
  }

  /// By `bin/continuo` of an unpacked distribution, as an operator starts it.
  public static ServerProcess start(ServerSetup setup, Path distribution) throws IOException {
    return start(
        setup, List.of(distribution.resolve("bin/continuo").toString()), List.of("-Xmx512m"));
  }

  /// The server's main as a command line, without a subcommand; it takes JVM options as
  /// `bin/continuo` does.
  private static List<String> mainOnClassPath() {
    return List.of(
        "/bin/sh",
        "-c",
        "exec \"$JAVA_HOME/bin/java\" --enable-native-access=ALL-UNNAMED"
            + " --sun-misc-unsafe-memory-access=allow $CONTINUO_OPTS"
            + " -cp \"$CLASS_PATH\" io.continuo.server.Main \"$@\"",
        "server");
  }

  /// @param command that `serve` and its options are added to
  /// @param options of the JVM
  static ServerProcess start(ServerSetup setup, List<String> command, List<String> options)
      throws IOException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of("serve", "--config", setup.write().toString()));
    ProcessBuilder builder = new ProcessBuilder(line).directory(setup.directory().toFile());
    String level = "-Dcontinuo.log=" + System.getProperty("continuo.log", "INFO");
    builder.environment().put("CONTINUO_OPTS", String.join(" ", options) + " " + level);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("CLASS_PATH", System.getProperty("java.class.path"));
    ChildProcess process = ChildProcess.start(builder);
    ServerAddresses addresses =
        process
            .awaitLine(said -> ServerAddresses.parse(said).isPresent(), START_LIMIT)
            .flatMap(ServerAddresses::parse)
            .orElseThrow(() -> notUp(process));
    return new ServerProcess(setup, command, options, process, addresses);
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
    return start(setup.at(addresses), command, options);
  }

  /// Stops it when it still runs.
  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }
}
