package io.continuo.server.configuration;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Digest authentication (`auth.*`; RFC 8760).
///
/// @param realm default: `sip.domain`
/// @param algorithms offered in this order (default `SHA-256`, `MD5`)
/// @param nonceLifetime how long a nonce is good (default 5 min)
/// @param failureLimit failed answers taken from one source address for one user within
///   `failureWindow` (default 10); then 403 until the window has passed
/// @param failureWindow default 1 min
/// @param trustFlow on which flows a request is believed to come from the device that registered
///   over it, without a challenge of its own: `none`, `tcp` (default: TCP, TLS and WebSocket, where
///   only who owns the connection can use it) or `all`
public record AuthSettings(
    String realm,
    List<String> algorithms,
    Duration nonceLifetime,
    int failureLimit,
    Duration failureWindow,
    TrustFlow trustFlow) {

  private static final Set<String> ALGORITHMS = Set.of("SHA-256", "MD5");

  /// See [AuthSettings#trustFlow].
  public enum TrustFlow {
    NONE,
    TCP,
    ALL
  }

  public AuthSettings {
    algorithms = List.copyOf(algorithms);
    new Check()
        .matches("auth.realm", realm, "[^\"\\\\\\p{Cntrl}]+", "text without quotes")
        .that("auth.algorithms", !algorithms.isEmpty(), "names no algorithm")
        .each("auth.algorithms", algorithms, ALGORITHMS::contains, "SHA-256 or MD5")
        .that(
            "auth.algorithms",
            new HashSet<>(algorithms).size() == algorithms.size(),
            "names an algorithm twice")
        .between("auth.nonce-lifetime", nonceLifetime, Duration.ofSeconds(1), Duration.ofDays(1))
        .between("auth.failure-limit", failureLimit, 1, 1_000_000)
        .between("auth.failure-window", failureWindow, Duration.ofSeconds(1), Duration.ofDays(1))
        .done();
  }

  public static final AuthSettings DEFAULT =
      new AuthSettings(
          "continuo.test",
          List.of("SHA-256", "MD5"),
          Duration.ofMinutes(5),
          10,
          Duration.ofMinutes(1),
          TrustFlow.TCP);
}
