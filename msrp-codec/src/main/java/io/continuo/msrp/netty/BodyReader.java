package io.continuo.msrp.netty;

import io.continuo.msrp.Continuation;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the end of one body and keeps the bytes before it. Looks at each byte once, however the
/// bytes were cut on the way.
final class BodyReader {
  private static final byte CR = '\r';
  private static final int LINE_END = 2;
  private static final int FLAG_AND_LINE_END = 3;

  private final byte[] delimiter;
  private final int limit;
  private byte[] bytes = new byte[0];
  private int length;
  private boolean atBegin = true;
  private boolean tooLarge;
  private @Nullable Continuation end;

  /// @param delimiter CRLF, seven dashes and the transaction id
  /// @param limit bytes kept at most; 0 keeps none
  BodyReader(byte[] delimiter, int limit) {
    this.delimiter = delimiter;
    this.limit = limit;
    this.tooLarge = limit == 0;
  }

  /// Takes what is surely body, and the end-line when it is whole. Returns the bytes taken.
  int read(ByteBuf in) {
    int before = in.readerIndex();
    if (atBegin && !readEmptyBody(in)) {
      return in.readerIndex() - before;
    }
    while (end == null && in.isReadable()) {
      int at = in.indexOf(in.readerIndex(), in.writerIndex(), CR);
      take(in, (at < 0 ? in.writerIndex() : at) - in.readerIndex());
      if (at >= 0 && !readEndLine(in, 0)) {
        break;
      }
    }
    return in.readerIndex() - before;
  }

  /// A body of no bytes may come without the CRLF of its own before the end-line. Returns false
  /// when it takes more bytes to tell.
  private boolean readEmptyBody(ByteBuf in) {
    if (!in.isReadable()) {
      return false;
    }
    boolean known = in.getByte(in.readerIndex()) != '-' || readEndLine(in, LINE_END);
    atBegin = !known;
    return known;
  }

  /// Returns false when it takes more bytes to tell; else the end-line was read, or the first byte
  /// of what only looked like it.
  private boolean readEndLine(ByteBuf in, int from) {
    int size = delimiter.length - from;
    for (int i = 0; i < size; i++) {
      if (i == in.readableBytes()) {
        return false;
      }
      if (in.getByte(in.readerIndex() + i) != delimiter[from + i]) {
        take(in, 1);
        return true;
      }
    }
    return readFlag(in, size);
  }

  private boolean readFlag(ByteBuf in, int size) {
    int at = in.readerIndex() + size;
    Optional<Continuation> flag =
        in.readableBytes() > size ? Continuation.of(in.getByte(at)) : Optional.empty();
    boolean whole = in.readableBytes() >= size + FLAG_AND_LINE_END;
    if (flag.isPresent() && whole && in.getByte(at + 1) == CR && in.getByte(at + 2) == '\n') {
      in.skipBytes(size + FLAG_AND_LINE_END);
      end = flag.get();
      return true;
    }
    if (whole) {
      take(in, 1);
    }
    return whole;
  }

  private void take(ByteBuf in, int count) {
    if (tooLarge || length + (long) count > limit) {
      tooLarge = true;
      bytes = new byte[0];
      in.skipBytes(count);
      return;
    }
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, (int) Math.min(limit, 2L * length)));
    }
    in.readBytes(bytes, length, count);
    length += count;
  }

  /// The flag of the end-line, once it was read.
  Optional<Continuation> end() {
    return Optional.ofNullable(end);
  }

  boolean tooLarge() {
    return tooLarge;
  }

  byte[] body() {
    return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
  }
}
