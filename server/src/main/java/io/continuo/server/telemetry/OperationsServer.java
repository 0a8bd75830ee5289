package io.continuo.server.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.continuo.server.configuration.OperationsSettings;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.StoreUnavailable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The local operations port (`operations.*`): `/health`, `/ready`, `/metrics`, and what the wiring
/// adds of `/trace`, `/devices` and `/sessions`. Plain HTTP without authentication, GET and HEAD
/// only. [io.continuo.server.Wiring] makes one, adds what it has, and starts it.
///
/// Threading: any thread; every request is answered on a virtual thread of its own, at most
/// [#MAX_REQUESTS] at once (more get 503).
public final class OperationsServer implements AutoCloseable {
  static final int MAX_REQUESTS = 16;

  /// Connections that the system keeps for us while we are slow to accept.
  private static final int BACKLOG = 50;

  private static final Logger LOG = LoggerFactory.getLogger(OperationsServer.class);

  private final OperationsSettings settings;
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final Map<String, BooleanSupplier> checks = new ConcurrentHashMap<>();
  private final Semaphore requests = new Semaphore(MAX_REQUESTS);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Optional<HttpServer> server = Optional.empty();

  public OperationsServer(OperationsSettings settings, Metrics metrics) {
    this.settings = settings;
    pages.put("/health", _ -> OperationsReply.json(200, Map.of("status", "live")));
    pages.put("/ready", _ -> ready());
    pages.put("/metrics", _ -> OperationsReply.metrics(metrics.scrape()));
  }

  /// `/ready` says 200 when every check says true, else 503 with the names of those that do not.
  public OperationsServer readiness(String name, BooleanSupplier isReady) {
    checks.put(name, isReady);
    return this;
  }

  /// `/trace?message-id=…` tells the story of a message.
  public OperationsServer stories(ConversationLog log) {
    pages.put("/trace", request -> trace(request, log));
    return this;
  }

  /// `/devices?subscriber=…` tells what this gives for the subscriber, anything Jackson can write;
  /// 404 when it gives nothing.
  public OperationsServer devices(Function<String, Optional<Object>> devices) {
    pages.put(
        "/devices",
        request ->
            request
                .parameter("subscriber")
                .map(name -> devicesOf(name, devices))
                .orElseGet(() -> OperationsReply.error(400, "say ?subscriber=sip:user@host")));
    return this;
  }

  private static OperationsReply devicesOf(
      String name, Function<String, Optional<Object>> devices) {
    return devices
        .apply(name)
        .map(found -> OperationsReply.json(200, found))
        .orElseGet(() -> OperationsReply.error(404, "no subscriber has this address"));
  }

  /// `/sessions` tells what this gives, anything Jackson can write; `?subscriber=…` asks for the
  /// sessions of one.
  public OperationsServer sessions(Function<Optional<String>, Object> sessions) {
    pages.put(
        "/sessions",
        request -> OperationsReply.json(200, sessions.apply(request.parameter("subscriber"))));
    return this;
  }

  /// Listens from here on.
  ///
  /// @throws IOException with a message for the operator, when the port is taken or the host is not
  ///   ours
  public synchronized OperationsServer start() throws IOException {
    String where = settings.host() + ":" + settings.port();
    try {
      InetAddress host = InetAddress.getByName(settings.host());
      HttpServer started = HttpServer.create(new InetSocketAddress(host, settings.port()), BACKLOG);
      started.setExecutor(threads);
      started.createContext("/", this::answer);
      started.start();
      server = Optional.of(started);
    } catch (UnknownHostException e) {
      throw new IOException("operations.host: unknown host " + settings.host(), e);
    } catch (BindException e) {
      throw new IOException(
          "operations.port: cannot listen on " + where + ": " + e.getMessage(), e);
    }
    LOG.atDebug()
        .addKeyValue("host", settings.host())
        .addKeyValue("port", port())
        .log("operations.listening");
    return this;
  }

  /// The port it listens on.
  ///
  /// @throws IllegalStateException before [#start]
  public synchronized int port() {
    return server
        .orElseThrow(() -> new IllegalStateException("not started"))
        .getAddress()
        .getPort();
  }

  @Override
  public synchronized void close() {
    server.ifPresent(started -> started.stop(0));
    server = Optional.empty();
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      OperationsReply reply = replyTo(exchange);
      reply.send(exchange);
    }
  }

  private OperationsReply replyTo(HttpExchange exchange) {
    if (!exchange.getRequestMethod().equals("GET") && !exchange.getRequestMethod().equals("HEAD")) {
      return OperationsReply.methodNotAllowed();
    }
    Page page = pages.get(exchange.getRequestURI().getPath());
    if (page == null) {
      return OperationsReply.error(
          404, "there is " + String.join(", ", pages.keySet().stream().sorted().toList()));
    }
    if (!requests.tryAcquire()) {
      return OperationsReply.error(503, "too many requests at once");
    }
    try {
      return page.answer(OperationsRequest.of(exchange));
    } catch (StoreUnavailable e) {
      return OperationsReply.error(503, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("path", exchange.getRequestURI().getPath())
          .setCause(e)
          .log("operations.failed");
      return OperationsReply.error(500, "see the log");
    } finally {
      requests.release();
    }
  }

  private OperationsReply ready() {
    List<String> missing =
        checks.entrySet().stream()
            .filter(check -> !isReady(check.getValue()))
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", missing.isEmpty() ? "ready" : "not ready");
    body.put("missing", missing);
    return OperationsReply.json(missing.isEmpty() ? 200 : 503, body);
  }

  private static boolean isReady(BooleanSupplier check) {
    try {
      return check.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("operations.check-failed");
      return false;
    }
  }

  private static OperationsReply trace(OperationsRequest request, ConversationLog log)
      throws StoreUnavailable {
    Optional<String> messageId = request.parameter("message-id");
    if (messageId.isEmpty()) {
      return OperationsReply.error(400, "say ?message-id=…");
    }
    List<MessageStory> stories = MessageStory.find(log, messageId.get());
    if (stories.isEmpty()) {
      return OperationsReply.error(404, "no message with this id is in the log");
    }
    return request.wantsText()
        ? OperationsReply.text(StoryText.text(stories))
        : OperationsReply.json(200, StoryText.values(stories));
  }

  /// Answers one path.
  @FunctionalInterface
  private interface Page {
    OperationsReply answer(OperationsRequest request) throws StoreUnavailable;
  }
}
