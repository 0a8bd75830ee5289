package io.continuo.sip.digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// A hash that a digest can be made with (RFC 8760 §2.1). The `-sess` variants are not offered: no
/// client needs them.
public enum DigestAlgorithm {
  SHA_256("SHA-256", "SHA-256"),
  SHA_512_256("SHA-512-256", "SHA-512/256"),
  MD5("MD5", "MD5");

  private final String token;
  private final String jcaName;

  DigestAlgorithm(String token, String jcaName) {
    this.token = token;
    this.jcaName = jcaName;
  }

  /// As on the wire.
  public String token() {
    return token;
  }

  /// By the name on the wire, in any case.
  public static Optional<DigestAlgorithm> of(String token) {
    return Arrays.stream(values()).filter(a -> a.token.equalsIgnoreCase(token)).findFirst();
  }

  /// H(text) in lower-case hex.
  public String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance(jcaName);
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + jcaName, e);
    }
  }

  /// HA1 = H(username:realm:password), what is stored of a password (RFC 7616 §3.4.2).
  public String ha1(String username, String realm, String password) {
    return hash(username + ":" + realm + ":" + password);
  }
}
