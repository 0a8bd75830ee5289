package io.continuo.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server under load: a child process from this program's own class path, so that its CPU time
/// can be told from the generator's.
///
/// Threading: one virtual thread reads its output; everything else by the caller.
final class BenchServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  /// Lines of output shown when it fails.
  private static final int SHOWN_LINES = 40;

  private final Process process;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<String> readyLine = new CompletableFuture<>();

  private BenchServer(Process process) {
    this.process = process;
  }

  /// Starts it and waits until it is ready.
  ///
  /// @param options of its JVM
  /// @throws IllegalStateException with its last words when it does not come up
  static BenchServer start(Path configuration, List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.add("-Xmx512m");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of("io.continuo.server.Main", "serve", "--config", configuration.toString()));
    BenchServer server =
        new BenchServer(new ProcessBuilder(command).redirectErrorStream(true).start());
    Thread.ofVirtual().name("server output").start(server::read);
    try {
      server.readyLine.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return server;
    } catch (ExecutionException | TimeoutException notUp) {
      server.close();
      throw new IllegalStateException("it did not come up:\n" + server.lastWords(), notUp);
    } catch (InterruptedException stopped) {
      server.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        remember(line);
        if (line.contains("server.ready")) {
          readyLine.complete(line);
        }
      }
    } catch (IOException closed) {
      // The process has ended and took its pipe along.
      remember("(its output ends: " + closed.getMessage() + ")");
    } finally {
      readyLine.completeExceptionally(new IllegalStateException("it ended"));
    }
  }

  private void remember(String line) {
    synchronized (lastLines) {
      lastLines.add(line);
      if (lastLines.size() > SHOWN_LINES) {
        lastLines.removeFirst();
      }
    }
  }

  /// What it said last.
  String lastWords() {
    synchronized (lastLines) {
      return String.join("\n", lastLines);
    }
  }

  InetSocketAddress sip() {
    String line = readyLine.join();
    Matcher value = Pattern.compile("\\bsip=\"?([0-9.]+):(\\d+)").matcher(line);
    if (!value.find()) {
      throw new IllegalStateException("no SIP address in: " + line);
    }
    return new InetSocketAddress(value.group(1), Integer.parseInt(value.group(2)));
  }

  long pid() {
    return process.pid();
  }

  /// CPU time of all its threads so far.
  Duration cpu() {
    return cpu(process.toHandle());
  }

  static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// SIGTERM, and SIGKILL when it has not stopped within the limit.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
