package io.continuo.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server as a child process, from this program's own class path, which ends with this program
/// ([Leash]). It is up when it has said `server.ready sip=… msrp=… operations=…` and its operations
/// port says so too.
///
/// Threading: one virtual thread reads its output; everything else by the caller.
final class DemoServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  /// Lines of output shown when it fails.
  private static final int SHOWN_LINES = 40;

  private final Process process;
  private final Path log;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<String> readyLine = new CompletableFuture<>();

  private DemoServer(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts it; it is not ready yet.
  static DemoServer start(DemoFiles files) throws IOException {
    Path configuration = files.write();
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            Leash.class.getName(),
            "serve",
            "--config",
            configuration.toString());
    builder.redirectErrorStream(true);
    Path log = files.directory().resolve("server.log");
    DemoServer server = new DemoServer(builder.start(), log);
    Thread.ofVirtual().name("server output").start(server::read);
    return server;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader();
        BufferedWriter kept = Files.newBufferedWriter(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        kept.write(line);
        kept.newLine();
        kept.flush();
        remember(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    if (line.contains("server.ready")) {
      readyLine.complete(line);
    }
  }

  private String lastWords() {
    synchronized (lastLines) {
      return String.join("\n", lastLines);
    }
  }

  /// Waits until it is ready.
  ///
  /// @throws IllegalStateException with its last words when it does not come up
  void awaitReady() {
    try {
      readyLine.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      HttpRequest request =
          HttpRequest.newBuilder(operations("/ready")).timeout(Duration.ofSeconds(10)).build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
          throw new IllegalStateException("/ready answers " + status + "\n" + lastWords());
        }
      }
    } catch (ExecutionException | TimeoutException | IOException notUp) {
      throw new IllegalStateException("the server did not come up:\n" + lastWords(), notUp);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  private InetSocketAddress said(String key) {
    String line = readyLine.join();
    Matcher value = Pattern.compile("\\b" + key + "=\"?([0-9.]+):(\\d+)").matcher(line);
    if (!value.find()) {
      throw new IllegalStateException("no address of " + key + " in: " + line);
    }
    return new InetSocketAddress(value.group(1), Integer.parseInt(value.group(2)));
  }

  /// `127.0.0.1:5060`, for people.
  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  InetSocketAddress sip() {
    return said("sip");
  }

  InetSocketAddress msrp() {
    return said("msrp");
  }

  /// A URL of the operations port.
  URI operations(String path) {
    return URI.create("http://" + text(said("operations")) + path);
  }

  /// Where its output is written.
  Path log() {
    return log;
  }

  /// Waits until it ends by itself.
  int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  List<String> tail() {
    return lastWords().lines().toList();
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
