package io.continuo.server.transport.msrp;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.Chunker;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.TransactionIds;
import io.continuo.server.transport.msrp.MsrpSession.Claim;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One TCP connection with the sessions that are bound to it: finds the session of each request,
/// matches answers with what awaits them, and paces what is written.
///
/// Threading: the connection's event loop, except [#post] and [#onLoop].
final class MsrpConnection extends SimpleChannelInboundHandler<MsrpMessage> {
  /// Requests that wait until their session is agreed or its old connection has answered a probe;
  /// more are answered 408.
  static final int MAX_PARKED = 32;

  /// Answers written while the peer reads nothing; more close the connection.
  static final int MAX_UNREAD_ANSWERS = 4096;

  /// How long an old connection has to show that it is alive, when its session is bound anew.
  static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

  /// How long a connection without sessions may take to write the rest.
  static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(MsrpConnection.class);

  private final Channel channel;
  private final Shared shared;
  private final boolean dialled;
  private final Transactions transactions;
  private final TransactionIds ids = TransactionIds.seeded();
  private final Chunker chunker;
  private final long maxHeld;
  private final Map<String, BoundSession> bound = new HashMap<>();
  private final Map<String, ArrayDeque<MsrpRequest>> parked = new HashMap<>();
  private final ArrayDeque<Transfer> queue = new ArrayDeque<>();
  private long held;
  private int parkedRequests;
  private int unreadAnswers;
  private boolean used;

  /// @param dialled whether we made it
  MsrpConnection(Channel channel, Shared shared, boolean dialled) {
    this.channel = channel;
    this.shared = shared;
    this.dialled = dialled;
    this.transactions =
        new Transactions(channel.eventLoop(), shared.settings().transactionTimeout());
    this.chunker = new Chunker(shared.settings().maxChunk(), ids::next);
    // Enough for several messages of the largest size to await the store at the same time.
    this.maxHeld = 4 * shared.settings().maxMessage();
  }

  // ---- the connection's life ----

  @Override
  public void channelActive(ChannelHandlerContext context) {
    after(shared.settings().bindTimeout(), this::closeUnlessUsed);
  }

  private void closeUnlessUsed() {
    if (!used && channel.isActive()) {
      shared.refusals().refused("no session in time", MsrpStatus.REQUEST_TIMEOUT.code());
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    List.copyOf(bound.values()).forEach(session -> session.lose("connection closed"));
    transactions.closed();
    queue.forEach(transfer -> transfer.answered(Transactions.CLOSED));
    queue.clear();
    parked.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause.getCause() instanceof MalformedMsrpException malformed) {
      shared
          .refusals()
          .refused("malformed: " + malformed.getMessage(), MsrpStatus.BAD_REQUEST.code());
    } else if (cause instanceof IOException) {
      log.atDebug().addKeyValue("reason", cause.getMessage()).log("msrp.connection.broken");
    } else {
      log.atError().setCause(cause).log("msrp.connection.failed");
    }
    channel.close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (!(event instanceof IdleStateEvent)) {
      context.fireUserEventTriggered(event);
    } else if (bound.isEmpty()) {
      channel.close();
    } else {
      BoundSession any = bound.values().iterator().next();
      probe(any, shared.settings().transactionTimeout(), this::closeUnlessAlive);
    }
  }

  private void closeUnlessAlive(boolean alive) {
    if (!alive) {
      channel.close();
    }
  }

