package io.continuo.device.msrp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Joins the chunks of messages: bytes are placed by Byte-Range, never appended (RFC 4975 §5.1).
///
/// Threading: the connection's reader only.
final class Joiner {
  private final Map<String, Partial> partials = new HashMap<>();

  /// What came of one message so far.
  private static final class Partial {
    byte[] bytes = new byte[0];
    long received;
    boolean ended;
  }

  /// Takes a chunk; the whole message when this was its last missing piece.
  Optional<byte[]> take(MsrpFrame.Request chunk, byte[] body) {
    String id = chunk.header("Message-ID").orElse(chunk.transaction());
    Partial partial = partials.computeIfAbsent(id, unseen -> new Partial());
    if (chunk.flag() == '#') {
      partials.remove(id);
      return Optional.empty();
    }
    int start = start(chunk);
    int end = start + body.length;
    if (end > MsrpReader.MAX_BODY) {
      throw new IllegalStateException("a message over " + MsrpReader.MAX_BODY + " bytes");
    }
    if (end > partial.bytes.length) {
      partial.bytes = Arrays.copyOf(partial.bytes, end);
    }
    System.arraycopy(body, 0, partial.bytes, start, body.length);
    partial.received += body.length;
    partial.ended |= chunk.flag() == '$';
    if (partial.ended && partial.received >= partial.bytes.length) {
      partials.remove(id);
      return Optional.of(partial.bytes);
    }
    return Optional.empty();
  }

  private static int start(MsrpFrame.Request chunk) {
    return chunk
        .header("Byte-Range")
        .map(range -> Integer.parseInt(range.substring(0, range.indexOf('-')).strip()) - 1)
        .orElse(0);
  }
}
