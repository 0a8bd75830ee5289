package io.continuo.server.transport.msrp;

import io.continuo.msrp.netty.MsrpDecoder;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.net.InetAddress;

/// WebSockets under MSRP, for browsers (RFC 7977): puts the handlers of one connection in place,
/// from the upgrade ([WebSocketUpgrade]) to frames ([WebSocketFrames]). Netty answers pings and
/// close frames.
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

  /// Between the MSRP decoder and the connection: what the decoder does not take is told to the
  /// peer by a close code.
  void above(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    WebSocketFrames frames = pipeline.get(WebSocketFrames.class);
    pipeline.addAfter(
        pipeline.context(MsrpDecoder.class).name(),
        "close code",
        new ChannelInboundHandlerAdapter() {
          @Override
          public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            frames.closesFor(WebSocketCloseStatus.POLICY_VIOLATION);
            context.fireExceptionCaught(cause);
          }
        });
  }

  /// The server stops: a WebSocket says so when it is closed.
  static void goesAway(Channel channel) {
    if (channel.pipeline().get(WebSocketFrames.class) instanceof WebSocketFrames frames) {
      frames.closesFor(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
    }
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
                .closeOnProtocolViolation(false) // WebSocketFrames does it, with one close frame
                .maxFramePayloadLength(settings.websocketFrame())
                .build())
        .build();
  }
}
