package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.MsrpEnd;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Carriage;
import io.continuo.server.b2bua.MsrpSessions;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// MSRP over TCP: listens, dials, and keeps the sessions of all legs (RFC 4975, RFC 6135).
///
/// Threading: the port's methods from any thread. One loop accepts, the others (one for each
/// processor) carry connections; everything of a connection happens on its loop.
public final class MsrpEndpoint implements MsrpSessions, AutoCloseable {
  /// How long the loops may take to run what they were given; the rest is dropped, as the
  /// connections are closed by then.
  private static final int STOP_SECONDS = 2;

  private final MsrpSettings settings;
  private final MsrpEvents events;
  private final Refusals refusals;
  private final ConcurrentMap<String, MsrpSession> sessions = new ConcurrentHashMap<>();
  private final Connections connections;
  private final Dialler dialler;
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
    var shared = new Shared(settings, events, refusals, sessions);
    this.connections = new Connections(shared);
    this.dialler = new Dialler(shared, connections);
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
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, connections.waterMark())
            .childHandler(connections.accepted());
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

  /// Where it listens.
  public InetSocketAddress address() {
    if (listener == null) {
      throw new IllegalStateException("not started");
    }
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public MsrpEnd offer(LegId leg, Device device) {
    MsrpUri own = MsrpUri.of(settings.host(), address().getPort(), leg.value());
    return new MsrpEnd(
        List.of(own.toString()), new Carriage(false, settings.host(), false, List.of()));
  }

  @Override
  public MsrpEnd answer(LegId leg, Device device, MsrpMedia offer) {
    return offer(leg, device);
  }

  @Override
  public void expect(LegId leg, MsrpMedia ours) {
    MsrpUri own = MsrpUri.parse(ours.path().getLast()).orElseThrow();
    sessions.computeIfAbsent(
        leg.value(), id -> new MsrpSession(leg, own, events, settings, io.next()));
  }

  @Override
  public void start(
      LegId leg,
      AddressOfRecord subscriber,
      MsrpMedia peer,
      boolean connect,
      Optional<String> signalledFrom) {
    @Nullable MsrpSession session = sessions.get(leg.value());
    if (session == null) {
      return; // Ended in the meantime.
    }
    List<MsrpUri> path = new ArrayList<>();
    peer.path().forEach(uri -> MsrpUri.parse(uri).ifPresent(path::add));
    if (path.size() != peer.path().size()) {
      refusals.note(
          signalledFrom.orElse("-"), MsrpStatus.BAD_REQUEST.code(), "malformed path in SDP");
      session.loop().execute(() -> events.notDialled(leg, "malformed path"));
      return;
    }
    var known = new MsrpSession.Peer(path, signalledFrom.flatMap(Network::literal));
    session.start(known);
    if (connect) {
      dialler.dial(session, subscriber, known, address());
    }
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
    connections.close();
    acceptor.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    io.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
