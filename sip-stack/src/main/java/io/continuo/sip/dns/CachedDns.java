package io.continuo.sip.dns;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// Remembers answers for their time to live, that there is none included (RFC 2308), and asks once
/// for those who ask at the same time. Failures are not remembered.
///
/// Limit: [#MAX_ANSWERS]; the ones used least make room.
///
/// Threading: any thread.
public final class CachedDns implements DnsLookup {
  /// About 300 bytes each.
  static final int MAX_ANSWERS = 10_000;

  /// What DNS wants remembered for longer is asked again after this.
  static final Duration LONGEST = Duration.ofHours(1);

  private final DnsLookup dns;
  private final AsyncCache<Question, Outcome> answers;

  private record Question(String name, DnsType type) {}

  /// What came of a question. A failure is a value here: the cache would log it.
  private sealed interface Outcome {
    Duration ttl();

    record Answered(DnsAnswer answer) implements Outcome {
      @Override
      public Duration ttl() {
        return answer.ttl().compareTo(LONGEST) < 0 ? answer.ttl() : LONGEST;
      }
    }

    record Failed(Throwable why) implements Outcome {
      @Override
      public Duration ttl() {
        return Duration.ZERO;
      }
    }
  }

  public CachedDns(DnsLookup dns) {
    this(dns, Ticker.systemTicker());
  }

  CachedDns(DnsLookup dns, Ticker ticker) {
    this.dns = dns;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MAX_ANSWERS)
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfter(Expiry.<Question, Outcome>creating((_, outcome) -> outcome.ttl()))
            .buildAsync();
  }

  @Override
  public CompletableFuture<DnsAnswer> ask(String name, DnsType type) {
    Question question = new Question(name.toLowerCase(Locale.ROOT), type);
    return answers
        .get(question, (asked, _) -> outcome(dns.ask(asked.name(), asked.type())))
        .thenCompose(outcome ->
            switch (outcome) {
              case Outcome.Answered(DnsAnswer answer) -> CompletableFuture.completedFuture(answer);
              case Outcome.Failed(Throwable why) -> CompletableFuture.failedFuture(why);
            });
  }

  private static CompletableFuture<Outcome> outcome(CompletableFuture<DnsAnswer> asked) {
    return asked.handle((answer, failure) ->
        failure == null ? new Outcome.Answered(answer) : new Outcome.Failed(failure));
  }

  @Override
  public List<InetAddress> local(String name) {
    return dns.local(name);
  }
}
