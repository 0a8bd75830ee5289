package io.continuo.server.transport.tls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Fingerprints of certificates (RFC 8122 §5).
public final class Fingerprint {
  private static final HexFormat FORM = HexFormat.ofDelimiter(":").withUpperCase();

  /// Hashes that are taken; md5 and md2 must not be (RFC 8122 §5).
  private static final Set<String> HASHES =
      Set.of("sha-1", "sha-224", "sha-256", "sha-384", "sha-512");

  private Fingerprint() {}

  /// @param hash as in SDP: `sha-256`, in any case
  /// @return upper-case bytes with colons; empty for a hash that is not taken
  public static Optional<String> of(X509Certificate certificate, String hash) {
    String name = hash.toLowerCase(Locale.ROOT);
    if (!HASHES.contains(name)) {
      return Optional.empty();
    }
    try {
      byte[] digest = MessageDigest.getInstance(name).digest(certificate.getEncoded());
      return Optional.of(FORM.formatHex(digest));
    } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
