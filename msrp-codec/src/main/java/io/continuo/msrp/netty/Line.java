package io.continuo.msrp.netty;

import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpLimits;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The lines of a head one after the other, each without its CRLF. The bytes are copied out of the
/// buffer some lines at a time, since an array is quicker to look at.
///
/// A line feed alone ends no line: whoever took it for an end would see an end-line where another
/// reader sees a header's value. Only the start line must not have one, since it shows then that no
/// CRLF may ever come.
///
/// Limits: [MsrpLimits#maxLine] and [MsrpLimits#maxHead]; the array grows to the longest line.
///
/// Threading: the connection's event loop.
final class Line {
  private static final int FIRST_SIZE = 512;
  private static final int LINE_END = 2;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private final MsrpLimits limits;
  private byte[] bytes = new byte[FIRST_SIZE];
  private int copied;
  private int next;
  private int from;
  private int length;
  private int scanned;
  private int headBytes;
  private long offset;

  Line(MsrpLimits limits) {
    this.limits = limits;
  }

  /// The lines that come are the first of a head.
  void beginHead() {
    headBytes = 0;
  }

  /// Takes the lines read since the last time out of the buffer, which others may read again then.
  void release(ByteBuf in) {
    in.skipBytes(next);
    copied = 0;
    next = 0;
  }

  /// Reads the next line when it is whole in `in`, which nobody else may read until [#release].
  /// Each byte is looked at once.
  boolean read(ByteBuf in, long at) throws MalformedMsrpException {
    int lineFeed = indexOf((byte) '\n', next, copied);
    while (lineFeed >= 0 && (lineFeed == next || bytes[lineFeed - 1] != '\r')) {
      passBare(lineFeed - next, at);
      lineFeed = indexOf((byte) '\n', lineFeed + 1, copied);
    }
    if (lineFeed < 0) {
      int size = sizeOfNext(in, at);
      if (size == 0) {
        return false;
      }
      copy(in, size);
      lineFeed = size - 1;
    }
    int size = lineFeed - next + 1;
    requireWithinLimits(size, at);
    headBytes += size;
    offset = at;
    from = next;
    next += size;
    length = size - LINE_END;
    return true;
  }

  private void passBare(int lineFeed, long at) throws MalformedMsrpException {
    requireWithinLimits(lineFeed + 1, at);
    if (headBytes == 0) {
      throw new MalformedMsrpException(at + lineFeed, "CR before LF");
    }
  }

  /// Bytes of the next line in `in`, 0 while it is not whole.
  private int sizeOfNext(ByteBuf in, long at) throws MalformedMsrpException {
    release(in);
    int begin = in.readerIndex();
    int lineFeed = in.indexOf(begin + scanned, in.writerIndex(), (byte) '\n');
    while (lineFeed >= 0 && (lineFeed == begin || in.getByte(lineFeed - 1) != '\r')) {
      passBare(lineFeed - begin, at);
      lineFeed = in.indexOf(lineFeed + 1, in.writerIndex(), (byte) '\n');
    }
    if (lineFeed < 0) {
      scanned = in.readableBytes();
      requireWithinLimits(scanned, at);
      return 0;
    }
    scanned = 0;
    requireWithinLimits(lineFeed - begin + 1, at);
    return lineFeed - begin + 1;
  }

  /// Copies the next line, of `size` bytes, and what fits of the lines behind it.
  private void copy(ByteBuf in, int size) {
    if (size > bytes.length) {
      bytes = new byte[Math.max(size, 2 * bytes.length)];
    }
    copied = Math.min(in.readableBytes(), bytes.length);
    next = 0;
    in.getBytes(in.readerIndex(), bytes, 0, copied);
  }

  /// The limit that is met first is named, however the bytes were cut.
  private void requireWithinLimits(int size, long at) throws MalformedMsrpException {
    int left = limits.maxHead() - headBytes;
    if (size > Math.min(limits.maxLine(), left)) {
      throw new MalformedMsrpException(
          at,
          limits.maxLine() <= left
              ? "a line of at most " + limits.maxLine() + " bytes"
              : "a head of at most " + limits.maxHead() + " bytes");
    }
  }

  /// Eight bytes at a time: a byte of `x` is zero where the wanted one stands.
  private int indexOf(byte wanted, int begin, int end) {
    int at = begin;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      long x = (long) LONGS.get(bytes, at) ^ wanted * EACH;
      long zeros = x - EACH & ~x & HIGH;
      if (zeros != 0) {
        return at + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
      }
    }
    while (at < end && bytes[at] != wanted) {
      at++;
    }
    return at < end ? at : -1;
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
    return bytes[from + index];
  }

  /// Eight of its bytes as one number.
  long eightAt(int index) {
    return (long) LONGS.get(bytes, from + index);
  }

  boolean startsWith(byte[] begin) {
    return length >= begin.length
        && Arrays.equals(bytes, from, from + begin.length, begin, 0, begin.length);
  }

  boolean equals(byte[] whole) {
    return length == whole.length && startsWith(whole);
  }

  byte[] copy() {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  String text(int begin, int end) {
    return new String(bytes, from + begin, end - begin, StandardCharsets.UTF_8);
  }
}
