package io.continuo.server.storage.segments;

import io.continuo.server.identity.DeviceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Eight bytes that stand for a text: the beginning of its SHA-256, so that no peer can choose ids
/// that meet.
final class Keys {
  private Keys() {}

  static long of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static long of(DeviceId device) {
    return of(device.toString());
  }

  private static long of(byte[] utf8) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(utf8)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
