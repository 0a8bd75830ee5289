package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ServerUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What an operator sees of a chat at the operations port.
@ExtendWith(Scenario.class)
class OperationsIT {
  private Person alice;
  private Person bob;
  private ServerUnderTest server;

  @Test
  void theDevicesOfASubscriberAreListedWithSourceFlowAndExpiry() {
    alice.phone.registers();

    assertThat(get("/devices?subscriber=sip:alice@continuo.test").body())
        .startsWith("{\"subscriber\":\"sip:alice@continuo.test\",\"devices\":[{\"instance\":\"urn:")
        .contains("\"source\":\"register\",\"registered\":true,\"channel\":\"session\"")
        .contains("\"flow\":\"tcp", "\"expiresInSeconds\":");
    assertThat(get("/devices?subscriber=sip:bob@continuo.test").body())
        .isEqualTo("{\"subscriber\":\"sip:bob@continuo.test\",\"devices\":[]}");
    assertThat(get("/devices?subscriber=sip:nobody@continuo.test").statusCode()).isEqualTo(404);
  }

  @Test
  void theSessionsOfASubscriberAreListedWithTheirLegsAndLag() {
    theyChat();

    assertThat(get("/sessions?subscriber=sip:bob@continuo.test").body())
        .startsWith("{\"awake\":1,\"left\":0,\"sessions\":[{\"conversation\":\"p-")
        .contains("\"live\":true")
        .contains("\"participants\":[\"sip:alice@continuo.test\",\"sip:bob@continuo.test\"]")
        .containsPattern("\"direction\":\"inbound\",\"state\":\"ready\"")
        .containsPattern("\"direction\":\"outbound\",\"state\":\"ready\"")
        .containsPattern("\"lag\":\\{\"sip:alice@continuo.test#urn:[^\"]*\":0,");
    assertThat(get("/sessions?subscriber=sip:carol@continuo.test").body())
        .isEqualTo("{\"awake\":0,\"left\":0,\"sessions\":[]}");
  }

  @Test
  void whatIsCountedMovesWithTheChat() {
    Map<String, Double> before = samples();

    theyChat();

    Map<String, Double> after = samples();
    assertThat(moved(before, after, "chat_messages_accepted_total")).isEqualTo(1);
    assertThat(moved(before, after, "chat_delivery_copies_sent_total")).isEqualTo(1);
    assertThat(moved(before, after, "chat_delivery_copies_delivered_total")).isEqualTo(1);
    assertThat(moved(before, after, "chat_sessions_live")).isEqualTo(1);
    assertThat(moved(before, after, "registrar_devices_registered")).isEqualTo(2);
    assertThat(after)
        .containsEntry("chat_delivery_gaps_total", 0.0)
        .containsEntry("chat_duplicates_suppressed_total", 0.0)
        .containsEntry("chat_cursor_lag_max", 0.0);
  }

  /// Text format 0.0.4: HELP and TYPE once and before the samples of their family, every sample of
  /// a family that has a type, a number at its end, no sample twice.
  @Test
  void theMetricsAreWellFormed() {
    Pattern sample =
        Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{([a-z_]+=\"[^\"\\\\]*\",?)+})? ([0-9.E+-]+|NaN|\\+Inf)");
    Set<String> types = new HashSet<>();
    Set<String> seen = new HashSet<>();
    for (String line : get("/metrics").body().lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        assertThat(line).matches("# TYPE \\S+ (counter|gauge|histogram|summary)");
        assertThat(types.add(line.split(" ", -1)[2])).as(line).isTrue();
      } else if (!line.startsWith("# HELP ")) {
        Matcher parts = sample.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        String family = parts.group(1).replaceFirst("_(bucket|count|sum)$", "");
        assertThat(types).as(line).containsAnyOf(family, parts.group(1));
        assertThat(seen.add(line.substring(0, line.lastIndexOf(' ')))).as(line).isTrue();
      }
    }
    assertThat(types).hasSizeGreaterThan(20);
  }

  private void theyChat() {
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("hello");
    bob.phone.receives("hello").from(alice).once();
  }

  private Map<String, Double> samples() {
    Map<String, Double> samples = new HashMap<>();
    get("/metrics")
        .body()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> {
          int space = line.lastIndexOf(' ');
          samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        });
    return samples;
  }

  private static double moved(Map<String, Double> before, Map<String, Double> after, String name) {
    return after.get(name) - before.get(name);
  }

  private HttpResponse<String> get(String path) {
    List<ServerAddresses> told =
        server.output().stream().flatMap(line -> ServerAddresses.parse(line).stream()).toList();
    var operations = told.getLast().operations();
    URI uri =
        URI.create(
            "http://%s:%d%s".formatted(operations.getHostString(), operations.getPort(), path));
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new AssertionError("no answer to " + path, failed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
