package io.continuo.server.telemetry;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What the operations port answers.
record OperationsReply(int status, String contentType, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static OperationsReply json(int status, Object value) {
    return new OperationsReply(status, "application/json", JSON.writeValueAsBytes(value));
  }

  static OperationsReply error(int status, String why) {
    return json(status, Map.of("error", why));
  }

  static OperationsReply methodNotAllowed() {
    return error(405, "only GET and HEAD");
  }

  static OperationsReply text(String text) {
    return new OperationsReply(
        200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /// The text format of Prometheus, version 0.0.4.
  static OperationsReply metrics(String scrape) {
    return new OperationsReply(
        200, "text/plain; version=0.0.4; charset=utf-8", scrape.getBytes(StandardCharsets.UTF_8));
  }

  void send(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (status == 405) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
