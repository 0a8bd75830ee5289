package io.continuo.server.configuration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Certificates of SIP and MSRP over TLS (`tls.*`).
///
/// @param certificates pairs `chain.pem key.pem`: the chain with our own certificate first, and its
///   private key without a passphrase. The first is the default, others are chosen by the name that
///   a client asks for (RFC 6066 §3); empty (default): one signed by itself, made at the first
///   start of a server that speaks TLS
/// @param reloadInterval how often the files are looked at; changed ones are used for new
///   connections (default 1 min)
/// @param protocols versions spoken, `TLSv1.3` and `TLSv1.2` (default both)
/// @param trust a PEM file of the CAs that peers we connect to are checked against; empty path: the
///   CAs of the JVM (default)
public record TlsSettings(
    @PathPairs List<String> certificates,
    Duration reloadInterval,
    List<String> protocols,
    Path trust) {

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /// One pair of files.
  public record Pair(Path chain, Path key) {}

  public TlsSettings {
    certificates = List.copyOf(certificates);
    protocols = List.copyOf(protocols);
    new Check()
        .each(
            "tls.certificates",
            certificates,
            pair -> pair.strip().split("\\s+").length == 2,
            "a pair 'chain.pem key.pem' (paths without blanks)")
        .between("tls.reload-interval", reloadInterval, Duration.ofSeconds(1), Duration.ofDays(1))
        .that("tls.protocols", !protocols.isEmpty(), "names no protocol")
        .each("tls.protocols", protocols, PROTOCOLS::contains, "TLSv1.3 or TLSv1.2")
        .done();
  }

  /// [#certificates] as files.
  public List<Pair> pairs() {
    return certificates.stream()
        .map(pair -> pair.strip().split("\\s+"))
        .map(files -> new Pair(Path.of(files[0]), Path.of(files[1])))
        .toList();
  }

  public static final TlsSettings DEFAULT =
      new TlsSettings(List.of(), Duration.ofMinutes(1), PROTOCOLS, Path.of(""));
}
