package io.continuo.server.transport.msrp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import io.continuo.msrp.netty.MsrpDecoder;
import io.continuo.msrp.netty.MsrpEncoder;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.b2bua.MsrpSessions;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// MSRP over TCP: listens, dials, and keeps the sessions of all legs (RFC 4975, RFC 6135).
///
/// Threading: the port's methods from any thread. One loop accepts, the others (one for each
/// processor) carry connections; everything of a connection happens on its loop.
public final class MsrpEndpoint implements MsrpSessions, AutoCloseable {
  /// Answers to one read that are flushed together at most; the end of the read flushes the rest.
  private static final int FLUSHES_JOINED = 256;

  /// How long the loops may take to run what they were given; the rest is dropped, as the
  /// connections are closed by then.
  private static final int STOP_SECONDS = 2;

  private final MsrpSettings settings;
  private final MsrpEvents events;
  private final Refusals refusals;
  private final DialPolicy policy;
  private final ConnectBudget budget;
  private final ConcurrentMap<String, MsrpSession> sessions = new ConcurrentHashMap<>();
  private final Shared shared;
  private final Map<InetAddress, Integer> perSource = new ConcurrentHashMap<>();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final EventLoopGroup acceptor =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoopGroup io =
      new MultiThreadIoEventLoopGroup(
          Runtime.getRuntime().availableProcessors(), NioIoHandler.newFactory());
  private @Nullable Channel listener;

  /// @param events told of everything that happens, on event loops
  /// @param counter told of every refusal
  public MsrpEndpoint(MsrpSettings settings, MsrpEvents events, MsrpRefusals counter) {
    this.settings = settings;
    this.events = events;
    this.refusals = new Refusals(counter);
    this.policy = new DialPolicy(settings);
    this.budget =
        new ConnectBudget(
            settings.connectsPerSubscriber(), settings.connectsWindow(), Ticker.systemTicker());
    this.shared = new Shared(settings, events, refusals, sessions);
  }

