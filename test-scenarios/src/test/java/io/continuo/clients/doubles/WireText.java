package io.continuo.clients.doubles;

import java.nio.charset.StandardCharsets;

/// Bytes as a string, one char for each byte, so that lengths are lengths on the wire.
final class WireText {
  private WireText() {}

  /// What this text is on the wire.
  static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String wire) {
    return wire.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// What a reader sees.
  static String read(String wire) {
    return new String(bytes(wire), StandardCharsets.UTF_8);
  }
}
