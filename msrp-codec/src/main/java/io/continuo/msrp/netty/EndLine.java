package io.continuo.msrp.netty;

import io.continuo.msrp.Continuation;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/// Finds the end-line of one body (RFC 4975 §7.1): CRLF, seven dashes, the transaction id, a flag,
/// CRLF. Nothing else ends a body; not even the same with another character for the flag.
///
/// The seven dashes stand in a row and no transaction id begins with one. So looking at each
/// seventh byte misses no end-line, and a dash found there tells where the end-line would have to
/// begin. Each byte is looked at a bounded number of times, however the bytes were cut on the way.
///
/// Threading: the connection's event loop.
final class EndLine {
  static final int DASHES = 7;

  private static final int LINE_END = 2;
  private static final int FLAG_AND_LINE_END = 3;

  private final String transactionId;
  private boolean atBegin = true;
  private int probe = LINE_END + DASHES - 1;
  private int found = -1;
  private int size;
  private Continuation flag = Continuation.MORE;

  /// @param transactionId an ident, so it begins with no dash
  EndLine(String transactionId) {
    this.transactionId = transactionId;
  }

  /// Looks on in `in`, whose next byte is the next one of the body, until the end-line is found or
  /// more than `enough` bytes are known to belong to the body.
  void search(ByteBuf in, int enough) {
    if (atBegin && !readEmptyBody(in)) {
      return;
    }
    int from = in.readerIndex();
    int to = (int) Math.min(in.readableBytes(), (long) enough + LINE_END + DASHES);
    while (found < 0 && probe < to) {
      if (in.getByte(from + probe) == '-' && !readCandidate(in, from)) {
        return;
      }
      probe += DASHES;
    }
  }

  /// A body of no bytes may come without the CRLF of its own before the end-line. Returns false
  /// when it takes more bytes to tell.
  private boolean readEmptyBody(ByteBuf in) {
    if (!in.isReadable()) {
      return false;
    }
    atBegin = in.getByte(in.readerIndex()) == '-' && !readToken(in, 0, 0);
    return !atBegin;
  }

  /// Takes the dash at `probe` for one of an end-line. Returns false when it takes more bytes to
  /// tell.
  private boolean readCandidate(ByteBuf in, int from) {
    int first = probe;
    while (first > probe - DASHES && in.getByte(from + first - 1) == '-') {
      first--;
    }
    int lineEnd = first - LINE_END;
    return first <= probe - DASHES
        || in.getByte(from + lineEnd) != '\r'
        || in.getByte(from + lineEnd + 1) != '\n'
        || readToken(in, lineEnd, first);
  }

  /// Reads the end-line whose dashes would begin at `first`. Returns false when it takes more bytes
  /// to tell.
  private boolean readToken(ByteBuf in, int begin, int first) {
    int from = in.readerIndex() + first;
    int there = Math.min(in.readableBytes() - first, tokenSize());
    for (int i = 0; i < there; i++) {
      if (in.getByte(from + i) != (i < DASHES ? '-' : transactionId.charAt(i - DASHES))) {
        return true;
      }
    }
    return readFlag(in, begin, first);
  }

  private int tokenSize() {
    return DASHES + transactionId.length();
  }

  private boolean readFlag(ByteBuf in, int begin, int first) {
    int at = in.readerIndex() + first + tokenSize();
    int there = in.writerIndex() - at;
    Optional<Continuation> read = there > 0 ? Continuation.of(in.getByte(at)) : Optional.empty();
    boolean other = there > 0 && read.isEmpty();
    other |= there > 1 && in.getByte(at + 1) != '\r';
    other |= there > 2 && in.getByte(at + 2) != '\n';
    if (!other && there >= FLAG_AND_LINE_END) {
      found = begin;
      size = first - begin + tokenSize() + FLAG_AND_LINE_END;
      flag = read.orElseThrow();
    }
    return other || there >= FLAG_AND_LINE_END;
  }

  boolean isFound() {
    return found >= 0;
  }

  /// Bytes from here on that are known to belong to the body; all of them once it is found.
  int known() {
    return found >= 0 ? found : Math.max(0, probe - LINE_END - DASHES + 1);
  }

  /// So many bytes, at most [#known], were taken out of the buffer.
  void taken(int bytes) {
    probe -= bytes;
    found -= found >= 0 ? bytes : 0;
  }

  /// Bytes of the end-line, the CRLF before it included. Only once it is found.
  int size() {
    return size;
  }

  /// Only once it is found.
  Continuation flag() {
    return flag;
  }
}
