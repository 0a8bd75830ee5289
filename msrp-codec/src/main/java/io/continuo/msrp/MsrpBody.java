package io.continuo.msrp;

/// What stands between the headers and the end-line of a request.
public sealed interface MsrpBody {
  /// There is no blank line: a request without body (RFC 4975 §7.1).
  None NONE = new None();

  /// More than is taken; whoever reads the request gets it as soon as that is known, and the bytes
  /// are passed over.
  TooLarge TOO_LARGE = new TooLarge();

  /// No body.
  record None() implements MsrpBody {}

  /// The bytes of this chunk, possibly none. Never written to once they are here.
  record Bytes(byte[] bytes) implements MsrpBody {
    /// Never prints the content.
    @Override
    public String toString() {
      return "Bytes[" + bytes.length + "]";
    }
  }

  /// A part of a chunk of more than [MsrpLimits#maxPiece] bytes, so that a chunk of any size takes
  /// no more memory than this. The requests of one chunk's pieces follow one another directly and
  /// have the same head; only the last has the chunk's own [Continuation], the others
  /// [Continuation#MORE]. There is one answer to all of them, after the last, and the bytes belong
  /// at the start of the Byte-Range plus `offset` (RFC 4975 §5.1, §7.1.1).
  ///
  /// @param bytes at least one when read; never written to once they are here
  /// @param offset bytes of the same chunk before these
  /// @param last whether the chunk ends with them
  record Piece(byte[] bytes, long offset, boolean last) implements MsrpBody {
    /// @throws IllegalArgumentException when the offset is negative
    public Piece {
      if (offset < 0) {
        throw new IllegalArgumentException("offset " + offset);
      }
    }

    /// Never prints the content.
    @Override
    public String toString() {
      return "Piece[" + bytes.length + " at " + offset + (last ? ", last]" : "]");
    }
  }

  /// Bytes over a limit of [MsrpLimits], not kept. [MsrpStatus#STOP_SENDING] is the answer.
  record TooLarge() implements MsrpBody {}
}
