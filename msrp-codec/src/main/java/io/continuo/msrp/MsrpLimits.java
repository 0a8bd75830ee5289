package io.continuo.msrp;

/// How much the decoder takes of a stranger.
///
/// @param maxLine bytes of one line of the head; more is malformed
/// @param maxHead bytes of the start line and all headers; more is malformed
/// @param maxChunk bytes of one chunk's body; more becomes [MsrpBody.TooLarge]
/// @param maxMessage announced total of a message; more becomes [MsrpBody.TooLarge] before any byte
///   of the body is taken
public record MsrpLimits(int maxLine, int maxHead, int maxChunk, long maxMessage) {
  public static final MsrpLimits DEFAULT = new MsrpLimits(4096, 8192, 1 << 20, 1L << 20);

  public MsrpLimits {
    if (maxLine < 1 || maxHead < 1 || maxChunk < 1 || maxMessage < 1) {
      throw new IllegalArgumentException("a limit below 1");
    }
  }
}
