package io.continuo.server.telemetry;

import static io.continuo.server.conversation.LogSamples.ALICE;
import static io.continuo.server.conversation.LogSamples.AT;
import static io.continuo.server.conversation.LogSamples.CONVERSATION;
import static io.continuo.server.conversation.LogSamples.PHONE;
import static io.continuo.server.conversation.LogSamples.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.server.configuration.OperationsSettings;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.InMemoryConversationLog;
import io.continuo.server.conversation.Told;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationsServerTest {
  private final Metrics metrics = new Metrics();
  private final InMemoryConversationLog log = new InMemoryConversationLog();
  private final HttpClient client = HttpClient.newHttpClient();
  private final OperationsServer server =
      new OperationsServer(new OperationsSettings("127.0.0.1", 0), metrics);

  @BeforeEach
  void start() throws IOException {
    server.stories(log).start();
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
    log.close();
    metrics.close();
  }

  @Test
  void healthIsLive() throws Exception {
    HttpResponse<String> response = get("/health");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body()).isEqualTo("{\"status\":\"live\"}");
  }

  @Test
  void readinessNamesWhatIsMissing() throws Exception {
    AtomicBoolean sip = new AtomicBoolean();
    server.readiness("sip", sip::get).readiness("log", () -> true);
    server.readiness(
        "store",
        () -> {
          throw new IllegalStateException("broken check");
        });

    assertThat(get("/ready").statusCode()).isEqualTo(503);
    assertThat(get("/ready").body())
        .isEqualTo("{\"status\":\"not ready\",\"missing\":[\"sip\",\"store\"]}");
    server.readiness("store", () -> true);
    sip.set(true);
    assertThat(get("/ready").statusCode()).isEqualTo(200);
    assertThat(get("/ready").body()).isEqualTo("{\"status\":\"ready\",\"missing\":[]}");
  }

  @Test
  void metricsAreInTheTextFormatOfPrometheus() throws Exception {
    metrics.copySent();
    HttpResponse<String> response = get("/metrics");

    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body()).contains("chat_delivery_copies_sent_total 1.0");
  }

  @Test
  void aStoryIsJsonUnlessTextIsAskedFor() throws Exception {
    Told.append(log, CONVERSATION, List.of(message(1, "hi")));
    HttpResponse<String> json = get("/trace?message-id=m1");
    HttpResponse<String> text = get("/trace?message-id=m1", "Accept", "text/plain");

    assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(json.body())
        .startsWith("[{\"messageId\":\"m1\",\"conversation\":\"" + CONVERSATION + "\"")
        .contains("\"sender\":\"sip:alice@example.com\"", "\"bytes\":2", "\"answers\":[]");
    assertThat(text.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    assertThat(text.body()).startsWith("message m1 in conversation");
  }

  @Test
  void aMessageIdMayHoldAnyCharacter() throws Exception {
    Told.append(
        log,
        CONVERSATION,
        List.of(new Entry.Message(1, AT, ALICE, PHONE, "a+b/c=&d é", "text/plain", new byte[0])));

    assertThat(get("/trace?message-id=a+b%2Fc%3D%26d%20%C3%A9").statusCode()).isEqualTo(200);
  }

  @Test
  void aTraceOfAnUnknownMessageIsNotFoundAndOneWithoutIdIsRefused() throws Exception {
    assertThat(get("/trace?message-id=nobody").statusCode()).isEqualTo(404);
    assertThat(get("/trace").statusCode()).isEqualTo(400);
    assertThat(get("/trace?message-id=").statusCode()).isEqualTo(400);
  }

  @Test
  void devicesAndSessionsAreThereWhenOffered() throws Exception {
    assertThat(get("/devices?subscriber=sip:a@b").statusCode()).isEqualTo(404);
    server.devices(
        subscriber -> Optional.of((Object) subscriber).filter("sip:a@b"::equals).map(List::of));
    server.sessions(subscriber -> Map.of("of", subscriber.orElse("everybody")));

    assertThat(get("/devices?subscriber=sip:a@b").body()).isEqualTo("[\"sip:a@b\"]");
    assertThat(get("/devices?subscriber=sip:nobody@b").statusCode()).isEqualTo(404);
    assertThat(get("/devices").statusCode()).isEqualTo(400);
    assertThat(get("/sessions").body()).isEqualTo("{\"of\":\"everybody\"}");
    assertThat(get("/sessions?subscriber=sip:a@b").body()).isEqualTo("{\"of\":\"sip:a@b\"}");
  }

  @Test
  void anUnknownPathIsNotFound() throws Exception {
    assertThat(get("/healthy").statusCode()).isEqualTo(404);
    assertThat(get("/").body()).contains("/health, /metrics, /ready, /trace");
  }

  @Test
  void onlyGetAndHeadAreAllowed() throws Exception {
    HttpResponse<String> posted = send("POST", "/health");
    HttpResponse<String> head = send("HEAD", "/health");

    assertThat(posted.statusCode()).isEqualTo(405);
    assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).contains("17");
    assertThat(head.body()).isEmpty();
  }

  @Test
  void aPageThatFailsIsAnErrorAndTheServerGoesOn() throws Exception {
    server.sessions(_ -> {
      throw new IllegalStateException("a bug");
    });

    assertThat(get("/sessions").statusCode()).isEqualTo(500);
    assertThat(get("/sessions").body()).doesNotContain("a bug");
    assertThat(get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void moreRequestsAtOnceThanTheLimitAreRefused() throws Exception {
    Semaphore busy = new Semaphore(0);
    CountDownLatch waiting = new CountDownLatch(OperationsServer.MAX_REQUESTS);
    server.sessions(_ -> {
      waiting.countDown();
      busy.acquireUninterruptibly();
      return List.of();
    });
    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    for (int i = 0; i < OperationsServer.MAX_REQUESTS; i++) {
      asked.add(client.sendAsync(request("GET", "/sessions"), BodyHandlers.ofString()));
    }
    waiting.await();

    assertThat(get("/sessions").statusCode()).isEqualTo(503);
    busy.release(OperationsServer.MAX_REQUESTS);
    asked.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
  }

  @Test
  void aTakenPortIsNamed() {
    OperationsSettings taken = new OperationsSettings("127.0.0.1", server.port());
    try (OperationsServer second = new OperationsServer(taken, metrics)) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("operations.port: cannot listen on 127.0.0.1:" + server.port());
    }
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return client.send(builder.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(request(method, path), BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path) {
    return HttpRequest.newBuilder(uri(path))
        .method(method, HttpRequest.BodyPublishers.noBody())
        .build();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
