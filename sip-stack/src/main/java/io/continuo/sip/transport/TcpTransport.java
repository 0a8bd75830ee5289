package io.continuo.sip.transport;

import io.continuo.sip.Flow;
import io.continuo.sip.SipTransports;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// All connections of an endpoint, those that peers opened and those that we opened: TCP, TLS, WS
/// and WSS. They share one table and one set of limits.
///
/// Threading: any thread, after [#listen].
public final class TcpTransport {
  /// How long we wait for a peer to take our connection.
  static final int CONNECT_MILLIS = 5_000;

  /// Bytes that a peer may leave unread before its connection is closed.
  static final int MAX_UNREAD = 4 << 20;

  private static final int BACKLOG = 1024;

  private final EventLoopGroup loops;
  private final SocketKind kind;
  private final TransportEvents events;
  private final Limits limits;
  private final Pipelines pipelines;
  private final Map<Flow.Transport, Channel> servers = new EnumMap<>(Flow.Transport.class);
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, TcpConnection> byId = new ConcurrentHashMap<>();
  private final Map<Peer, TcpConnection> byPeer = new ConcurrentHashMap<>();
  private final Sources sources = new Sources();

  /// What peers may ask of it.
  ///
  /// @param maxMessage bytes of one message
  /// @param messageTime how long one message may take to arrive; then its connection is closed
  /// @param openingTime how long TLS handshake and WebSocket upgrade may take together
  /// @param maxPerSource connections that one address (IPv6: one /64) may have open to us; one more
  ///   is closed
  /// @param maxConnections connections altogether; one more is closed
  /// @param idleTime a TCP or TLS connection that carries nothing for this long is closed
  /// @param pingInterval a WebSocket that says nothing for this long is sent a ping, and closed
  ///   after as long again
  public record Limits(
      int maxMessage,
      Duration messageTime,
      Duration openingTime,
      int maxPerSource,
      int maxConnections,
      Duration idleTime,
      Duration pingInterval) {}

  /// Who is at the other end.
  ///
  /// @param host whom we asked for; the address in figures for connections that peers opened
  private record Peer(Flow.Transport transport, InetSocketAddress remote, String host) {}

  /// @param loops of this kind
  public TcpTransport(
      EventLoopGroup loops,
      SocketKind kind,
      TransportEvents events,
      Limits limits,
      SipTransports transports) {
    this.loops = loops;
    this.kind = kind;
    this.events = events;
    this.limits = limits;
    this.pipelines = new Pipelines(events, limits, transports.origins(), transports.tls());
  }

  /// Binds; nothing is accepted before [#open].
  public void listen(Flow.Transport transport, InetSocketAddress local) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(kind.server)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(MAX_UNREAD / 2, MAX_UNREAD))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(transport, channel);
                  }
                });
    servers.put(transport, Binding.await(bootstrap.bind(local), transport.via(), local));
  }

  /// Where it listens; empty for a transport that it does not.
  public Optional<InetSocketAddress> address(Flow.Transport transport) {
    return Optional.ofNullable(servers.get(transport))
        .map(server -> (InetSocketAddress) server.localAddress());
  }

  /// Begins to accept.
  public void open() {
    servers.values().forEach(server -> server.config().setAutoRead(true));
  }

  private void accept(Flow.Transport transport, Channel channel) {
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    boolean tooMany = byId.size() >= limits.maxConnections();
    if (sources.add(remote.getAddress()) > limits.maxPerSource() || tooMany) {
      sources.remove(remote.getAddress());
      channel.close();
      events.hungUp(new Flow(transport, remote, 0), "Too Many Connections");
      return;
    }
    channel.closeFuture().addListener(closed -> sources.remove(remote.getAddress()));
    Peer peer = new Peer(transport, remote, remote.getAddress().getHostAddress());
    pipelines.accepted(register(peer, channel, channel.newPromise()), channel);
  }

  private TcpConnection register(Peer peer, Channel channel, ChannelPromise ready) {
    Flow flow = new Flow(peer.transport(), peer.remote(), ids.incrementAndGet());
    TcpConnection connection = new TcpConnection(flow, channel, ready);
    byId.put(flow.connection(), connection);
    byPeer.put(peer, connection);
    channel
        .closeFuture()
        .addListener(closed -> {
          byId.remove(flow.connection());
          byPeer.remove(peer, connection);
          ready.tryFailure(new IOException("connection closed"));
        });
    return connection;
  }

  /// The connection of a flow that has just handed something up, open or not.
  public Optional<TcpConnection> source(Flow flow) {
    return Optional.ofNullable(byId.get(flow.connection()));
  }

  /// The connection of a flow, if it is still open.
  public Optional<TcpConnection> connection(Flow flow) {
    return Optional.ofNullable(byId.get(flow.connection())).filter(TcpConnection::isOpen);
  }

  /// The connection to an address: the one there is, else a new one, which connects while the first
  /// message waits.
  ///
  /// @param host whom the certificate must name, over TLS; a connection that was made for another
  ///   host is not used (RFC 5922 §7.3)
  /// @throws IOException over a transport that we do not speak, and over WebSocket where there is
  ///   none: only clients open those (RFC 7118 §5)
  public TcpConnection connectionTo(Flow.Transport transport, InetSocketAddress remote, String host)
      throws IOException {
    Peer peer = new Peer(transport, remote, transport.secure() ? host : literal(remote));
    TcpConnection present = byPeer.get(peer);
    if (present != null && present.isOpen()) {
      return present;
    }
    if (transport.webSocket() || !servers.containsKey(transport)) {
      throw new IOException("cannot connect over " + transport.via());
    }
    synchronized (this) {
      TcpConnection again = byPeer.get(peer);
      return again != null && again.isOpen() ? again : connect(peer);
    }
  }

  private static String literal(InetSocketAddress remote) {
    return remote.getAddress().getHostAddress();
  }

  private TcpConnection connect(Peer peer) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(kind.stream)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(MAX_UNREAD / 2, MAX_UNREAD))
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    // The pipeline is built below, where the connection is known.
                  }
                });
    // Not waited for: this may be an event loop, and another may be doing the same.
    ChannelFuture registered = bootstrap.register();
    Channel channel = registered.channel();
    TcpConnection connection = register(peer, channel, channel.newPromise());
    pipelines.connecting(connection, channel, peer.host());
    ChannelPromise connected = channel.newPromise();
    connected.addListener(done -> connected(connection, channel, done.isSuccess()));
    registered.addListener(done -> {
      if (done.isSuccess()) {
        channel.connect(peer.remote(), connected);
      }
    });
    return connection;
  }

  private static void connected(TcpConnection connection, Channel channel, boolean success) {
    if (!success) {
      channel.close();
    } else if (!Pipelines.opensInSteps(connection)) {
      connection.opened();
    }
  }

  /// Closes a connection after what was written to it; for a peer whose stream is out of step.
  public void closeAfterWrites(Flow flow) {
    connection(flow).ifPresent(TcpConnection::closeAfterWrites);
  }

  /// Connections there are.
  public int size() {
    return byId.size();
  }

  /// Stops accepting and closes every connection after what was written.
  public void close() {
    servers.values().forEach(server -> server.close().syncUninterruptibly());
    byId.values().forEach(TcpConnection::closeAfterWrites);
  }
}
