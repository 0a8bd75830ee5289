package io.continuo.sip.transport;

import io.continuo.sip.Flow;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// All TCP connections of an endpoint: those that peers opened and those that we opened.
///
/// Threading: any thread.
public final class TcpTransport {
  /// How long we wait for a peer to take our connection.
  static final int CONNECT_MILLIS = 5_000;

  /// Bytes that a peer may leave unread before its connection is closed.
  static final int MAX_UNREAD = 4 << 20;

  private final EventLoopGroup loops;
  private final TransportEvents events;
  private final Limits limits;
  private final Channel server;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, TcpConnection> byId = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, TcpConnection> byRemote = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> perSource = new ConcurrentHashMap<>();

  /// What peers may ask of it.
  ///
  /// @param maxMessage bytes of one message
  /// @param messageTime how long one message may take to arrive; then its connection is closed
  /// @param maxPerSource connections that one address may have open to us; one more is closed
  /// @param maxConnections connections altogether; one more is closed
  /// @param idleTime a connection that carries nothing for this long is closed
  public record Limits(
      int maxMessage,
      Duration messageTime,
      int maxPerSource,
      int maxConnections,
      Duration idleTime) {}

  /// Binds; nothing is accepted before [#open].
  public TcpTransport(
      EventLoopGroup loops, InetSocketAddress local, TransportEvents events, Limits limits)
      throws IOException {
    this.loops = loops;
    this.events = events;
    this.limits = limits;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
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
                    accept(channel);
                  }
                });
    this.server = Binding.await(bootstrap.bind(local), "TCP", local);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /// Begins to accept.
  public void open() {
    server.config().setAutoRead(true);
  }

  private void accept(Channel channel) {
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    InetAddress source = remote.getAddress();
    boolean tooMany = byId.size() >= limits.maxConnections();
    if (perSource.merge(source, 1, Integer::sum) > limits.maxPerSource() || tooMany) {
      release(source);
      channel.close();
      events.hungUp(new Flow(Flow.Transport.TCP, remote, 0), "Too Many Connections");
      return;
    }
    channel.closeFuture().addListener(closed -> release(source));
    register(remote, channel, channel.newSucceededFuture());
  }

  private void release(InetAddress source) {
    perSource.computeIfPresent(source, (address, count) -> count > 1 ? count - 1 : null);
  }

  private TcpConnection register(InetSocketAddress remote, Channel channel, ChannelFuture ready) {
    Flow flow = new Flow(Flow.Transport.TCP, remote, ids.incrementAndGet());
    TcpConnection connection = new TcpConnection(flow, channel, ready);
    SipFraming framing = new SipFraming(limits.maxMessage());
    channel
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, limits.idleTime().toMillis(), TimeUnit.MILLISECONDS))
        .addLast(framing)
        .addLast(new TcpHandler(connection, events, framing, limits.messageTime()));
    byId.put(flow.connection(), connection);
    byRemote.put(remote, connection);
    channel
        .closeFuture()
        .addListener(closed -> {
          byId.remove(flow.connection());
          byRemote.remove(remote, connection);
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
  public TcpConnection connectionTo(InetSocketAddress remote) {
    TcpConnection present = byRemote.get(remote);
    if (present != null && present.isOpen()) {
      return present;
    }
    synchronized (this) {
      TcpConnection again = byRemote.get(remote);
      return again != null && again.isOpen() ? again : connect(remote);
    }
  }

  private TcpConnection connect(InetSocketAddress remote) {
    TcpConnection[] made = new TcpConnection[1];
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
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
    Channel channel = bootstrap.register().syncUninterruptibly().channel();
    io.netty.channel.ChannelPromise connected = channel.newPromise();
    made[0] = register(remote, channel, connected);
    channel.connect(remote, connected);
    connected.addListener(done -> {
      if (!done.isSuccess()) {
        channel.close();
      }
    });
    return made[0];
  }

  /// Closes a connection after what was written to it; for a peer whose stream is out of step.
  public void closeAfterWrites(Flow flow) {
    connection(flow).ifPresent(TcpConnection::closeAfterWrites);
  }

  /// Stops accepting and closes every connection after what was written.
  public void close() {
    server.close().syncUninterruptibly();
    byId.values().forEach(TcpConnection::closeAfterWrites);
  }
}
