package io.continuo.server.transport.msrp;

import io.continuo.msrp.Chunker;
import io.continuo.msrp.MalformedMessage;
import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpInbound;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import io.continuo.msrp.TransactionIds;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One TCP connection with the sessions that are bound to it: matches answers with what awaits
/// them, and ends when it carries nothing any more. What its requests mean is [RequestRouter]'s and
/// [SessionInbox]'s, the pace of what goes out [Outflow]'s and of what comes [Unanswered]'s;
/// [KeepAlive] notices a peer that is gone.
///
/// Threading: the connection's event loop, except [#post] and [#onLoop].
final class MsrpConnection extends SimpleChannelInboundHandler<MsrpInbound> {
  /// How long a connection without sessions may take to write the rest.
  static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(MsrpConnection.class);

  private final Channel channel;
  private final Shared shared;
  private final Carrier carrier;
  private final boolean dialled;
  private final Transactions transactions;
  private final TransactionIds ids = TransactionIds.seeded();
  private final Chunker chunker;
  private final RequestRouter router;
  private final Unanswered unanswered;
  private final EarlyAnswers early = new EarlyAnswers();
  private final KeepAlive keepAlive = new KeepAlive(this);
  private final Map<String, BoundSession> bound = new HashMap<>();
  private final InetAddress source;
  private final Outflow outflow;
  private @Nullable Runnable whenSilent;
  private boolean used;

  /// @param source the peer's address
  /// @param dialled whether we made it
  MsrpConnection(
      Channel channel, InetAddress source, Carrier carrier, Shared shared, boolean dialled) {
    this.channel = channel;
    this.carrier = carrier;
    this.shared = shared;
    this.dialled = dialled;
    this.source = source;
    this.transactions =
        new Transactions(channel.eventLoop(), shared.settings().transactionTimeout());
    this.router = new RequestRouter(this, shared);
    this.chunker = new Chunker(shared.settings().maxChunk(), ids::next);
    this.outflow = new Outflow(channel, transactions, chunker, this::closeUnread);
    // Enough for several messages of the largest size to await the store at the same time.
    this.unanswered =
        new Unanswered(channel, 4 * SessionInbox.maxUnreplied(shared.settings().maxMessage()));
  }