  /// Listens from now on. Call once, before any other method.
  ///
  /// @throws IOException when the address cannot be listened on, naming it
  public void start() throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(acceptor, io)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
            .childHandler(initializer(this::accept));
    ChannelFuture bound = bootstrap.bind(settings.host(), settings.port()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      @Nullable Throwable cause = bound.cause();
      close();
      String why = cause instanceof UnresolvedAddressException ? "unknown host" : why(cause);
      throw new IOException(
          "cannot listen for MSRP on " + settings.host() + ":" + settings.port() + ": " + why,
          cause);
    }
    listener = bound.channel();
  }

  private static String why(@Nullable Throwable cause) {
    return cause == null ? "interrupted" : String.valueOf(cause.getMessage());
  }

  private WriteBufferWaterMark waterMark() {
    int high = (int) Math.min(Integer.MAX_VALUE, settings.sendBuffer());
    return new WriteBufferWaterMark(high / 2, high);
  }

  private static ChannelInitializer<Channel> initializer(Consumer<Channel> made) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        made.accept(channel);
      }
    };
  }

  private void accept(Channel channel) {
    InetAddress source = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    if (perSource.merge(source, 1, Integer::sum) > settings.maxConnectionsPerSource()) {
      release(source);
      refusals.note(source.getHostAddress(), MsrpStatus.FORBIDDEN.code(), "too many connections");
      channel.close();
      return;
    }
    channel.closeFuture().addListener(closed -> release(source));
    carry(channel, source, false);
  }

  private void release(InetAddress source) {
    perSource.computeIfPresent(source, (address, count) -> count > 1 ? count - 1 : null);
  }

  private void carry(Channel channel, InetAddress source, boolean dialled) {
    int head = settings.maxHeaders();
    int chunk = (int) Math.min(Integer.MAX_VALUE - 8, settings.maxMessage());
    var limits = new MsrpLimits(head, head, chunk, settings.maxMessage());
    long idle = settings.idleTimeout().toMillis();
    connections.add(channel);
    channel
        .pipeline()
        .addLast(new FlushConsolidationHandler(FLUSHES_JOINED, true))
        .addLast(new IdleStateHandler(idle, 0, 0, TimeUnit.MILLISECONDS))
        .addLast(new MsrpEncoder())
        .addLast(new MsrpDecoder(limits))
        .addLast(new MsrpConnection(channel, source, shared, dialled));
  }

  /// Where it listens.
  public InetSocketAddress address() {
    if (listener == null) {
      throw new IllegalStateException("not started");
    }
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public List<String> path(LegId leg) {
    return List.of(own(leg).toString());
  }

  private MsrpUri own(LegId leg) {
    return MsrpUri.of(settings.host(), address().getPort(), leg.value());
  }

  @Override
  public void expect(LegId leg) {
    session(leg);
  }

  private MsrpSession session(LegId leg) {
    return sessions.computeIfAbsent(
        leg.value(), id -> new MsrpSession(leg, own(leg), events, settings, io.next()));
  }

  @Override
  public void start(
      LegId leg,
      AddressOfRecord subscriber,
      List<String> peerPath,
      boolean connect,
      Optional<String> signalledFrom) {
    MsrpSession session = session(leg);
    List<MsrpUri> path = new ArrayList<>();
    peerPath.forEach(uri -> MsrpUri.parse(uri).ifPresent(path::add));
    if (path.isEmpty() || path.size() != peerPath.size()) {
      refusals.note(
          signalledFrom.orElse("-"), MsrpStatus.BAD_REQUEST.code(), "malformed path in SDP");
      session.loop().execute(() -> events.unbound(leg, "malformed path"));
      return;
    }
    var peer = new MsrpSession.Peer(path, signalledFrom.flatMap(Network::literal));
    session.start(peer);
    if (connect) {
      dial(session, subscriber, peer);
    }
  }

  private void dial(MsrpSession session, AddressOfRecord subscriber, MsrpSession.Peer peer) {
    switch (policy.judge(peer.path().getFirst(), peer.signalledFrom(), address())) {
      case DialPolicy.Verdict.Refused no -> doNotDial(session, peer, no.reason());
      case DialPolicy.Verdict.Dial to -> {
        if (budget.spend(subscriber)) {
          connect(session, peer, to.target());
        } else {
          doNotDial(session, peer, "too many connects for one subscriber");
        }
      }
    }
  }

  private void doNotDial(MsrpSession session, MsrpSession.Peer peer, String reason) {
    refusals.note(source(peer), MsrpStatus.FORBIDDEN.code(), reason);
    session.unreached(reason);
  }

  private static String source(MsrpSession.Peer peer) {
    return peer.signalledFrom().map(InetAddress::getHostAddress).orElse("-");
  }

  private void connect(MsrpSession session, MsrpSession.Peer peer, InetSocketAddress target) {
    int timeout = (int) Math.min(Integer.MAX_VALUE, settings.bindTimeout().toMillis());
    ChannelFuture connected =
        new Bootstrap()
            .group(session.loop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
            .handler(initializer(channel -> carry(channel, target.getAddress(), true)))
            .connect(target);
    session.dialling(connected.channel());
    connected.addListener(done -> {
      if (done.isSuccess()) {
        connected.channel().pipeline().get(MsrpConnection.class).router().bindFor(session, peer);
      } else {
        session.unreached("cannot connect: " + done.cause().getMessage());
      }
    });
  }

  @Override
  public void send(ConversationEffect.Deliver delivery) {
    @Nullable MsrpSession session = sessions.get(delivery.leg().value());
    if (session != null) {
      session.send(delivery);
    } else {
      var gone = new DeliveryOutcome.Unreachable(0);
      io.next().execute(() -> events.answered(delivery.leg(), delivery.sequence(), gone));
    }
  }

  @Override
  public void relay(ConversationEffect.Relay relay) {
    @Nullable MsrpSession session = sessions.get(relay.leg().value());
    if (session != null) {
      session.relay(relay);
    }
  }

  @Override
  public void bind(LegId leg) {
    @Nullable MsrpSession session = sessions.get(leg.value());
    if (session != null) {
      session.bind();
    }
  }

  @Override
  public void close(LegId leg) {
    @Nullable MsrpSession session = sessions.remove(leg.value());
    if (session != null) {
      session.close();
    }
  }

  /// Stops listening and closes every connection. Blocks for up to a few seconds.
  @Override
  public void close() {
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    connections.close().awaitUninterruptibly();
    acceptor.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    io.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
