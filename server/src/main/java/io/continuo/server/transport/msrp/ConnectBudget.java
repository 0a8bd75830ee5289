package io.continuo.server.transport.msrp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.continuo.server.identity.AddressOfRecord;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// How often we connect for one subscriber (`msrp.connects-per-subscriber` in
/// `msrp.connects-window`), so that nobody makes us knock at many doors by inviting, answering and
/// leaving again. A window begins with a subscriber's first connect and is not prolonged by later
/// ones. Whatever the connect leads to, it counts.
///
/// Limit: [#MAX_TRACKED] subscribers. When full the least used one is forgotten and starts anew.
///
/// Threading: any thread.
final class ConnectBudget {
  /// Subscribers that we connected for in one window, at most remembered.
  static final int MAX_TRACKED = 100_000;

  private final int limit;
  private final Cache<AddressOfRecord, AtomicInteger> connects;

  ConnectBudget(int limit, Duration window, Ticker ticker) {
    this.limit = limit;
    this.connects =
        Caffeine.newBuilder()
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfterWrite(window)
            .maximumSize(MAX_TRACKED)
            .build();
  }

  /// Takes one connect off this subscriber's budget; false when there is none left.
  boolean spend(AddressOfRecord subscriber) {
    return connects.get(subscriber, first -> new AtomicInteger()).incrementAndGet() <= limit;
  }
}
