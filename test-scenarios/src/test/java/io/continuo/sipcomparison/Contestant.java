package io.continuo.sipcomparison;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A process that is compared: a child of this program on its own class path, so that its CPU time
/// can be told from the load's.
///
/// Threading: one virtual thread passes its output on; everything else by the caller.
final class Contestant implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  /// What a user agent of ours prints, and the server's own line.
  private static final Pattern READY = Pattern.compile("\\bsip=\"?([0-9.]+):(\\d+)");

  private static final Pattern COMPILER = Pattern.compile("^C[12] Compiler");

  private final String name;
  private final Process process;
  private final CompletableFuture<InetSocketAddress> address = new CompletableFuture<>();

  private Contestant(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// Starts one and waits until it is ready.
  ///
  /// @param options of its JVM
  /// @param program main class and arguments
  static Contestant start(String name, List<String> options, List<String> program)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:-UseDynamicNumberOfCompilerThreads"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(program);
    Contestant contestant =
        new Contestant(name, new ProcessBuilder(command).redirectErrorStream(true).start());
    Thread.ofVirtual().name(name + " output").start(contestant::read);
    contestant.address();
    return contestant;
  }

  /// Called in the child: tells where it listens, and lives as long as its parent.
  static void ready(InetSocketAddress address) throws IOException {
    System.out.println("ready sip=" + address.getHostString() + ":" + address.getPort());
    while (System.in.read() >= 0) {
      // Nothing is said to it: the end of its input is the end of its parent.
    }
    System.exit(0);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher ready = READY.matcher(line);
        if (!address.isDone() && ready.find()) {
          address.complete(new InetSocketAddress(ready.group(1), Integer.parseInt(ready.group(2))));
        } else if (!line.contains(" INFO ")) {
          System.err.println(name + ": " + line);
        }
      }
    } catch (IOException closed) {
      System.err.println(name + ": its output ends: " + closed.getMessage());
    } finally {
      address.completeExceptionally(new IllegalStateException(name + " ended"));
    }
  }

  InetSocketAddress address() {
    try {
      return address.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException notUp) {
      close();
      throw new IllegalStateException(name + " did not come up", notUp);
    }
  }

  /// CPU time of its threads so far, garbage collection included. The JIT compiler's threads are
  /// left out where Linux tells: a long-lived server has compiled all there is to compile.
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow().minus(compilation());
  }

  private Duration compilation() {
    Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
    if (!Files.isDirectory(threads)) {
      return Duration.ZERO;
    }
    try (Stream<Path> all = Files.list(threads)) {
      return Duration.ofNanos(all.mapToLong(Contestant::compilerNanos).sum());
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static long compilerNanos(Path thread) {
    try {
      boolean compiler = COMPILER.matcher(Files.readString(thread.resolve("comm"))).find();
      return compiler
          ? Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0])
          : 0;
    } catch (IOException ended) {
      return 0; // Another thread: those of the compiler live as long as the process.
    }
  }

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
