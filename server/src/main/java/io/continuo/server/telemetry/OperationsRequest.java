package io.continuo.server.telemetry;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What is asked of the operations port.
///
/// @param wantsText whether Accept prefers `text/plain` to JSON
record OperationsRequest(Map<String, String> parameters, boolean wantsText) {
  OperationsRequest {
    parameters = Map.copyOf(parameters);
  }

  static OperationsRequest of(HttpExchange exchange) {
    Map<String, String> parameters = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
      }
    }
    List<String> accept = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
    return new OperationsRequest(parameters, prefersText(String.join(",", accept)));
  }

  /// Empty also for an empty value.
  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  // The URI's own syntax was checked by the JDK's server, except for this.
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static boolean prefersText(String accept) {
    String lower = accept.toLowerCase(Locale.ROOT);
    int text = lower.indexOf("text/plain");
    int json = lower.indexOf("application/json");
    return text >= 0 && (json < 0 || text < json);
  }
}
