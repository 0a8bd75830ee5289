package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.transport.TcpTransport;
import io.continuo.sip.transport.TransportEvents;
import io.continuo.sip.transport.UdpTransport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The sockets of an endpoint, TCP and UDP on one port, and the event loops they share.
final class EndpointSockets implements TransportEvents {
  /// Event loops only move bytes; the work is on the stripes.
  private static final int LOOPS = 2;

  /// How often another port is tried when the one that TCP got is taken on UDP.
  private static final int PORT_TRIES = 20;

  /// How long one message may take to arrive over TCP.
  private static final Duration MESSAGE_TIME = Duration.ofSeconds(30);

  /// TCP connections of all peers together, about 10 KiB each.
  private static final int MAX_CONNECTIONS = 100_000;

  private final EventLoopGroup loops;
  private final UserAgent.Sockets transports;
  private volatile @Nullable TransportEvents events;

  private EndpointSockets(SipEndpointConfig config) throws IOException {
    this.loops =
        new MultiThreadIoEventLoopGroup(
            LOOPS, new DefaultThreadFactory("sip-io", true), NioIoHandler.newFactory());
    try {
      this.transports = bindBoth(config);
    } catch (IOException taken) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw taken;
    }
  }

  static EndpointSockets bind(SipEndpointConfig config) throws IOException {
    return new EndpointSockets(config);
  }

  private UserAgent.Sockets bindBoth(SipEndpointConfig config) throws IOException {
    IOException taken = new IOException("no port");
    for (int i = 0; i < (config.port() == 0 ? PORT_TRIES : 1); i++) {
      TcpTransport tcp = tcp(config);
      try {
        InetSocketAddress local = new InetSocketAddress(config.host(), tcp.address().getPort());
        return new UserAgent.Sockets(
            tcp, new UdpTransport(loops, local, this, config.maxMessage()));
      } catch (IOException udpTaken) {
        tcp.close();
        taken = udpTaken;
      }
    }
    throw taken;
  }

  private TcpTransport tcp(SipEndpointConfig config) throws IOException {
    return new TcpTransport(
        loops,
        new InetSocketAddress(config.host(), config.port()),
        this,
        new TcpTransport.Limits(
            config.maxMessage(),
            MESSAGE_TIME,
            config.maxConnectionsPerSource(),
            MAX_CONNECTIONS,
            config.idleTimeout()));
  }

  /// Begins to take messages.
  void open(TransportEvents to) {
    events = to;
    transports.tcp().open();
    transports.udp().open();
  }

  EventLoopGroup loops() {
    return loops;
  }

  UserAgent.Sockets transports() {
    return transports;
  }

  InetSocketAddress address() {
    return transports.tcp().address();
  }

  void close() {
    transports.udp().close();
    transports.tcp().close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private TransportEvents opened() {
    TransportEvents to = events;
    if (to == null) {
      throw new IllegalStateException("not open");
    }
    return to;
  }

  @Override
  public void message(Flow flow, byte[] message, Runnable done) {
    opened().message(flow, message, done);
  }

  @Override
  public void oversize(Flow flow, byte[] head, boolean close) {
    opened().oversize(flow, head, close);
  }

  @Override
  public void unframed(Flow flow, byte[] head, String reason) {
    opened().unframed(flow, head, reason);
  }

  @Override
  public void hungUp(Flow flow, String reason) {
    opened().hungUp(flow, reason);
  }

  @Override
  public void closed(Flow flow) {
    opened().closed(flow);
  }
}
