package io.continuo.sip.jain;

import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Random identifiers: nothing in them tells of this host (RFC 3261 §8.1.1.4, §19.3).
final class Identifiers {
  /// RFC 3261 §8.1.1.7.
  static final String MAGIC_COOKIE = "z9hG4bK";

  /// Characters of a branch after the cookie: 16 bytes in base64.
  static final int BRANCH_LENGTH = 22;

  private final SecureRandom random = new SecureRandom();

  /// Whether a branch tells a transaction from all others, as those of RFC 2543 do not.
  static boolean isUnique(@Nullable String branch) {
    return branch != null && branch.regionMatches(true, 0, MAGIC_COOKIE, 0, MAGIC_COOKIE.length());
  }

  String callId() {
    return text(16);
  }

  String tag() {
    return text(9);
  }

  String branch() {
    return MAGIC_COOKIE + text(16);
  }

  /// RFC 3262 §3: chosen from the lower half of what RSeq can hold.
  long responseSequence() {
    return random.nextLong(1, 1L << 31);
  }

  /// 0 to 1, for waits that two sides must not share.
  double fraction() {
    return random.nextDouble();
  }

  private String text(int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(noise);
  }
}
