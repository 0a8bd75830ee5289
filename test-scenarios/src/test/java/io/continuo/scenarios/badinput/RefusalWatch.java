package io.continuo.scenarios.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.continuo.scenarios.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// What the server logs and counts of what it refuses: both must move together, once each time.
final class RefusalWatch {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Pattern LINE = Pattern.compile(" (sip|msrp)\\.refused ");
  private static final String COUNTER = "chat_refusals_total{";

  private final ServerProcess server;
  private final HttpClient http = HttpClient.newHttpClient();
  private long counted;
  private int logged;

  RefusalWatch(ServerProcess server) {
    this.server = server;
    begin();
  }

  /// What was refused up to now is expected.
  void begin() {
    await().atMost(LIMIT).pollInterval(POLL).until(() -> lines().size() == counted());
    counted = counted();
    logged = lines().size();
  }

  /// Since [#begin] exactly so many were refused, each for this reason.
  ///
  /// @param what part of the log line, as in `status=400 reason=Missing From`
  void sees(int many, String what) {
    await()
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(() -> {
          assertThat(counted() - counted).as("counted").isEqualTo(many);
          assertThat(lines().size() - logged).as("logged").isEqualTo(many);
        });
    List<String> fresh = lines().subList(logged, logged + many);
    assertThat(fresh)
        .allSatisfy(line -> assertThat(line).contains(what).matches(".* status=\\d+ reason=\\S.*"));
    counted += many;
    logged += many;
  }

  private List<String> lines() {
    return server.output().stream()
        .filter(line -> LINE.matcher(line).find())
        .map(line -> line.replace("\"", "")) // around a reason of several words
        .toList();
  }

  private long counted() {
    return (long)
        metrics()
            .lines()
            .filter(line -> line.startsWith(COUNTER))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  private String metrics() {
    var operations = server.addresses().operations();
    URI uri =
        URI.create(
            "http://%s:%d/metrics".formatted(operations.getHostString(), operations.getPort()));
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    } catch (IOException failed) {
      throw new AssertionError("no metrics", failed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
