package io.continuo.server.b2bua;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `a=fingerprint`: the digest of a certificate in DER (RFC 8122 §5). Equal when hash function and
/// digest are, whatever the case of their letters was.
///
/// @param hash the hash function in lower case, one of [#HASHES]
/// @param hex the digest: pairs of upper-case digits with colons between
public record Fingerprint(String hash, String hex) {
  /// Hash functions that are understood, strongest first. Whether a weak one is taken is policy;
  /// MD5 and MD2 never are.
  public static final List<String> HASHES =
      List.of("sha-512", "sha-384", "sha-256", "sha-224", "sha-1");

  /// What we write (RFC 8122 §5 wants SHA-256).
  private static final String PREFERRED = "sha-256";

  private static final HexFormat PAIRS = HexFormat.ofDelimiter(":").withUpperCase();

  /// Reads a value such as `sha-256 ab:CD:…`; empty when it is none, or of another hash function.
  public static Optional<Fingerprint> parse(String text) {
    String[] parts = text.strip().split("[ \t]+");
    String hash = parts[0].toLowerCase(Locale.ROOT);
    if (parts.length != 2 || !HASHES.contains(hash)) {
      return Optional.empty();
    }
    String hex = parts[1].toUpperCase(Locale.ROOT);
    boolean whole = hex.length() == 3 * digest(hash).getDigestLength() - 1;
    return whole && hex.matches("[0-9A-F]{2}(:[0-9A-F]{2})*")
        ? Optional.of(new Fingerprint(hash, hex))
        : Optional.empty();
  }

  /// The fingerprint to announce for a certificate.
  ///
  /// @param certificate in DER
  public static Fingerprint of(byte[] certificate) {
    return new Fingerprint(PREFERRED, PAIRS.formatHex(digest(PREFERRED).digest(certificate)));
  }

  /// Those of the strongest hash function among them: only they count (RFC 8122 §5.1).
  ///
  /// @param accepted hash functions that policy takes
  public static List<Fingerprint> strongest(List<Fingerprint> all, List<String> accepted) {
    return HASHES.stream()
        .filter(accepted::contains)
        .map(hash -> all.stream().filter(one -> one.hash.equals(hash)).toList())
        .filter(some -> !some.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  /// Whether it is this certificate's. Takes the same time wherever they differ.
  ///
  /// @param certificate in DER
  public boolean isOf(byte[] certificate) {
    return MessageDigest.isEqual(digest(hash).digest(certificate), PAIRS.parseHex(hex));
  }

  private static MessageDigest digest(String hash) {
    try {
      return MessageDigest.getInstance(hash.toUpperCase(Locale.ROOT));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /// As in SDP.
  @Override
  public String toString() {
    return hash + " " + hex;
  }
}
