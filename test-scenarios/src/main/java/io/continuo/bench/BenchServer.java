package io.continuo.bench;

import io.continuo.child.ServerChild;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The server under load: a child process, so that its CPU time can be told from the generator's.
final class BenchServer implements AutoCloseable {
  private final ServerChild child;

  private BenchServer(ServerChild child) {
    this.child = child;
  }

  /// Starts it and waits until it is ready.
  ///
  /// @param options of its JVM
  /// @throws IllegalStateException with its last words when it does not come up
  static BenchServer start(Path configuration, List<String> options) throws IOException {
    ServerChild child =
        ServerChild.start("io.continuo.server.Main", configuration, options, line -> {});
    try {
      child.awaitReady();
    } catch (IllegalStateException notUp) {
      child.close();
      throw notUp;
    }
    return new BenchServer(child);
  }

  /// What it said last.
  String lastWords() {
    return child.lastWords();
  }

  InetSocketAddress sip() {
    return child.said("sip");
  }

  long pid() {
    return child.process().pid();
  }

  /// CPU time of all its threads so far.
  Duration cpu() {
    return cpu(child.process());
  }

  static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    child.close();
  }
}
