package io.continuo.server.transport.msrp.relay;

import io.continuo.sip.digest.AuthParameters;
import io.continuo.sip.digest.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Our side of Digest with one relay (RFC 4976 §5.1, RFC 7616): answers its challenges, counts how
/// often a nonce was used, and checks that whoever lets us in knows the password too.
///
/// Only `qop=auth` is answered, as RFC 4976 §9.1 asks for, by SHA-256 when it is offered, else MD5.
///
/// Threading: one thread.
final class DigestClient {
  private static final String METHOD = "AUTH";
  private static final String SCHEME = "Digest";
  private static final List<DigestAlgorithm> SPOKEN =
      List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5);

  private final RelayCredentials credentials;
  private final Supplier<String> cnonces;
  private @Nullable Challenge challenge;
  private @Nullable Proof awaited;
  private int uses;

  /// What a relay asked for.
  private record Challenge(
      String realm,
      String nonce,
      DigestAlgorithm algorithm,
      boolean algorithmSaid,
      Optional<String> opaque,
      boolean stale) {}

  /// What the relay has to know to answer our last request.
  private record Proof(Challenge of, String uri, String nc, String cnonce) {}

  /// @param cnonces a fresh random text each time
  DigestClient(RelayCredentials credentials, Supplier<String> cnonces) {
    this.credentials = credentials;
    this.cnonces = cnonces;
  }

  /// Takes the best of these challenges.
  ///
  /// @param values of all `WWW-Authenticate` headers
  /// @return false when none of them can be answered
  boolean take(List<String> values) {
    List<Challenge> known = values.stream().flatMap(v -> read(v).stream()).toList();
    for (DigestAlgorithm algorithm : SPOKEN) {
      for (Challenge each : known) {
        if (each.algorithm() == algorithm) {
          challenge = each;
          uses = 0;
          return true;
        }
      }
    }
    return false;
  }

  private static Optional<Challenge> read(String value) {
    return AuthParameters.parse(value, SCHEME).flatMap(DigestClient::read);
  }

  private static Optional<Challenge> read(Map<String, String> said) {
    String nonce = said.getOrDefault("nonce", "");
    Optional<DigestAlgorithm> algorithm =
        DigestAlgorithm.of(said.getOrDefault("algorithm", DigestAlgorithm.MD5.token()));
    boolean auth =
        List.of(said.getOrDefault("qop", "").split("[,\\s]+")).stream()
            .anyMatch("auth"::equalsIgnoreCase);
    if (nonce.isEmpty() || !said.containsKey("realm") || !auth || algorithm.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Challenge(
            said.getOrDefault("realm", ""),
            nonce,
            algorithm.get(),
            said.containsKey("algorithm"),
            Optional.ofNullable(said.get("opaque")),
            "true".equalsIgnoreCase(said.getOrDefault("stale", ""))));
  }

  /// The next AUTH goes without `Authorization`, to be challenged.
  void forget() {
    challenge = null;
  }

  /// Whether the last challenge only says that our nonce was too old.
  boolean isStale() {
    return challenge != null && challenge.stale();
  }

  /// The `Authorization` for the next AUTH; empty while nothing was asked for.
  ///
  /// @param uri the relay's: the last of To-Path
  Optional<String> authorization(String uri) {
    Challenge of = challenge;
    if (of == null) {
      return Optional.empty();
    }
    String nc = HexFormat.of().toHexDigits(++uses);
    var proof = new Proof(of, uri, nc, cnonces.get());
    awaited = proof;
    return Optional.of(header(proof, response(proof, METHOD)));
  }

  private String header(Proof proof, String response) {
    Challenge of = proof.of();
    var text = new StringBuilder(SCHEME);
    text.append(" username=").append(quoted(credentials.user()));
    text.append(", realm=").append(quoted(of.realm()));
    text.append(", nonce=").append(quoted(of.nonce()));
    text.append(", uri=").append(quoted(proof.uri()));
    text.append(", response=").append(quoted(response));
    if (of.algorithmSaid()) {
      text.append(", algorithm=").append(of.algorithm().token());
    }
    text.append(", qop=auth, nc=").append(proof.nc());
    text.append(", cnonce=").append(quoted(proof.cnonce()));
    of.opaque().ifPresent(opaque -> text.append(", opaque=").append(quoted(opaque)));
    return text.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// `response`, and with an empty method `rspauth` (RFC 7616 §3.4.1, §3.5).
  private String response(Proof proof, String method) {
    Challenge of = proof.of();
    DigestAlgorithm hash = of.algorithm();
    String ha1 = hash.ha1(credentials.user(), of.realm(), credentials.password());
    String ha2 = hash.hash(method + ":" + proof.uri());
    return hash.hash(String.join(":", ha1, of.nonce(), proof.nc(), proof.cnonce(), "auth", ha2));
  }

  /// Whether `Authentication-Info` proves that the relay knows our password, for the request that
  /// [#authorization] was made for last. Takes `nextnonce`.
  boolean isProven(String authenticationInfo) {
    Proof proof = awaited;
    Map<String, String> said =
        AuthParameters.parse(SCHEME + " " + authenticationInfo, SCHEME).orElse(Map.of());
    if (proof == null || !isEqual(response(proof, ""), said.getOrDefault("rspauth", ""))) {
      return false;
    }
    String next = said.getOrDefault("nextnonce", "");
    if (!next.isEmpty()) {
      Challenge of = proof.of();
      challenge =
          new Challenge(of.realm(), next, of.algorithm(), of.algorithmSaid(), of.opaque(), false);
      uses = 0;
    }
    return true;
  }

  private static boolean isEqual(String expected, String said) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII),
        said.toLowerCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8));
  }
}
