package io.continuo.msrp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalLong;

/// Joins the chunks of the messages of one session. Chunks may come in any order, so bytes are
/// placed by where Byte-Range starts, and counted by what really came (RFC 4975 §5.1, §7.3.1).
///
/// The chunk with `$` tells where the message ends; totals that peers announce are only held
/// against the limit, since some count characters. A chunk that overlaps an earlier one replaces
/// its bytes.
///
/// Threading: one thread.
public final class Reassembly {
  /// Messages unfinished at the same time; more is 413.
  public static final int MAX_MESSAGES = 64;

  /// Separate pieces of one message; more is 413.
  public static final int MAX_PIECES = 1024;

  private final long maxMessage;
  private final long maxBytes;
  private final Map<String, Partial> partials = new HashMap<>();
  private long held;

  /// For one session.
  ///
  /// @param maxMessage bytes of one message
  /// @param maxBytes bytes held for all unfinished messages of the session
  public Reassembly(long maxMessage, long maxBytes) {
    this.maxMessage = Math.min(maxMessage, Integer.MAX_VALUE - 8);
    this.maxBytes = maxBytes;
  }

  /// What became of a chunk.
  public sealed interface Result {
    /// What to answer the sender.
    default MsrpStatus status() {
      return MsrpStatus.OK;
    }

    /// It was taken; more is missing.
    record Taken() implements Result {}

    /// The message is whole.
    ///
    /// @param contentType as its first chunk said
    record Complete(String messageId, String contentType, byte[] body) implements Result {}

    /// The sender gave the message up; what there was of it is gone.
    record GivenUp() implements Result {}

    /// It is not taken, and neither is the rest of its message.
    record Refused(MsrpStatus status, String reason) implements Result {}
  }

  /// Takes what a SEND brings: a chunk, a piece of one, or nothing. One without Message-ID, with a
  /// Byte-Range that cannot be, or with a body over a limit of the decoder is refused.
  ///
  /// @param now nanoseconds of a clock that only moves forward
  public Result add(MsrpRequest send, long now) {
    String id = send.header(MsrpHeader.MESSAGE_ID).orElse("");
    String type = send.header(MsrpHeader.CONTENT_TYPE).orElse("");
    Optional<ByteRange> range =
        send.header(MsrpHeader.BYTE_RANGE)
            .map(ByteRange::parse)
            .orElse(Optional.of(ByteRange.UNSAID));
    if (id.isEmpty() || range.isEmpty()) {
      return refuse(id, MsrpStatus.BAD_REQUEST, "no Message-ID, or a wrong Byte-Range");
    }
    Continuation flag = send.continuation();
    return switch (send.body()) {
      case MsrpBody.Bytes whole -> add(id, type, range.get(), whole.bytes(), flag, now);
      case MsrpBody.Piece piece ->
          add(id, type, behind(range.get(), piece.offset()), piece.bytes(), flag, now);
      case MsrpBody.TooLarge tooLarge ->
          refuse(id, MsrpStatus.STOP_SENDING, "more bytes than the decoder takes");
      case MsrpBody.None none when flag == Continuation.ABORTED -> {
        forget(id);
        yield new Result.GivenUp();
      }
      case MsrpBody.None none -> new Result.Taken();
    };
  }

  private static ByteRange behind(ByteRange chunk, long offset) {
    return new ByteRange(chunk.start() + offset, OptionalLong.empty(), chunk.total());
  }

  /// Takes one chunk. Keeps `bytes`, which must not change any more.
  ///
  /// @param messageId tells the messages of the session apart
  /// @param contentType kept from the first chunk that comes
  /// @param range where the bytes belong; its end is not looked at
  /// @param bytes of this chunk
  /// @param continuation the flag of its end-line
  /// @param now nanoseconds of a clock that only moves forward
  public Result add(
      String messageId,
      String contentType,
      ByteRange range,
      byte[] bytes,
      Continuation continuation,
      long now) {
    if (continuation == Continuation.ABORTED) {
      forget(messageId);
      return new Result.GivenUp();
    }
    Partial earlier = partials.get(messageId);
    long end = range.start() - 1 + bytes.length;
    if (end > maxMessage || range.total().orElse(0) > maxMessage) {
      return refuse(messageId, MsrpStatus.STOP_SENDING, "message too large");
    }
    boolean last = continuation == Continuation.COMPLETE;
    if (earlier == null && last && range.start() == 1) {
      return new Result.Complete(messageId, contentType, bytes);
    }
    if (earlier == null && partials.size() >= MAX_MESSAGES) {
      return refuse(messageId, MsrpStatus.STOP_SENDING, "too many unfinished messages");
    }
    Partial partial = earlier == null ? begin(messageId, contentType) : earlier;
    partial.touched = now;
    return place(messageId, partial, (int) range.start() - 1, bytes, last);
  }

