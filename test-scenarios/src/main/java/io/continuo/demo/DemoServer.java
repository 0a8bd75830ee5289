package io.continuo.demo;

import io.continuo.child.ServerChild;
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
import java.util.List;

/// The server of the demonstration: a child that ends with this program ([Leash]) and whose output
/// is kept in a file. It is up when it has said so and its operations port says so too.
final class DemoServer implements AutoCloseable {
  private final ServerChild child;
  private final Path log;

  private DemoServer(ServerChild child, Path log) {
    this.child = child;
    this.log = log;
  }

  /// Starts it; it is not ready yet.
  static DemoServer start(DemoFiles files) throws IOException {
    Path configuration = files.write();
    Path log = files.directory().resolve("server.log");
    BufferedWriter kept = Files.newBufferedWriter(log); // Ends with this program.
    return new DemoServer(
        ServerChild.start(
            Leash.class.getName(), configuration, List.of(), line -> keep(kept, line)),
        log);
  }

  private static void keep(BufferedWriter kept, String line) {
    try {
      kept.write(line);
      kept.newLine();
      kept.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Waits until it is ready.
  ///
  /// @throws IllegalStateException with its last words when it does not come up
  void awaitReady() {
    child.awaitReady();
    HttpRequest request =
        HttpRequest.newBuilder(operations("/ready")).timeout(Duration.ofSeconds(10)).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IllegalStateException("/ready answers " + status + "\n" + child.lastWords());
      }
    } catch (IOException notUp) {
      throw new IllegalStateException("the server did not come up:\n" + child.lastWords(), notUp);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  /// `127.0.0.1:5060`, for people.
  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  InetSocketAddress sip() {
    return child.said("sip");
  }

  InetSocketAddress msrp() {
    return child.said("msrp");
  }

  /// A URL of the operations port.
  URI operations(String path) {
    return URI.create("http://" + text(child.said("operations")) + path);
  }

  /// Where its output is written.
  Path log() {
    return log;
  }

  /// Waits until it ends by itself.
  int awaitExit() throws InterruptedException {
    return child.awaitExit();
  }

  List<String> tail() {
    return child.lastWords().lines().toList();
  }

  @Override
  public void close() {
    child.close();
  }
}
