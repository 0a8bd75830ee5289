package io.continuo.server.conversation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Clients write `sip:%2B4917…@host` where others write `sip:+4917…@host`. RFC 3261 §19.1.4 makes
/// two addresses of that; users mean one.
final class PercentEncoding {
  private static final int HEX = 16;

  private PercentEncoding() {}

  /// The text with every `%XX` decoded; the same text when there is none. What is no encoding
  /// stays.
  static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    var decoded = new ByteArrayOutputStream(encoded.length);
    int at = 0;
    while (at < encoded.length) {
      int value = encoded[at] == '%' && at + 2 < encoded.length ? value(encoded, at + 1) : -1;
      decoded.write(value < 0 ? encoded[at] : value);
      at += value < 0 ? 1 : 3;
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static int value(byte[] encoded, int at) {
    int high = Character.digit(encoded[at], HEX);
    int low = Character.digit(encoded[at + 1], HEX);
    return high < 0 || low < 0 ? -1 : high * HEX + low;
  }
}
