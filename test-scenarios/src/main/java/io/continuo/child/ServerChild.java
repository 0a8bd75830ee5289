package io.continuo.child;

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
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server as a child process, from this program's own class path. It is up when it has said
/// `server.ready sip=… msrp=… operations=…`.
///
/// Threading: one virtual thread reads its output; everything else by the caller.
public final class ServerChild implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  /// Lines of output shown when it fails.
  private static final int SHOWN_LINES = 40;

  private final Process process;
  private final Consumer<String> heard;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<String> readyLine = new CompletableFuture<>();

  private ServerChild(Process process, Consumer<String> heard) {
    this.process = process;
    this.heard = heard;
  }

  /// Starts it; it is not ready yet.
  ///
  /// @param main the class whose main it is
  /// @param options more of its JVM
  /// @param heard told each line that it says, on the reading thread
  public static ServerChild start(
      String main, Path configuration, List<String> options, Consumer<String> heard)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.add("-Xmx512m");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of("serve", "--config", configuration.toString()));
    ServerChild server =
        new ServerChild(new ProcessBuilder(command).redirectErrorStream(true).start(), heard);
    Thread.ofVirtual().name("server output").start(server::read);
    return server;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        heard.accept(line);
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
  public String lastWords() {
    synchronized (lastLines) {
      return String.join("\n", lastLines);
    }
  }

  /// Waits until it is ready.
  ///
  /// @throws IllegalStateException with its last words when it does not come up
  public void awaitReady() {
    try {
      readyLine.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException notUp) {
      throw new IllegalStateException("the server did not come up:\n" + lastWords(), notUp);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  /// Where it listens, once it is ready.
  ///
  /// @param key `sip`, `msrp` or `operations`
  public InetSocketAddress said(String key) {
    String line = readyLine.join();
    Matcher value = Pattern.compile("\\b" + key + "=\"?([0-9.]+):(\\d+)").matcher(line);
    if (!value.find()) {
      throw new IllegalStateException("no address of " + key + " in: " + line);
    }
    return new InetSocketAddress(value.group(1), Integer.parseInt(value.group(2)));
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  /// Waits until it ends by itself.
  public int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  /// SIGTERM, and SIGKILL when it has not stopped within the limit.
  @Override
  public void close() {
    // Not Process.destroy(): it also closes the pipe that the server says its last words into.
    process.toHandle().destroy();
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