  /// Closes it when it carries no session and owes nobody anything, or at the latest after
  /// [#CLOSE_GRACE].
  void closeWhenUnused() {
    if (!used || !bound.isEmpty() || !parked.isEmpty() || !channel.isActive()) {
      return;
    }
    if (queue.isEmpty() && held == 0) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void closeUnlessBound() {
    if (bound.isEmpty()) {
      channel.close();
    }
  }

  // ---- requests and answers that come ----

  @Override
  protected void channelRead0(ChannelHandlerContext context, MsrpMessage message) {
    switch (message) {
      case MsrpResponse response ->
          transactions.answered(response.transactionId(), response.status());
      case MsrpRequest request -> route(request);
    }
  }

  private void route(MsrpRequest request) {
    if (request.method().equals(MsrpRequest.REPORT)) {
      return; // Reports are never answered (RFC 4975 §7.1.2); our deliveries count their answers.
    }
    if (!request.method().equals(MsrpRequest.SEND)) {
      refuse(request, MsrpStatus.UNKNOWN_METHOD, "unknown method");
      return;
    }
    String id = request.toPath().getFirst().sessionId().orElse("");
    @Nullable MsrpSession session = shared.sessions().get(id);
    if (session == null || request.toPath().size() != 1) {
      refuse(request, MsrpStatus.SESSION_DOES_NOT_EXIST, "unknown session");
    } else if (parked.containsKey(id)) {
      park(id, request);
    } else {
      claim(session, id, request);
    }
  }

  private void claim(MsrpSession session, String id, MsrpRequest request) {
    switch (session.claim(this, request.fromPath())) {
      case Claim.Here here when here.fresh() -> begin(here.bound(), request);
      case Claim.Here here -> here.bound().take(request);
      case Claim.NotStarted notStarted -> park(id, request);
      case Claim.Elsewhere elsewhere -> {
        park(id, request);
        challenge(id, elsewhere.current());
      }
      case Claim.Refused no -> refuse(request, no.status(), no.reason());
    }
  }

  /// A bodiless SEND is answered before we send anything ourselves.
  private void begin(BoundSession session, MsrpRequest request) {
    boolean onlyBinds =
        request.body() instanceof MsrpBody.None
            && request.continuation() == Continuation.COMPLETE
            && request.header(MsrpHeader.BYTE_RANGE).map(ByteRange::parse).stream()
                .allMatch(range -> range.isPresent());
    if (onlyBinds) {
      respond(request, MsrpStatus.OK);
    }
    enter(session);
    if (!onlyBinds) {
      session.take(request);
    }
  }

  private void enter(BoundSession session) {
    used = true;
    bound.put(session.leg().value(), session);
    shared.events().bound(session.leg());
  }

  private void park(String id, MsrpRequest request) {
    if (parkedRequests >= MAX_PARKED) {
      refuse(request, MsrpStatus.REQUEST_TIMEOUT, "too many requests before the session is agreed");
      return;
    }
    parkedRequests++;
    parked.computeIfAbsent(id, key -> new ArrayDeque<>()).add(request);
  }

  private List<MsrpRequest> unpark(String id) {
    @Nullable ArrayDeque<MsrpRequest> requests = parked.remove(id);
    List<MsrpRequest> all = requests == null ? List.of() : new ArrayList<>(requests);
    parkedRequests -= all.size();
    return all;
  }

  /// Looks again at the requests that waited for this session.
  void wake(String id) {
    unpark(id).forEach(this::route);
    closeWhenUnused();
  }

  /// The session is on another connection from the same address: it stays there when that one is
  /// alive, else it comes here.
  private void challenge(String id, BoundSession current) {
    MsrpConnection old = current.connection();
    old.post(() -> old.probe(current, PROBE_TIMEOUT, alive -> challenged(id, current, alive)));
  }

  private void challenged(String id, BoundSession current, boolean alive) {
    if (!alive) {
      current.lose("bound anew by the device");
    }
    post(
        () -> {
          if (alive) {
            unpark(id).forEach(r -> refuse(r, MsrpStatus.BOUND_ELSEWHERE, "bound elsewhere"));
            closeWhenUnused();
          } else {
            wake(id);
          }
        });
  }

  /// Asks with a bodiless SEND whether the peer still has this session here.
  private void probe(BoundSession session, Duration timeout, Consumer<Boolean> verdict) {
    if (!channel.isActive()) {
      verdict.accept(false);
      return;
    }
    MsrpRequest probe = session.bodiless();
    String id = probe.transactionId();
    transactions.await(id, status -> verdict.accept(isAlive(status)));
    after(timeout, () -> transactions.answered(id, MsrpStatus.REQUEST_TIMEOUT.code()));
    write(probe);
  }

  private static boolean isAlive(int status) {
    return status != Transactions.CLOSED
        && status != MsrpStatus.REQUEST_TIMEOUT.code()
        && status != MsrpStatus.SESSION_DOES_NOT_EXIST.code()
        && status != MsrpStatus.BOUND_ELSEWHERE.code();
  }

  // ---- active side ----

  /// We made this connection for a session: binds it by a bodiless SEND (RFC 4975 §5.4).
  void bindFor(MsrpSession session, MsrpSession.Peer peer) {
    MsrpRequest bind = chunker.bodiless(peer.path(), session.own(), freshId());
    transactions.await(bind.transactionId(), status -> bindAnswered(session, peer, status));
    write(bind);
  }

  private void bindAnswered(MsrpSession session, MsrpSession.Peer peer, int status) {
    if (status != MsrpStatus.OK.code()) {
      session.unreached("our bodiless SEND was answered " + status);
      channel.close();
      return;
    }
    switch (session.claim(this, peer.path())) {
      case Claim.Here here -> {
        if (here.fresh()) {
          enter(here.bound());
        }
      }
      case Claim.NotStarted notStarted -> channel.close();
      case Claim.Elsewhere elsewhere -> channel.close(); // The first answered bind wins.
      case Claim.Refused no -> channel.close();
    }
  }

  // ---- what goes out ----

  void send(Transfer transfer) {
    queue.add(transfer);
    pump();
  }

  /// Writes chunks while the channel takes them; the rest waits until it does again.
  private void pump() {
    while (channel.isWritable() && !queue.isEmpty()) {
      Transfer first = queue.element();
      if (first.hasNext()) {
        MsrpRequest chunk = first.next();
        transactions.await(chunk.transactionId(), first::answered);
        channel.write(chunk);
      }
      if (!first.hasNext()) {
        queue.remove(first);
        first.cutShortAfter().ifPresent(last -> channel.write(chunker.giveUp(last)));
      }
    }
    channel.flush();
    closeWhenUnused();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      unreadAnswers = 0;
      pump();
    }
  }

