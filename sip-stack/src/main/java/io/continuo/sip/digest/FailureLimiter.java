package io.continuo.sip.digest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts wrong credentials of one source address for one user name. A window begins with its first
/// failure and is not prolonged by later ones.
///
/// Limit: `maxTracked` pairs. When full the least used pair is forgotten and starts anew: guessing
/// stays bounded for every pair that keeps trying.
///
/// Threading: any thread.
public final class FailureLimiter {
  private final int limit;
  private final Cache<Pair, AtomicInteger> failures;

  public FailureLimiter(InstantSource clock, int limit, Duration window, int maxTracked) {
    this.limit = limit;
    this.failures =
        Caffeine.newBuilder()
            .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
            .executor(Runnable::run)
            .expireAfterWrite(window)
            .maximumSize(maxTracked)
            .build();
  }

  /// Whether this user may not be tried any more from this source until the window has passed.
  public boolean exhausted(String source, String username) {
    AtomicInteger count = failures.getIfPresent(new Pair(source, username));
    return count != null && count.get() >= limit;
  }

  public void failed(String source, String username) {
    failures.get(new Pair(source, username), first -> new AtomicInteger()).incrementAndGet();
  }

  private record Pair(String source, String username) {}
}