  /// Bytes held for unfinished messages.
  public long held() {
    return held;
  }

  private Partial begin(String messageId, String contentType) {
    var partial = new Partial(contentType);
    partials.put(messageId, partial);
    return partial;
  }

  private Result place(String messageId, Partial partial, int from, byte[] bytes, boolean last) {
    int to = from + bytes.length;
    if (partial.coverage.contradicts(to, last)) {
      return refuse(messageId, MsrpStatus.BAD_REQUEST, "bytes behind the message's end");
    }
    long growth = partial.growth(to, maxMessage);
    if (held + growth > maxBytes) {
      return refuse(messageId, MsrpStatus.STOP_SENDING, "too many bytes of unfinished messages");
    }
    held += growth;
    partial.place(from, bytes, growth, last);
    if (partial.coverage.pieces() > MAX_PIECES) {
      return refuse(messageId, MsrpStatus.STOP_SENDING, "too many separate pieces");
    }
    if (!partial.coverage.isWhole()) {
      return new Result.Taken();
    }
    forget(messageId);
    return new Result.Complete(messageId, partial.contentType, partial.body());
  }

  private Result refuse(String messageId, MsrpStatus status, String reason) {
    forget(messageId);
    return new Result.Refused(status, reason);
  }

  /// Gives out what there is of a message, and drops it here: for who goes on with it elsewhere, in
  /// a file say.
  public Optional<Unfinished> takeOut(String messageId) {
    Optional<Partial> partial = Optional.ofNullable(partials.get(messageId));
    forget(messageId);
    return partial.map(found -> new Unfinished(found.contentType, found.coverage, found.bytes));
  }

  /// What came of a message so far.
  ///
  /// @param contentType as its first chunk said
  /// @param coverage which of `bytes` have come
  /// @param bytes from the message's first on; what did not come is 0
  public record Unfinished(String contentType, Coverage coverage, byte[] bytes) {}

  /// Drops what there is of a message: its sender gave it up, or it was refused for another reason.
  public void forget(String messageId) {
    Partial partial = partials.remove(messageId);
    if (partial != null) {
      held -= partial.bytes.length;
    }
  }

  /// Drops each unfinished message of which no chunk has come for so long.
  ///
  /// @param limit in nanoseconds
  /// @param now by the clock of [#add]
  /// @return their Message-IDs
  public List<String> dropIdle(long limit, long now) {
    List<String> idle =
        partials.entrySet().stream()
            .filter(each -> now - each.getValue().touched >= limit)
            .map(Entry::getKey)
            .toList();
    idle.forEach(this::forget);
    return idle;
  }

  /// How many messages are unfinished.
  public int unfinished() {
    return partials.size();
  }

  /// One unfinished message.
  private static final class Partial {
    private final String contentType;
    private final Coverage coverage = new Coverage();
    private byte[] bytes = new byte[0];
    private long touched;

    Partial(String contentType) {
      this.contentType = contentType;
    }

    /// Bytes of memory that a chunk up to `to` costs: doubled each time, so that many small chunks
    /// are not copied each time.
    long growth(int to, long maxMessage) {
      if (to <= bytes.length) {
        return 0;
      }
      return Math.min(maxMessage, Math.max(to, 2L * bytes.length)) - bytes.length;
    }

    void place(int from, byte[] chunk, long growth, boolean last) {
      bytes = growth == 0 ? bytes : Arrays.copyOf(bytes, (int) (bytes.length + growth));
      System.arraycopy(chunk, 0, bytes, from, chunk.length);
      coverage.add(from, from + chunk.length, last);
    }

    byte[] body() {
      int end = (int) coverage.end().orElseThrow();
      return bytes.length == end ? bytes : Arrays.copyOf(bytes, end);
    }
  }
}
