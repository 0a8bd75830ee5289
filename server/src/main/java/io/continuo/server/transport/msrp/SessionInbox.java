package io.continuo.server.transport.msrp;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.ContentType;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.ReportStatus;
import io.continuo.server.b2bua.MediaTerms;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.Reply;
import io.continuo.server.conversation.SubmitResult;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What a device SENDs on one leg while it is bound: chunks are joined, a whole message is handed
/// on, and its last chunk is answered when the conversation replies (RFC 4975 §7.3.1). A message
/// that is too large for memory goes to a file while it comes, and is handed on when that is safe.
///
/// Threading: the connection's event loop.
final class SessionInbox implements LargeMessage.Watcher {
  /// Whole messages and probes without a reply, from which on the answers to further chunks are
  /// withheld, which slows this sender and nobody else.
  static final int MAX_UNREPLIED = 64;

  /// Bytes of them in memory for which it is the same, unless `msrp.max-message` is less: a quarter
  /// of what the whole connection may hold.
  static final long MAX_UNREPLIED_BYTES = 1 << 20;

  /// Bytes of large messages that wait for the disk for which it is the same. A long chunk is not
  /// slowed by that: when nobody else is on the connection, its socket is left unread.
  static final long MAX_UNWRITTEN = 256 << 10;

  /// Messages remembered as refused, so that their later chunks meet the same answer.
  static final int MAX_REFUSED = 64;

  /// Why is an ERROR of the store's own: a cause would make a count of its own for each text.
  private static final String NOT_STORED = "large message cannot be stored";