  // ---- the connection's life ----

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ScheduledFuture<?> deadline = after(shared.settings().bindTimeout(), this::closeUnlessUsed);
    // A timer that waits on keeps a closed connection in memory.
    channel.closeFuture().addListener(closed -> deadline.cancel(false));
  }

  private void closeUnlessUsed() {
    if (!used && whenSilent == null && channel.isActive()) {
      note(MsrpStatus.REQUEST_TIMEOUT.code(), "no session in time");
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    List.copyOf(bound.values()).forEach(session -> session.lose("connection closed"));
    transactions.closed();
    outflow.closed();
    router.closed();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause.getCause() instanceof MalformedMsrpException malformed) {
      int status = MsrpStatus.BAD_REQUEST.code();
      String detail = String.valueOf(malformed.getMessage());
      shared.refusals().note(source.getHostAddress(), status, "malformed", detail);
    } else if (cause instanceof IOException) {
      log.atDebug().addKeyValue("reason", cause.getMessage()).log("msrp.connection-broken");
    } else {
      log.atError().setCause(cause).log("msrp.connection-failed");
    }
    channel.close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      keepAlive.silent(() -> bound.isEmpty() ? null : bound.values().iterator().next());
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    keepAlive.heard();
    context.fireChannelReadComplete();
  }

  /// Closes it when it carries no session and owes nobody anything, or at the latest after
  /// [#CLOSE_GRACE].
  void closeWhenUnused() {
    boolean mayEnd = (used || dialled) && whenSilent == null;
    if (!mayEnd || !bound.isEmpty() || router.isAwaiting() || !channel.isActive()) {
      return;
    }
    if (outflow.isIdle() && unanswered.isNone()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void closeUnlessBound() {
    if (bound.isEmpty() && whenSilent == null) {
      channel.close();
    }
  }

  /// It stays open without sessions, as the one to a relay does.
  ///
  /// @param whenSilent what is done in place of a bodiless SEND when nothing comes and there is no
  ///   session to ask
  void keep(Runnable whenSilent) {
    this.whenSilent = whenSilent;
  }

  /// Nothing came, and there is no session to ask.
  void silentWithoutSession() {
    if (whenSilent == null) {
      channel.close();
    } else {
      whenSilent.run();
    }
  }

  // ---- what comes ----

  @Override
  protected void channelRead0(ChannelHandlerContext context, MsrpInbound message) {
    keepAlive.heard();
    switch (message) {
      case MsrpResponse response -> transactions.answered(response);
      case MsrpRequest request when early.passesOver(request) -> {}
      case MsrpRequest request -> router.route(request);
      case MalformedMessage malformed -> refuse(malformed);
    }
  }

  /// The connection carries other sessions, so one message that is not understood ends nothing.
  private void refuse(MalformedMessage malformed) {
    MsrpStatus status = malformed.status().orElse(MsrpStatus.BAD_REQUEST);
    String detail = "offset " + malformed.offset() + ": expected " + malformed.expected();
    shared.refusals().note(source.getHostAddress(), status.code(), "malformed message", detail);
    if (FailureReport.of(malformed).wants(status)) {
      malformed.answer(own()).ifPresent(this::write);
    }
  }

  /// Who answers what names nobody: this end of the connection, without a session.
  private MsrpUri own() {
    int port = ((InetSocketAddress) channel.localAddress()).getPort();
    return carrier.uri(shared.settings().host(), port);
  }

  /// A session was bound here.
  void enter(BoundSession session) {
    used = true;
    bound.put(session.leg().value(), session);
    shared.events().bound(session.leg());
  }

  /// Asks with a bodiless SEND whether the peer still has this session here.
  void probe(BoundSession session, Duration timeout, Consumer<Boolean> verdict) {
    if (!channel.isActive()) {
      verdict.accept(false);
      return;
    }
    MsrpRequest probe = session.bodiless();
    String id = probe.transactionId();
    transactions.await(id, status -> verdict.accept(KeepAlive.isHere(status)));
    after(timeout, () -> expire(id));
    write(probe);
  }

  // ---- what goes out ----

  void send(Outflow.Lane lane, Transfer transfer) {
    outflow.send(lane, transfer);
    closeWhenUnused();
  }

  /// Bytes of its first message, awaited from a file, have come.
  void advance(Outflow.Lane lane) {
    outflow.advance(lane);
  }

  void strikeOff(Outflow.Lane lane) {
    outflow.strikeOff(lane);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      outflow.writableAgain();
      closeWhenUnused();
    }
  }

  /// Tells `waiter` the status of the answer, 408 when none comes, 0 when the connection closes.
  void await(String transactionId, IntConsumer waiter) {
    transactions.await(transactionId, waiter);
  }

  /// The same with the answer's headers.
  void awaitWhole(String transactionId, Transactions.Waiter waiter) {
    transactions.awaitWhole(transactionId, waiter);
  }

  /// Tells whoever still awaits this answer that none comes.
  void expire(String transactionId) {
    transactions.answered(transactionId, MsrpStatus.REQUEST_TIMEOUT.code());
  }

  void write(MsrpMessage message) {
    outflow.write(message);
  }

  private void closeUnread() {
    note(MsrpStatus.STOP_SENDING.code(), "reads no answers");
    channel.close();
  }

  /// Answers, when the sender wants this answer and its chunk was not answered before.
  void respond(MsrpRequest request, MsrpStatus status) {
    if (early.mayAnswer(request)) {
      answer(request, status);
    }
  }

  private void answer(MsrpRequest request, MsrpStatus status) {
    if (FailureReport.of(request).wants(status)) {
      write(request.answer(status));
    }
  }

  void refuse(MsrpRequest request, MsrpStatus status, String reason) {
    if (early.mayAnswer(request)) {
      note(status.code(), reason);
      answer(request, status);
    }
  }

  /// One log line and one count.
  void note(int status, String reason) {
    shared.refusals().note(source.getHostAddress(), status, reason);
  }

  // ---- back-pressure: bytes that came and were not answered yet ----

  void hold(long bytes) {
    unanswered.hold(bytes);
  }

  void release(long bytes) {
    unanswered.release(bytes);
  }

  /// Leaves the socket unread until [#resume].
  void pause() {
    unanswered.pause();
  }

  void resume() {
    unanswered.resume();
  }

  /// Whether no other session would notice that it is left unread.
  boolean isAlone(BoundSession session) {
    return bound.size() == 1 && bound.containsValue(session);
  }

  // ---- what sessions use ----

  void forget(BoundSession session) {
    bound.remove(session.leg().value(), session);
    if (bound.isEmpty()) {
      after(CLOSE_GRACE, this::closeUnlessBound);
    }
  }

  /// Ends the bindings of these sessions.
  void loseAll(Predicate<MsrpSession> which, String reason) {
    List.copyOf(bound.values()).stream()
        .filter(binding -> which.test(binding.session()))
        .forEach(binding -> binding.lose(reason));
  }

  /// The session of this id, when it is bound here.
  Optional<BoundSession> boundHere(String sessionId) {
    return Optional.ofNullable(bound.get(sessionId));
  }

  RequestRouter router() {
    return router;
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
    return source;
  }

  ScheduledFuture<?> after(Duration delay, Runnable work) {
    return channel.eventLoop().schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
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
      log.atDebug().log("msrp.loop-stopped");
    }
  }
}
