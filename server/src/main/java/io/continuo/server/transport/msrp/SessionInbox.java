package io.continuo.server.transport.msrp;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.ContentType;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.Reassembly;
import io.continuo.msrp.ReportStatus;
import io.continuo.server.b2bua.MediaTerms;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.Reply;
import io.continuo.server.conversation.SubmitResult;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What a device SENDs on one leg while it is bound: chunks are joined, a whole message is handed
/// on, and its last chunk is answered when the conversation replies (RFC 4975 §7.3.1).
///
/// Threading: the connection's event loop.
final class SessionInbox {
  /// Whole messages and probes without a reply, from which on the answers to further chunks are
  /// withheld, which slows this sender and nobody else. The same from `msrp.max-message` bytes of
  /// them on: a quarter of what the whole connection may hold.
  static final int MAX_UNREPLIED = 64;

  /// Messages remembered as refused, so that their later chunks meet the same answer.
  static final int MAX_REFUSED = 64;

  private final BoundSession bound;
  private final MsrpConnection connection;
  private final MsrpEvents events;
  private final Reassembly reassembly;
  private final Duration chunkTimeout;
  private final Map<String, MsrpStatus> refused =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MsrpStatus> eldest) {
          return size() > MAX_REFUSED;
        }
      };
  private final ArrayDeque<MsrpResponse> withheld = new ArrayDeque<>();
  private final long maxUnreplied;
  private int unreplied;
  private long unrepliedBytes;
  private @Nullable ScheduledFuture<?> watch;

  SessionInbox(
      BoundSession bound, MsrpConnection connection, MsrpEvents events, MsrpSettings settings) {
    this.bound = bound;
    this.connection = connection;
    this.events = events;
    this.reassembly = new Reassembly(settings.maxMessage(), settings.reassemblyPerLeg());
    this.maxUnreplied = settings.maxMessage();
    this.chunkTimeout = settings.chunkTimeout();
  }

  void take(MsrpRequest request) {
    switch (request.body()) {
      case MsrpBody.None none -> bodiless(request);
      case MsrpBody.TooLarge tooLarge ->
          refuseMessage(request, MsrpStatus.STOP_SENDING, "message too large");
      case MsrpBody.Bytes bytes -> placed(request, bytes.bytes());
      case MsrpBody.Piece piece ->
          throw new IllegalStateException("Connections asks for whole chunks, not " + piece);
    }
  }

  /// Where there are no bytes, Byte-Range places none and is not read: AOSP binds with `1/0-0`.
  private void placed(MsrpRequest request, byte[] bytes) {
    request
        .header(MsrpHeader.BYTE_RANGE)
        .map(ByteRange::parse)
        .orElse(Optional.of(ByteRange.UNSAID))
        .ifPresentOrElse(
            range -> chunk(request, range, bytes),
            () -> connection.refuse(request, MsrpStatus.BAD_REQUEST, "wrong Byte-Range"));
  }

  private void bodiless(MsrpRequest request) {
    if (request.continuation() == Continuation.ABORTED) {
      giveUp(request);
      return;
    }
    events.probed(bound.leg(), reply(request, 0));
  }

  private void giveUp(MsrpRequest request) {
    request
        .header(MsrpHeader.MESSAGE_ID)
        .ifPresent(id -> {
          refused.remove(id);
          reassembly.forget(id);
        });
    connection.respond(request, MsrpStatus.OK);
  }

  private void chunk(MsrpRequest request, ByteRange range, byte[] bytes) {
    String id = request.header(MsrpHeader.MESSAGE_ID).orElse("");
    String type = request.header(MsrpHeader.CONTENT_TYPE).orElse("");
    if (range.start() == 1) {
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
      join(request, reassembly.add(id, type, range, bytes, request.continuation(), now));
      watchUnfinished();
    }
  }

  private void join(MsrpRequest request, Reassembly.Result result) {
    switch (result) {
      case Reassembly.Result.Taken taken -> answerChunk(request);
      case Reassembly.Result.GivenUp givenUp -> connection.respond(request, MsrpStatus.OK);
      case Reassembly.Result.Refused no -> refuseMessage(request, no.status(), no.reason());
      case Reassembly.Result.Complete whole ->
          events.received(
              bound.leg(),
              whole.messageId(),
              whole.contentType(),
              whole.body(),
              reply(request, whole.body().length));
    }
  }

  /// While a message is unfinished, looks now and then whether its sender has left it. So it goes
  /// after one to two time-outs, without a timer for each chunk.
  private void watchUnfinished() {
    if (watch == null && reassembly.unfinished() > 0) {
      watch = connection.after(chunkTimeout, this::dropUnfinished);
    }
  }

  private void dropUnfinished() {
    watch = null;
    for (String id : reassembly.dropIdle(chunkTimeout.toNanos(), System.nanoTime())) {
      refused.put(id, MsrpStatus.REQUEST_TIMEOUT);
      connection.note(MsrpStatus.REQUEST_TIMEOUT.code(), "unfinished message dropped");
    }
    watchUnfinished();
  }

  /// Refuses this chunk, and whatever else comes of its message.
  private void refuseMessage(MsrpRequest request, MsrpStatus status, String reason) {
    String id = request.header(MsrpHeader.MESSAGE_ID).orElse("");
    reassembly.forget(id);
    if (request.continuation() == Continuation.MORE) {
      refused.put(id, status);
    }
    connection.refuse(request, status, reason);
  }

  private void answerChunk(MsrpRequest request) {
    if (!isOver()) {
      connection.respond(request, MsrpStatus.OK);
    } else if (FailureReport.of(request).wants(MsrpStatus.OK)) {
      withheld.add(request.answer(MsrpStatus.OK));
      connection.hold(BoundSession.HEAD_BYTES);
    }
  }

  private boolean isOver() {
    return unreplied >= MAX_UNREPLIED || unrepliedBytes >= maxUnreplied;
  }

  private Reply reply(MsrpRequest request, int bodyBytes) {
    long bytes = (long) bodyBytes + BoundSession.HEAD_BYTES;
    unreplied++;
    unrepliedBytes += bodyBytes;
    connection.hold(bytes);
    var replied = new AtomicBoolean();
    return result -> {
      if (replied.compareAndSet(false, true)) {
        connection.onLoop(() -> settle(request, bodyBytes, bytes, result));
      }
    };
  }

  private void settle(MsrpRequest request, int bodyBytes, long bytes, SubmitResult result) {
    unreplied--;
    unrepliedBytes -= bodyBytes;
    connection.release(bytes);
    switch (result) {
      case SubmitResult.Accepted accepted -> confirm(request, bodyBytes);
      case SubmitResult.Duplicate duplicate -> confirm(request, bodyBytes);
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

  private void confirm(MsrpRequest request, int bodyBytes) {
    connection.respond(request, MsrpStatus.OK);
    boolean wanted =
        request.header(MsrpHeader.SUCCESS_REPORT).filter("yes"::equalsIgnoreCase).isPresent();
    if (wanted && request.body() instanceof MsrpBody.Bytes) {
      connection.write(successReport(request, bodyBytes));
    }
  }

  /// One for the whole message, as soon as it is stored; a REPORT goes back over the whole path
  /// (RFC 4975 §7.1.2).
  private MsrpRequest successReport(MsrpRequest request, int bytes) {
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
  }
}
