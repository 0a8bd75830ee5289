package io.continuo.server.storage.segments;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;

/// Takes the parts of one record out again, in the order [ByteSink] wrote them.
final class ByteSource {
  private final ByteBuffer bytes;

  ByteSource(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  boolean hasMore() {
    return bytes.hasRemaining();
  }

  int octet() throws MalformedRecord {
    try {
      return bytes.get() & 0xFF;
    } catch (BufferUnderflowException e) {
      throw new MalformedRecord("it ends too early", e);
    }
  }

  long number() throws MalformedRecord {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int part = octet();
      value |= (long) (part & 0x7F) << shift;
      if (part < 0x80) {
        return value;
      }
    }
    throw new MalformedRecord("a number of more than 64 bits");
  }

  byte[] octets() throws MalformedRecord {
    byte[] value = new byte[length()];
    bytes.get(value);
    return value;
  }

  /// Passes over octets or a text.
  void skip() throws MalformedRecord {
    int length = length();
    bytes.position(bytes.position() + length);
  }

  private int length() throws MalformedRecord {
    long length = number();
    if (length < 0 || length > bytes.remaining()) {
      throw new MalformedRecord(
          "a part of " + length + " bytes where " + bytes.remaining() + " are left");
    }
    return (int) length;
  }

  String text() throws MalformedRecord {
    return new String(octets(), StandardCharsets.UTF_8);
  }

  boolean flag() throws MalformedRecord {
    return octet() != 0;
  }

  Instant instant() throws MalformedRecord {
    try {
      return Instant.ofEpochSecond(number(), number());
    } catch (DateTimeException | ArithmeticException e) {
      throw new MalformedRecord("a time out of range", e);
    }
  }
}
