package io.continuo.server.transport.msrp;

import io.continuo.msrp.Ident;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The Message-ID header of an outgoing SEND. RFC 4975 §9 allows 4 to 32 characters, users' ids may
/// be longer (a UUID has 36). The same id always becomes the same header, on every copy and every
/// resend, so that a device can know a message again by it.
final class WireMessageId {
  private static final int UUID_LENGTH = 36;

  /// Characters kept of a hash: 124 bits.
  private static final int HASH_LENGTH = 31;

  private WireMessageId() {}

  static String of(String messageId) {
    if (Ident.isIdent(messageId)) {
      return messageId;
    }
    return isUuid(messageId) ? messageId.replace("-", "") : "h" + hash(messageId);
  }

  /// 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 (RFC 4122 §3).
  private static boolean isUuid(String id) {
    if (id.length() != UUID_LENGTH) {
      return false;
    }
    for (int i = 0; i < UUID_LENGTH; i++) {
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? id.charAt(i) != '-' : !HexFormat.isHexDigit(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static String hash(String messageId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(messageId.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }
}