  private final BoundSession bound;
  private final MsrpConnection connection;
  private final MsrpEvents events;
  private final Joining joining;
  private final Duration chunkTimeout;
  private final Map<String, MsrpStatus> refused =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MsrpStatus> eldest) {
          return size() > MAX_REFUSED;
        }
      };
  private final ArrayDeque<MsrpResponse> withheld = new ArrayDeque<>();
  private final Map<LargeMessage, Reply> sealing = new HashMap<>();
  private final long maxUnreplied;
  private int unreplied;
  private long unrepliedBytes;
  private long unwritten;
  private boolean paused;
  private boolean over;
  private @Nullable ScheduledFuture<?> watch;

  SessionInbox(BoundSession bound, MsrpConnection connection, BoundSession.Inbound inbound) {
    MsrpSettings settings = inbound.settings();
    this.bound = bound;
    this.connection = connection;
    this.events = inbound.events();
    this.joining = new Joining(connection, settings, inbound.uploads(), this);
    this.maxUnreplied = maxUnreplied(settings.maxMessage());
    this.chunkTimeout = settings.chunkTimeout();
  }

  static long maxUnreplied(long maxMessage) {
    return Math.min(maxMessage, MAX_UNREPLIED_BYTES);
  }

  void take(MsrpRequest request) {
    switch (request.body()) {
      case MsrpBody.None none -> bodiless(request);
      case MsrpBody.TooLarge tooLarge ->
          refuseMessage(request, MsrpStatus.STOP_SENDING, "message too large");
      case MsrpBody.Bytes bytes -> placed(request, 0, bytes.bytes(), false);
      case MsrpBody.Piece piece -> placed(request, piece.offset(), piece.bytes(), !piece.last());
    }
  }

  /// Where there are no bytes, Byte-Range places none and is not read: AOSP binds with `1/0-0`.
  ///
  /// @param offset bytes of the chunk before these
  /// @param goesOn whether more of it comes
  private void placed(MsrpRequest request, long offset, byte[] bytes, boolean goesOn) {
    request
        .header(MsrpHeader.BYTE_RANGE)
        .map(ByteRange::parse)
        .orElse(Optional.of(ByteRange.UNSAID))
        .ifPresentOrElse(
            range ->
                chunk(
                    request,
                    new Joining.Came(behind(range, offset), bytes, goesOn, request.continuation())),
            () -> connection.refuse(request, MsrpStatus.BAD_REQUEST, "wrong Byte-Range"));
  }

  private static ByteRange behind(ByteRange range, long offset) {
    return offset == 0
        ? range
        : new ByteRange(range.start() + offset, OptionalLong.empty(), range.total());
  }

  private void bodiless(MsrpRequest request) {
    if (request.continuation() == Continuation.ABORTED) {
      giveUp(request);
      return;
    }
    events.probed(bound.leg(), reply(request, 0, 0));
  }

  private void giveUp(MsrpRequest request) {
    request
        .header(MsrpHeader.MESSAGE_ID)
        .ifPresent(id -> {
          refused.remove(id);
          joining.forget(id);
        });
    connection.respond(request, MsrpStatus.OK);
  }

  private void chunk(MsrpRequest request, Joining.Came came) {
    String id = request.header(MsrpHeader.MESSAGE_ID).orElse("");
    String type = request.header(MsrpHeader.CONTENT_TYPE).orElse("");
    if (came.from() == 0) {
      refused.remove(id); // It begins again, so it is judged again.
    }
    @Nullable MsrpStatus before = refused.get(id);
    if (id.isEmpty()) {
      connection.refuse(request, MsrpStatus.BAD_REQUEST, "no Message-ID");
    } else if (request.continuation() == Continuation.ABORTED) {
      giveUp(request);
    } else if (before != null) {
      connection.refuse(request, before, "chunk of a message that was refused");
    } else if (type.indexOf('/') < 1) {
      refuseMessage(request, MsrpStatus.BAD_REQUEST, "no Content-Type");
    } else if (!MediaTerms.ACCEPT_TYPES.contains(ContentType.essence(type))) {
      refuseMessage(request, MsrpStatus.UNSUPPORTED_MEDIA_TYPE, "media type not accepted");
    } else {
      long now = System.nanoTime();
      join(request, id, joining.add(id, type, came, now));
      watchUnfinished();
    }
  }

  private void join(MsrpRequest request, String id, Joining.Result result) {
    switch (result) {
      case Joining.Result.Taken taken -> answerChunk(request);
      case Joining.Result.GivenUp givenUp -> connection.respond(request, MsrpStatus.OK);
      case Joining.Result.Refused no -> refuseMessage(request, no.status(), no.reason());
      case Joining.Result.Whole whole -> {
        long length = whole.body().length();
        events.received(
            bound.leg(), id, whole.contentType(), whole.body(), reply(request, length, length));
      }
      case Joining.Result.Sealable sealable -> seal(request, id, sealable.message());
    }
  }

  /// The message is handed on when its file is safe; until then it counts as not replied.
  private void seal(MsrpRequest request, String id, LargeMessage message) {
    long length = message.coverage().end().orElseThrow();
    Reply reply = reply(request, 0, length);
    sealing.put(message, reply);
    message.seal(body -> {
      sealing.remove(message);
      if (over) {
        LargeMessage.discarded(body);
        reply.answer(new SubmitResult.Unavailable("leg ended"));
        return;
      }
      events.received(bound.leg(), id, message.contentType(), body, ownedUntilKept(body, reply));
    });
  }

  /// A body that did not become part of an entry is not needed any more.
  private static Reply ownedUntilKept(Body body, Reply reply) {
    return result -> {
      if (!(result instanceof SubmitResult.Accepted)) {
        LargeMessage.discarded(body);
      }
      reply.answer(result);
    };
  }

  @Override
  public void waiting(long bytes) {
    unwritten += bytes;
    if (!paused && unwritten >= MAX_UNWRITTEN && connection.isAlone(bound)) {
      paused = true;
      connection.pause();
    } else if (paused && unwritten <= MAX_UNWRITTEN / 2) {
      paused = false;
      connection.resume();
    }
    if (bytes < 0) {
      answerWithheld();
      connection.closeWhenUnused();
    }
  }

  /// Whoever sends it is told with its next chunk, or with the last one when that awaits its
  /// answer.
  @Override
  public void lost(LargeMessage message) {
    @Nullable Reply reply = sealing.remove(message);
    if (reply != null) {
      reply.answer(new SubmitResult.Refused(MsrpStatus.STOP_SENDING.code(), NOT_STORED));
      return;
    }
    joining
        .lost(message)
        .ifPresent(id -> {
          refused.put(id, MsrpStatus.STOP_SENDING);
          connection.note(MsrpStatus.STOP_SENDING.code(), NOT_STORED);
        });
  }

  /// While a message is unfinished, looks now and then whether its sender has left it. So it goes
  /// after one to two time-outs, without a timer for each chunk.
  private void watchUnfinished() {
    if (watch == null && joining.unfinished() > 0) {
      watch = connection.after(chunkTimeout, this::dropUnfinished);
    }
  }

  private void dropUnfinished() {
    watch = null;
    for (String id : joining.dropIdle(chunkTimeout.toNanos(), System.nanoTime())) {
      refused.put(id, MsrpStatus.REQUEST_TIMEOUT);
      connection.note(MsrpStatus.REQUEST_TIMEOUT.code(), "unfinished message dropped");
    }
    watchUnfinished();
  }

  /// Refuses this chunk, and whatever else comes of its message.
  private void refuseMessage(MsrpRequest request, MsrpStatus status, String reason) {
    String id = request.header(MsrpHeader.MESSAGE_ID).orElse("");
    joining.forget(id);
    if (request.continuation() == Continuation.MORE) {
      refused.put(id, status);
    }
    connection.refuse(request, status, reason);
  }

  /// A chunk that comes in pieces is answered after the last.
  private void answerChunk(MsrpRequest request) {
    if (request.body() instanceof MsrpBody.Piece piece && !piece.last()) {
      return;
    }
    if (!isOver()) {
      connection.respond(request, MsrpStatus.OK);
    } else if (FailureReport.of(request).wants(MsrpStatus.OK)) {
      withheld.add(request.answer(MsrpStatus.OK));
      connection.hold(BoundSession.HEAD_BYTES);
    }
  }

  private boolean isOver() {
    return unreplied >= MAX_UNREPLIED
        || unrepliedBytes >= maxUnreplied
        || unwritten >= MAX_UNWRITTEN;
  }

  /// @param inMemory bytes of the body that are in memory until the reply
  /// @param length of the body
  private Reply reply(MsrpRequest request, long inMemory, long length) {
    unreplied++;
    unrepliedBytes += inMemory;
    connection.hold(inMemory + BoundSession.HEAD_BYTES);
    var replied = new AtomicBoolean();
    return result -> {
      if (replied.compareAndSet(false, true)) {
        connection.onLoop(() -> settle(request, inMemory, length, result));
      }
    };
  }

  private void settle(MsrpRequest request, long inMemory, long length, SubmitResult result) {
    unreplied--;
    unrepliedBytes -= inMemory;
    connection.release(inMemory + BoundSession.HEAD_BYTES);
    switch (result) {
      case SubmitResult.Accepted accepted -> confirm(request, length);
      case SubmitResult.Duplicate duplicate -> confirm(request, length);
      case SubmitResult.Refused no -> {
        MsrpStatus status = MsrpStatus.of(no.status()).orElse(MsrpStatus.BAD_REQUEST);
        connection.refuse(request, status, no.reason());
      }
      case SubmitResult.Unavailable unavailable ->
          connection.refuse(request, MsrpStatus.REQUEST_TIMEOUT, unavailable.reason());
    }
    answerWithheld();
    connection.closeWhenUnused();
  }

  private void answerWithheld() {
    while (!isOver() && !withheld.isEmpty()) {
      connection.write(withheld.remove());
      connection.release(BoundSession.HEAD_BYTES);
    }
  }

  private void confirm(MsrpRequest request, long length) {
    connection.respond(request, MsrpStatus.OK);
    boolean wanted =
        request.header(MsrpHeader.SUCCESS_REPORT).filter("yes"::equalsIgnoreCase).isPresent();
    if (wanted && !(request.body() instanceof MsrpBody.None)) {
      connection.write(successReport(request, length));
    }
  }

  /// One for the whole message, as soon as it is stored; a REPORT goes back over the whole path
  /// (RFC 4975 §7.1.2).
  private MsrpRequest successReport(MsrpRequest request, long bytes) {
    return new MsrpRequest(
        connection.freshId(),
        MsrpRequest.REPORT,
        request.fromPath(),
        List.of(bound.own()),
        List.of(
            new MsrpHeader(MsrpHeader.MESSAGE_ID, request.header(MsrpHeader.MESSAGE_ID).orElse("")),
            new MsrpHeader(MsrpHeader.BYTE_RANGE, ByteRange.of(1, bytes, bytes).toString()),
            new MsrpHeader(MsrpHeader.STATUS, ReportStatus.of(MsrpStatus.OK).toString())),
        MsrpBody.NONE,
        Continuation.COMPLETE);
  }

  /// The binding is over: what is unfinished is not kept for a timer's sake.
  void end() {
    if (watch != null) {
      watch.cancel(false);
    }
    over = true;
    joining.end();
  }
}
