package io.continuo.server.storage.segments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// Grows while the parts of one record are written into it. One thread.
final class ByteSink {
  private byte[] bytes;
  private int size;

  ByteSink(int expected) {
    bytes = new byte[expected];
  }

  void octet(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /// A number in groups of seven bits, lowest first (LEB128); negative ones take ten bytes.
  void number(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      octet((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    octet((int) rest);
  }

  void octets(byte[] value) {
    number(value.length);
    ensure(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  void text(String value) {
    octets(value.getBytes(StandardCharsets.UTF_8));
  }

  void flag(boolean value) {
    octet(value ? 1 : 0);
  }

  void instant(Instant value) {
    number(value.getEpochSecond());
    number(value.getNano());
  }

  /// What was written so far, without a copy; write no more afterwards.
  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
