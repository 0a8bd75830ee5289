package io.continuo.server.configuration;

import java.time.Duration;
import java.util.List;

/// Digest authentication (`auth.*`; RFC 8760).
///
/// @param realm default: `sip.domain`
/// @param algorithms offered in this order (default `SHA-256`, `MD5`)
/// @param nonceLifetime how long a nonce is good (default 5 min)
/// @param failureLimit failed answers taken from one source address for one user within
///   `failureWindow` (default 10); then 403 until the window has passed
/// @param failureWindow default 1 min
/// @param trustFlow on which flows a request is believed to come from the device that registered
///   over it, without a challenge of its own: `none`, `tcp` (default: only who owns the connection
///   can use it) or `all`
public record AuthSettings(
    String realm,
    List<String> algorithms,
    Duration nonceLifetime,
    int failureLimit,
    Duration failureWindow,
    TrustFlow trustFlow) {

  /// See [AuthSettings#trustFlow].
  public enum TrustFlow {
    NONE,
    TCP,
    ALL
  }

  public AuthSettings {
    algorithms = List.copyOf(algorithms);
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
