package io.continuo.sip.transport;

import io.continuo.sip.SipTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What stands between a socket and the flow that it carries, from the wire to us:
///
/// - TCP: idle · framing · messages
/// - TLS: idle · TLS · framing · messages
/// - WS: idle · HTTP upgrade, later WebSocket frames · messages
/// - WSS: idle · TLS · HTTP upgrade, later WebSocket frames · messages
final class Pipelines {
  private final TransportEvents events;
  private final TcpTransport.Limits limits;
  private final Set<String> origins;
  private final Optional<SipTls> tls;

  Pipelines(
      TransportEvents events,
      TcpTransport.Limits limits,
      Set<String> origins,
      Optional<SipTls> tls) {
    this.events = events;
    this.limits = limits;
    this.origins = origins;
    this.tls = tls;
  }

  /// For a connection that a peer opened.
  void accepted(TcpConnection connection, Channel channel) {
    ChannelPipeline pipeline = idle(connection, channel);
    if (connection.flow().transport().secure()) {
      pipeline.addLast(new SniHandler(tls().servers()));
    }
    TcpHandler handler = messages(connection, pipeline);
    if (opensInSteps(connection)) {
      handler.awaitOpening(pipeline.context(handler));
    } else {
      connection.opened();
    }
  }

  /// For a connection that we open.
  ///
  /// @param host what a certificate must name
  void connecting(TcpConnection connection, Channel channel, String host) {
    ChannelPipeline pipeline = idle(connection, channel);
    if (connection.flow().transport().secure()) {
      int port = connection.flow().remote().getPort();
      pipeline.addLast(tls().client().get().newHandler(channel.alloc(), host, port));
    }
    messages(connection, pipeline);
  }

  /// It is up, once TCP is.
  static boolean opensInSteps(TcpConnection connection) {
    return connection.flow().transport().secure() || connection.flow().transport().webSocket();
  }

  private SipTls tls() {
    return tls.orElseThrow(() -> new IllegalStateException("no certificates"));
  }

  private ChannelPipeline idle(TcpConnection connection, Channel channel) {
    boolean pings = connection.flow().transport().webSocket();
    return channel
        .pipeline()
        .addLast(
            pings
                ? new IdleStateHandler(
                    limits.pingInterval().toMillis(), 0, 0, TimeUnit.MILLISECONDS)
                : new IdleStateHandler(0, 0, limits.idleTime().toMillis(), TimeUnit.MILLISECONDS));
  }

  private TcpHandler messages(TcpConnection connection, ChannelPipeline pipeline) {
    TcpHandler handler;
    if (connection.flow().transport().webSocket()) {
      WebSocketUpgrade.addTo(pipeline, origins, limits.maxMessage());
      WebSocketFrames frames = new WebSocketFrames();
      pipeline.addLast(frames);
      handler = new TcpHandler(connection, events, limits, frames::inside);
    } else {
      SipFraming framing = new SipFraming(limits.maxMessage());
      pipeline.addLast(framing);
      handler = new TcpHandler(connection, events, limits, framing::inside);
    }
    pipeline.addLast(handler);
    return handler;
  }
}
