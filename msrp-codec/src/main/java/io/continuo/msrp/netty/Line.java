package io.continuo.msrp.netty;

import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpLimits;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The line of a head that was read last, without its CRLF, and the count of what the head has
/// taken so far. The bytes are overwritten by the next line.
///
/// Threading: the connection's event loop.
final class Line {
  private static final int FIRST_SIZE = 128;
  private static final int LINE_END = 2;

  private final MsrpLimits limits;
  private byte[] bytes = new byte[FIRST_SIZE];
  private int length;
  private int scanned;
  private int headBytes;
  private long offset;

  Line(MsrpLimits limits) {
    this.limits = limits;
  }

  /// Takes the next line out of `in` when it is whole there; each byte is looked at once.
  boolean read(ByteBuf in, long at) throws MalformedMsrpException {
    int from = in.readerIndex();
    int lineFeed = in.indexOf(from + scanned, in.writerIndex(), (byte) '\n');
    int size = lineFeed < 0 ? in.readableBytes() : lineFeed - from + 1;
    requireWithinLimits(size, at);
    if (lineFeed < 0) {
      scanned = size;
      return false;
    }
    scanned = 0;
    headBytes += size;
    offset = at;
    length = size - LINE_END;
    if (length < 0 || in.getByte(lineFeed - 1) != '\r') {
      throw new MalformedMsrpException(at + size - 1, "CR before LF");
    }
    if (length > bytes.length) {
      bytes = new byte[Math.max(length, 2 * bytes.length)];
    }
    in.readBytes(bytes, 0, length).skipBytes(LINE_END);
    return true;
  }

  private void requireWithinLimits(int size, long at) throws MalformedMsrpException {
    if (size > limits.maxLine()) {
      throw new MalformedMsrpException(at, "a line of at most " + limits.maxLine() + " bytes");
    }
    if (headBytes + size > limits.maxHead()) {
      throw new MalformedMsrpException(at, "a head of at most " + limits.maxHead() + " bytes");
    }
  }

  /// The next line is the first of a head.
  void beginHead() {
    headBytes = 0;
  }

  int length() {
    return length;
  }

  /// Bytes that it took on the wire.
  int size() {
    return length + LINE_END;
  }

  /// Where it began, in bytes from the beginning of the connection.
  long offset() {
    return offset;
  }

  byte at(int index) {
    return bytes[index];
  }

  /// The first place of `wanted` at or behind `from`; -1 when there is none.
  int indexOf(char wanted, int from) {
    for (int i = from; i < length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  boolean equals(int from, int to, byte[] other) {
    return Arrays.equals(bytes, from, to, other, 0, other.length);
  }

  byte[] copy(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
