package io.continuo.scenarios;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;

/// Writes `subscribers.yaml`: only HA1 is stored, never a password (RFC 7616 §3.4.2).
final class TestSubscribers {
  private TestSubscribers() {}

  static String yaml(Set<String> names) {
    StringBuilder yaml = new StringBuilder("subscribers:\n");
    for (String name : new TreeSet<>(names)) {
      yaml.append(
          """
            - address: sip:%s@%s
              username: %s
              ha1:
                MD5: %s
                SHA-256: %s
          """
              .formatted(name, ServerSetup.DOMAIN, name, ha1("MD5", name), ha1("SHA-256", name)));
    }
    return yaml.toString();
  }

  private static String ha1(String algorithm, String name) {
    String secret = name + ":" + ServerSetup.DOMAIN + ":" + ServerSetup.passwordOf(name);
    try {
      byte[] hash =
          MessageDigest.getInstance(algorithm).digest(secret.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
