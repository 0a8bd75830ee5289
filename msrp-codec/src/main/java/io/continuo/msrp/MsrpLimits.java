package io.continuo.msrp;

/// How much the decoder takes of a stranger. What it holds in memory at most is one head and one
/// piece, however large a chunk or a message is.
///
/// @param maxLine bytes of one line of the head, its CRLF included; more is malformed
/// @param maxHead bytes of the start line and all headers; more is malformed
/// @param maxHeaders headers besides To-Path and From-Path; more is malformed
/// @param maxPiece bytes of a body handed on at once; a chunk of more comes as [MsrpBody.Piece]s
/// @param maxChunk bytes of one chunk's body; more becomes [MsrpBody.TooLarge]
/// @param maxMessage announced total of a message; more becomes [MsrpBody.TooLarge] before any byte
///   of the body is taken
public record MsrpLimits(
    int maxLine, int maxHead, int maxHeaders, int maxPiece, long maxChunk, long maxMessage) {
  /// Headers of one message unless it is said otherwise; clients send seven or eight.
  public static final int DEFAULT_MAX_HEADERS = 64;

  /// Lines of 4 KiB, heads of 8 KiB, chunks and messages of 1 MiB, each chunk in one piece.
  public static final MsrpLimits DEFAULT = inWholeChunks(4096, 8192, 1 << 20, 1L << 20);

  /// @throws IllegalArgumentException when a limit is below 1, or a chunk's below a piece's
  public MsrpLimits {
    if (maxLine < 1 || maxHead < 1 || maxHeaders < 1 || maxPiece < 1) {
      throw new IllegalArgumentException("a limit below 1");
    }
    if (maxChunk < maxPiece || maxMessage < 1) {
      throw new IllegalArgumentException("a limit below another that it contains");
    }
  }

  /// Limits by which every chunk comes in one piece: for receivers that hold messages in memory.
  public static MsrpLimits inWholeChunks(int maxLine, int maxHead, int maxChunk, long maxMessage) {
    return new MsrpLimits(maxLine, maxHead, DEFAULT_MAX_HEADERS, maxChunk, maxChunk, maxMessage);
  }

  /// The same, but chunks and messages of any size, in pieces: for receivers that write what comes
  /// to a file or pass it on.
  ///
  /// @param piece bytes handed on at once
  public MsrpLimits streaming(int piece) {
    return new MsrpLimits(maxLine, maxHead, maxHeaders, piece, Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
