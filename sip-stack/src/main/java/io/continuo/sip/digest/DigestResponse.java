package io.continuo.sip.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The value of an Authorization header with the Digest scheme (RFC 7616 §3.4).
///
/// @param algorithm as written; `MD5` when absent
/// @param uri `uri`, the sender's idea of the Request-URI
/// @param response lower-case hex
/// @param qop empty when absent
/// @param nc eight hex digits; empty when absent
public record DigestResponse(
    String username,
    String realm,
    String nonce,
    String uri,
    String response,
    String algorithm,
    String qop,
    String nc,
    String cnonce) {

  /// Reads a header value; parameters may come in any order, unknown ones are skipped. Empty when
  /// it is not Digest, or lacks one of username, realm, nonce, uri, response.
  public static Optional<DigestResponse> parse(String header) {
    return AuthParameters.parse(header, "Digest").flatMap(DigestResponse::of);
  }

  private static Optional<DigestResponse> of(Map<String, String> p) {
    for (String needed : new String[] {"username", "realm", "nonce", "uri", "response"}) {
      if (!p.containsKey(needed)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new DigestResponse(
            p.getOrDefault("username", ""),
            p.getOrDefault("realm", ""),
            p.getOrDefault("nonce", ""),
            p.getOrDefault("uri", ""),
            p.getOrDefault("response", "").toLowerCase(Locale.ROOT),
            p.getOrDefault("algorithm", "MD5"),
            p.getOrDefault("qop", ""),
            p.getOrDefault("nc", ""),
            p.getOrDefault("cnonce", "")));
  }

  /// Whether `response` is what somebody who knows `ha1` writes for this method, with `qop=auth`
  /// (RFC 7616 §3.4.1). Takes the same time whatever differs.
  public boolean provenBy(String ha1, DigestAlgorithm with, String method) {
    String ha2 = with.hash(method + ":" + uri);
    String expected =
        with.hash(String.join(":", ha1.toLowerCase(Locale.ROOT), nonce, nc, cnonce, qop, ha2));
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.US_ASCII), response.getBytes(StandardCharsets.UTF_8));
  }
}
