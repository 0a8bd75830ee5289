package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipTransports;
import io.continuo.sip.transport.SocketKind;
import io.continuo.sip.transport.TcpTransport;
import io.continuo.sip.transport.TransportEvents;
import io.continuo.sip.transport.UdpTransport;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The sockets of an endpoint, TCP and UDP on one port, TLS and WebSockets on ports of their own,
/// and the event loops they share.
final class EndpointSockets implements TransportEvents {
  /// They move bytes, do TLS, and are the stripes on which all the rest is done.
  private static final int LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

  /// How often another port is tried when the one that TCP got is taken on UDP.
  private static final int PORT_TRIES = 20;

  /// How long one message may take to arrive over a connection.
  private static final Duration MESSAGE_TIME = Duration.ofSeconds(30);

  /// How long TLS handshake and WebSocket upgrade may take.
  private static final Duration OPENING_TIME = Duration.ofSeconds(10);

  /// Proxies before a WebSocket close it after a minute of silence.
  private static final Duration PING_INTERVAL = Duration.ofSeconds(45);

  /// Connections of all peers together, about 10 KiB each.
  private static final int MAX_CONNECTIONS = 100_000;

  private final EventLoopGroup loops;
  private final SocketKind kind = SocketKind.BEST;
  private final Sockets transports;
  private volatile @Nullable TransportEvents events;

  private EndpointSockets(SipEndpointConfig config) throws IOException {
    this.loops = kind.loops(LOOPS, "sip-io");
    try {
      this.transports = bindAll(config);
    } catch (IOException taken) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw taken;
    }
  }

  static EndpointSockets bind(SipEndpointConfig config) throws IOException {
    return new EndpointSockets(config);
  }

  private Sockets bindAll(SipEndpointConfig config) throws IOException {
    IOException taken = new IOException("no port");
    for (int i = 0; i < (config.port() == 0 ? PORT_TRIES : 1); i++) {
      TcpTransport connections = connections(config);
      try {
        return bindAll(config, connections);
      } catch (IOException occupied) {
        connections.close();
        taken = occupied;
      }
    }
    throw taken;
  }

  private Sockets bindAll(SipEndpointConfig config, TcpTransport connections) throws IOException {
    SipTransports transports = config.transports();
    listen(config, connections, Flow.Transport.TCP, config.port());
    Optional<UdpTransport> datagrams = Optional.empty();
    if (transports.spoken().contains(Flow.Transport.UDP)) {
      int port =
          connections
              .address(Flow.Transport.TCP)
              .map(InetSocketAddress::getPort)
              .orElse(config.port());
      InetSocketAddress local = new InetSocketAddress(config.host(), port);
      datagrams = Optional.of(new UdpTransport(loops, kind, local, this, config.maxMessage()));
    }
    try {
      listen(config, connections, Flow.Transport.TLS, transports.tlsPort());
      listen(config, connections, Flow.Transport.WS, transports.wsPort());
      listen(config, connections, Flow.Transport.WSS, transports.wssPort());
    } catch (IOException occupied) {
      datagrams.ifPresent(UdpTransport::close);
      throw occupied;
    }
    return new Sockets(connections, datagrams);
  }

  private static void listen(
      SipEndpointConfig config, TcpTransport connections, Flow.Transport transport, int port)
      throws IOException {
    if (config.transports().spoken().contains(transport)) {
      connections.listen(transport, new InetSocketAddress(config.host(), port));
    }
  }

  private TcpTransport connections(SipEndpointConfig config) {
    TcpTransport.Limits limits =
        new TcpTransport.Limits(
            config.maxMessage(),
            MESSAGE_TIME,
            OPENING_TIME,
            config.maxConnectionsPerSource(),
            MAX_CONNECTIONS,
            config.idleTimeout(),
            PING_INTERVAL);
    return new TcpTransport(loops, kind, this, limits, config.transports());
  }

  /// Begins to take messages.
  void open(TransportEvents to) {
    events = to;
    transports.tcp().open();
    transports.datagrams().ifPresent(UdpTransport::open);
  }

  EventLoopGroup loops() {
    return loops;
  }

  Sockets transports() {
    return transports;
  }

  void close() {
    transports.datagrams().ifPresent(UdpTransport::close);
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
