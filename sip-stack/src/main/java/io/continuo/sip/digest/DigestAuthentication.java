package io.continuo.sip.digest;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Makes challenges and judges credentials (RFC 3261 §22.1, RFC 8760 §2).
///
/// Threading: any thread.
public final class DigestAuthentication {
  /// RFC 7616 §3.4: eight digits, and the first request has count 1.
  private static final Pattern COUNT = Pattern.compile("(?!0{8})[0-9A-Fa-f]{8}");

  private final String realm;
  private final Set<String> ownHosts;
  private final List<DigestAlgorithm> algorithms;
  private final DigestNonces nonces;
  private final FailureLimiter limiter;
  private final Function<String, Optional<Map<String, String>>> secrets;
  private final String nobodysSecret;

  /// @param ownHosts names and addresses that mean this server, lower case
  /// @param algorithms offered in this order
  /// @param secrets HA1 in hex by algorithm name, for a user name; empty for an unknown user
  public DigestAuthentication(
      String realm,
      Set<String> ownHosts,
      List<DigestAlgorithm> algorithms,
      DigestNonces nonces,
      FailureLimiter limiter,
      Function<String, Optional<Map<String, String>>> secrets) {
    this.realm = realm;
    this.ownHosts = Set.copyOf(ownHosts);
    this.algorithms = List.copyOf(algorithms);
    this.nonces = nonces;
    this.limiter = limiter;
    this.secrets = secrets;
    this.nobodysSecret = nonces.issue();
  }

  /// Values of WWW-Authenticate, one for each algorithm, topmost preferred (RFC 8760 §2.3).
  public List<String> challenges(boolean stale) {
    String nonce = nonces.issue();
    return algorithms.stream().map(algorithm -> challenge(algorithm, nonce, stale)).toList();
  }

  private String challenge(DigestAlgorithm algorithm, String nonce, boolean stale) {
    return "Digest realm="
        + quoted(realm)
        + ", nonce=\""
        + nonce
        + "\", opaque=\"\", qop=\"auth\", algorithm="
        + algorithm.token()
        + (stale ? ", stale=true" : "");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// Judges the credentials of a request. The same work is done for known and unknown users.
  ///
  /// @param source IP address that the request came from
  /// @param authorization values of its Authorization header lines
  public DigestVerdict judge(
      String source, String method, String requestUri, List<String> authorization) {
    Optional<DigestResponse> given =
        authorization.stream()
            .flatMap(line -> DigestResponse.parse(line).stream())
            .filter(response -> response.realm().equals(realm))
            .findFirst();
    if (given.isEmpty()) {
      return new DigestVerdict.Missing();
    }
    String username = given.get().username();
    if (limiter.exhausted(source, username)) {
      return new DigestVerdict.TooManyFailures();
    }
    DigestVerdict verdict = judge(given.get(), method, requestUri);
    if (verdict instanceof DigestVerdict.Wrong) {
      limiter.failed(source, username);
    }
    return verdict;
  }

  private DigestVerdict judge(DigestResponse given, String method, String requestUri) {
    DigestAlgorithm algorithm = DigestAlgorithm.of(given.algorithm()).orElse(null);
    if (algorithm == null || !algorithms.contains(algorithm)) {
      return new DigestVerdict.Wrong("algorithm not offered");
    }
    if (!given.qop().equals("auth") || !COUNT.matcher(given.nc()).matches()) {
      return new DigestVerdict.Wrong("no qop=auth with nc");
    }
    if (!sameTarget(given.uri(), requestUri)) {
      return new DigestVerdict.Wrong("digest uri of another request");
    }
    Optional<String> ha1 =
        secrets.apply(given.username()).map(byName -> byName.get(algorithm.token()));
    boolean right = given.provenBy(ha1.orElse(nobodysSecret), algorithm, method) && ha1.isPresent();
    if (!right) {
      return new DigestVerdict.Wrong("wrong credentials");
    }
    // Nothing is granted on a nonce that is not good, but whoever knows the password has not
    // guessed: it may have got the nonce before a restart of ours.
    return switch (nonces.use(given.nonce(), Long.parseLong(given.nc(), 16))) {
      case FRESH -> new DigestVerdict.Proven(given.username());
      case STALE, FOREIGN -> new DigestVerdict.Stale("stale nonce");
      case REPLAYED -> new DigestVerdict.Stale("nonce count replayed");
    };
  }

  /// Clients write the URI with or without port and parameters, and some always the server's own;
  /// so the host must be the same or ours, and the user the same or absent. What was signed is sent
  /// by the client in any case, and a count of a nonce is good once.
  private boolean sameTarget(String digestUri, String requestUri) {
    String[] signed = userAndHost(digestUri);
    String[] target = userAndHost(requestUri);
    return (signed[0].isEmpty() || signed[0].equals(target[0]))
        && (signed[1].equals(target[1]) || ownHosts.contains(signed[1]));
  }

  private static String[] userAndHost(String uri) {
    String rest = uri.substring(uri.indexOf(':') + 1).split("[;?>]", 2)[0];
    int at = rest.lastIndexOf('@');
    String host = rest.substring(at + 1).replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
    return new String[] {at < 0 ? "" : rest.substring(0, at), host};
  }
}
