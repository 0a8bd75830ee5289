package io.continuo.server.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Refused input (`chat.refusals`), by protocol, reason and status.
///
/// Reasons are the server's own words (`no credentials`), never a peer's text; all the same only
/// the first [#MAX_REASONS] become tags, the rest is counted as `other`.
///
/// Threading: any thread.
final class RefusalMetrics {
  static final int MAX_REASONS = 64;
  private static final String OTHER = "other";
  private static final Set<String> PROTOCOLS = Set.of("sip", "msrp", "http");

  private final MeterRegistry registry;
  private final Set<String> reasons = ConcurrentHashMap.newKeySet();
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  private record Key(String protocol, String reason, int status) {}

  RefusalMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void count(String protocol, String reason, int status) {
    String lower = protocol.toLowerCase(Locale.ROOT);
    Key key =
        new Key(
            PROTOCOLS.contains(lower) ? lower : OTHER,
            isKnown(reason) ? reason : OTHER,
            status >= 100 && status <= 699 ? status : 0);
    counters.computeIfAbsent(key, this::counter).increment();
  }

  private boolean isKnown(String reason) {
    if (reasons.contains(reason)) {
      return true;
    }
    synchronized (reasons) {
      return reasons.size() < MAX_REASONS && reasons.add(reason) || reasons.contains(reason);
    }
  }

  private Counter counter(Key key) {
    return Counter.builder("chat.refusals")
        .description("input that was refused")
        .tag("protocol", key.protocol())
        .tag("reason", key.reason())
        .tag("status", key.status() == 0 ? OTHER : Integer.toString(key.status()))
        .register(registry);
  }
}
