package io.continuo.server.transport.msrp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The Message-ID header of an outgoing SEND. RFC 4975 §9 allows 4 to 32 characters, users' ids may
/// be longer (a UUID has 36). The same id always becomes the same header, on every copy and every
/// resend, so that a device can know a message again by it.
final class WireMessageId {
  private static final Pattern IDENT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.\\-+%=]{3,31}");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

  /// Characters kept of a hash: 124 bits.
  private static final int HASH_LENGTH = 31;

  private WireMessageId() {}

  static String of(String messageId) {
    if (IDENT.matcher(messageId).matches()) {
      return messageId;
    }
    return UUID_TEXT.matcher(messageId).matches()
        ? messageId.replace("-", "")
        : "h" + hash(messageId);
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
