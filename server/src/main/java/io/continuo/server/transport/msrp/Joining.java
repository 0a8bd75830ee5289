package io.continuo.server.transport.msrp;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.Coverage;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.Reassembly;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.Body;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Joins the chunks of one leg's messages, and the pieces of a chunk: those of up to
/// [Body#MAX_IN_MEMORY] bytes in memory ([Reassembly]), larger ones in files of the store
/// ([LargeMessage]). A message is large as soon as its announced total or a byte that came says so;
/// what was in memory of it goes to the file then.
///
/// Limits: one message by `msrp.max-message`, all unfinished ones by `msrp.reassembly-per-leg`,
/// large ones by `msrp.uploads-per-leg` and [Uploads], separate pieces by [Reassembly#MAX_PIECES];
/// more is 413.
///
/// Threading: the connection's event loop.
final class Joining {
  private final MsrpConnection connection;
  private final Uploads uploads;
  private final LargeMessage.Watcher watcher;
  private final long maxMessage;
  private final long maxBytes;
  private final int maxLarge;
  private final Reassembly small;
  private final Map<String, LargeMessage> large = new HashMap<>();

  Joining(
      MsrpConnection connection,
      MsrpSettings settings,
      Uploads uploads,
      LargeMessage.Watcher watcher) {
    this.connection = connection;
    this.uploads = uploads;
    this.watcher = watcher;
    this.maxMessage = settings.maxMessage();
    this.maxBytes = settings.reassemblyPerLeg();
    this.maxLarge = settings.uploadsPerLeg();
    this.small = new Reassembly(maxMessage, maxBytes);
  }

  /// What became of a chunk, or of a piece of one.
  sealed interface Result {
    /// It was taken; more is missing.
    record Taken() implements Result {}

    /// The message is whole, in memory.
    record Whole(String contentType, Body body) implements Result {}

    /// The message is whole and can be sealed. It is not known here any more.
    record Sealable(LargeMessage message) implements Result {}

    /// The sender gave the message up; what there was of it is gone.
    record GivenUp() implements Result {}

    /// It is not taken, and neither is the rest of its message.
    record Refused(MsrpStatus status, String reason) implements Result {}
  }

  /// What came: a chunk, or a piece of one.
  ///
  /// @param range where the bytes belong; its end is not looked at
  /// @param bytes must not change any more
  /// @param goesOn whether more bytes of the same chunk come. Until its end no message is whole,
  ///   even when earlier chunks brought what is missing: it has one answer, and what comes of it
  ///   belongs to this message
  /// @param flag of the end-line, when the chunk ends here
  record Came(ByteRange range, byte[] bytes, boolean goesOn, Continuation flag) {
    long from() {
      return range.start() - 1;
    }

    long to() {
      return from() + bytes.length;
    }

    /// How long the message is at least.
    long reach() {
      return goesOn ? to() + 1 : to();
    }

    boolean isLast() {
      return flag == Continuation.COMPLETE;
    }
  }

  /// Takes what came.
  ///
  /// @param now nanoseconds of a clock that only moves forward
  Result add(String id, String type, Came came, long now) {
    if (came.flag() == Continuation.ABORTED) {
      forget(id);
      return new Result.GivenUp();
    }
    long size = Math.max(came.reach(), came.range().total().orElse(0));
    LargeMessage known = large.get(id);
    if (known == null && size <= Math.min(Body.MAX_IN_MEMORY, maxMessage)) {
      return inMemory(small.add(id, type, came.range(), came.bytes(), came.flag(), now));
    }
    if (size > maxMessage) {
      return refuse(id, "message too large");
    }
    if (known == null) {
      if (large.size() >= maxLarge || !uploads.begin()) {
        return refuse(id, "too many large messages at once");
      }
      known = begin(id, type, now);
    }
    return place(id, known, came, now);
  }

  private static Result inMemory(Reassembly.Result result) {
    return switch (result) {
      case Reassembly.Result.Taken taken -> new Result.Taken();
      case Reassembly.Result.GivenUp givenUp -> new Result.GivenUp();
      case Reassembly.Result.Refused no -> new Result.Refused(no.status(), no.reason());
      case Reassembly.Result.Complete whole ->
          new Result.Whole(whole.contentType(), Body.of(whole.body()));
    };
  }

  /// What was in memory of it is at most [Body#MAX_IN_MEMORY] bytes.
  private LargeMessage begin(String id, String type, long now) {
    var earlier = small.takeOut(id);
    String contentType = earlier.map(Reassembly.Unfinished::contentType).orElse(type);
    var message = new LargeMessage(contentType, connection, uploads, watcher);
    large.put(id, message);
    earlier.ifPresent(held -> {
      message.grow(held.coverage().reach());
      long end = held.coverage().end().orElse(-1);
      for (Coverage.Part part : held.coverage().parts()) {
        byte[] bytes = Arrays.copyOfRange(held.bytes(), (int) part.from(), (int) part.to());
        message.write(part.from(), bytes, part.to() == end, now);
      }
    });
    return message;
  }

  private Result place(String id, LargeMessage message, Came came, long now) {
    long to = came.to();
    if (message.coverage().contradicts(came.reach(), came.isLast())) {
      forget(id);
      return new Result.Refused(MsrpStatus.BAD_REQUEST, "bytes behind the message's end");
    }
    if (held() + Math.max(0, to - message.size()) > maxBytes || !message.grow(to)) {
      return refuse(id, "too many bytes of unfinished messages");
    }
    message.write(came.from(), came.bytes(), came.isLast(), now);
    if (message.coverage().pieces() > Reassembly.MAX_PIECES) {
      return refuse(id, "too many separate pieces");
    }
    if (came.goesOn() || !message.coverage().isWhole()) {
      return new Result.Taken();
    }
    large.remove(id);
    return new Result.Sealable(message);
  }

  private Result refuse(String id, String reason) {
    forget(id);
    return new Result.Refused(MsrpStatus.STOP_SENDING, reason);
  }

  private long held() {
    return small.held() + large.values().stream().mapToLong(LargeMessage::size).sum();
  }

  /// Drops what there is of a message.
  void forget(String id) {
    small.forget(id);
    LargeMessage message = large.remove(id);
    if (message != null) {
      message.discard();
    }
  }

  /// A message could not be stored.
  ///
  /// @return its Message-ID, if it is unfinished; it is not known here any more
  Optional<String> lost(LargeMessage message) {
    Optional<String> id =
        large.entrySet().stream()
            .filter(each -> each.getValue() == message)
            .map(Map.Entry::getKey)
            .findFirst();
    id.ifPresent(large::remove);
    return id;
  }

  /// Drops each unfinished message of which nothing has come for so long.
  ///
  /// @return their Message-IDs
  List<String> dropIdle(long limit, long now) {
    List<String> idle = new ArrayList<>(small.dropIdle(limit, now));
    List<String> idleLarge =
        large.entrySet().stream()
            .filter(each -> each.getValue().isIdleSince(limit, now))
            .map(Map.Entry::getKey)
            .toList();
    idleLarge.forEach(this::forget);
    idle.addAll(idleLarge);
    return idle;
  }

  int unfinished() {
    return small.unfinished() + large.size();
  }

  /// Nothing more comes: what is unfinished is gone.
  void end() {
    large.values().forEach(LargeMessage::discard);
    large.clear();
  }
}
