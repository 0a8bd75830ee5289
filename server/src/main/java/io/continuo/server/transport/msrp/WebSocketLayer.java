package io.continuo.server.transport.msrp;

import io.continuo.server.configuration.MsrpTransportSettings;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;

/// WebSockets under MSRP, for browsers (RFC 7977): puts the handlers of one connection in place,
/// from the upgrade ([WebSocketUpgrade]) to frames ([WebSocketFrames]). Netty answers pings and
/// close frames, and closes on what RFC 6455 forbids.
///
/// Threading: the connection's event loop.
final class WebSocketLayer {
  /// The subprotocol (RFC 7977 §4.1).
  static final String SUBPROTOCOL = "msrp";

  /// Body of the upgrade request, which has none. More is answered 413.
  private static final int MAX_BODY = 1024;

  private final MsrpTransportSettings settings;
  private final Refusals refusals;

  WebSocketLayer(MsrpTransportSettings settings, Refusals refusals) {
    this.settings = settings;
    this.refusals = refusals;
  }

  void under(Channel channel, InetAddress source) {
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(MAX_BODY))
        .addLast(new WebSocketUpgrade(settings, source, refusals))
        .addLast(new WebSocketServerProtocolHandler(protocol()))
        .addLast(new WebSocketFrames(settings.websocketPing(), source, refusals));
  }

  private WebSocketServerProtocolConfig protocol() {
    return WebSocketServerProtocolConfig.newBuilder()
        .websocketPath("/")
        .checkStartsWith(true)
        .subprotocols(SUBPROTOCOL)
        .handshakeTimeoutMillis(settings.handshakeTimeout().toMillis())
        .dropPongFrames(false)
        .decoderConfig(
            WebSocketDecoderConfig.newBuilder()
                .allowExtensions(false)
                .maxFramePayloadLength(settings.websocketFrame())
                .build())
        .build();
  }
}