  void write(MsrpMessage message) {
    channel.writeAndFlush(message);
    if (!channel.isWritable() && ++unreadAnswers > MAX_UNREAD_ANSWERS) {
      shared.refusals().refused("reads no answers", MsrpStatus.STOP_SENDING.code());
      channel.close();
    }
  }

  /// Answers, when the sender wants this answer.
  void respond(MsrpRequest request, MsrpStatus status) {
    if (FailureReport.of(request).wants(status)) {
      write(request.answer(status));
    }
  }

  void refuse(MsrpRequest request, MsrpStatus status, String reason) {
    shared.refusals().refused(reason, status.code());
    respond(request, status);
  }

  // ---- back-pressure: bytes that came and were not answered yet ----

  void hold(long bytes) {
    held += bytes;
    if (held > maxHeld) {
      channel.config().setAutoRead(false);
    }
  }

  void release(long bytes) {
    held -= bytes;
    if (held <= maxHeld / 2) {
      channel.config().setAutoRead(true);
    }
  }

  // ---- what sessions use ----

  void forget(BoundSession session) {
    bound.remove(session.leg().value(), session);
    if (bound.isEmpty()) {
      after(CLOSE_GRACE, this::closeUnlessBound);
    }
  }

  Channel channel() {
    return channel;
  }

  boolean dialled() {
    return dialled;
  }

  Chunker chunker() {
    return chunker;
  }

  String freshId() {
    return ids.next();
  }

  /// The peer's address.
  InetAddress source() {
    return ((InetSocketAddress) channel.remoteAddress()).getAddress();
  }

  private void after(Duration delay, Runnable work) {
    channel.eventLoop().schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Runs on the loop, at once when already there.
  void onLoop(Runnable work) {
    if (channel.eventLoop().inEventLoop()) {
      work.run();
    } else {
      post(work);
    }
  }

  /// Runs on the loop, behind everything that was posted before.
  void post(Runnable work) {
    try {
      channel.eventLoop().execute(work);
    } catch (RejectedExecutionException stopped) {
      // The endpoint was closed, and every connection with it: nobody is left to tell.
      log.atDebug().log("msrp.loop.stopped");
    }
  }
}
