package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Bytes of MSRP in WebSocket frames, and back. Out goes one MSRP message in one frame, text when
/// it is UTF-8 and binary else; in comes whatever the peer makes of it, since MSRP frames itself
/// (RFC 7977 §5). Pings in `msrp.websocket-ping`, and closes a peer that was silent since the last
/// ping.
///
/// Threading: the connection's event loop.
final class WebSocketFrames extends ChannelDuplexHandler {
  private static final Logger log = LoggerFactory.getLogger(WebSocketFrames.class);

  private final Duration interval;
  private final InetAddress source;
  private final Refusals refusals;
  private @Nullable ScheduledFuture<?> pings;
  private WebSocketCloseStatus why = WebSocketCloseStatus.NORMAL_CLOSURE;
  private boolean heard = true;
  private boolean closing;

  WebSocketFrames(Duration interval, InetAddress source, Refusals refusals) {
    this.interval = interval;
    this.source = source;
    this.refusals = refusals;
  }

  // ---- the connection's life ----

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof HandshakeComplete) {
      long nanos = interval.toNanos();
      pings =
          context
              .executor()
              .scheduleAtFixedRate(() -> ping(context), nanos, nanos, TimeUnit.NANOSECONDS);
    }
    context.fireUserEventTriggered(event);
  }

  private void ping(ChannelHandlerContext context) {
    if (heard) {
      heard = false;
      context.writeAndFlush(new PingWebSocketFrame());
    } else {
      log.atDebug().addKeyValue("reason", "no pong").log("msrp.connection-broken");
      context.channel().close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (pings != null) {
      pings.cancel(false);
    }
    context.fireChannelInactive();
  }

  /// What the connection is closed for, when it is not an ordinary end.
  void closesFor(WebSocketCloseStatus status) {
    why = status;
  }

  /// A handshake is closed without a frame.
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (!closing && pings != null && context.channel().isActive()) {
      closing = true;
      context.writeAndFlush(new CloseWebSocketFrame(why));
    }
    context.close(promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      why = corrupted.closeStatus();
      refused("malformed WebSocket frame", corrupted);
      context.channel().close();
    } else if (cause instanceof WebSocketServerHandshakeException) {
      refused("WebSocket handshake failed", cause);
      context.channel().close();
    } else {
      context.fireExceptionCaught(cause);
    }
  }

  private void refused(String reason, Throwable cause) {
    String detail = String.valueOf(cause.getMessage());
    refusals.note(source.getHostAddress(), MsrpStatus.BAD_REQUEST.code(), reason, detail);
  }

  // ---- what comes and goes ----

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    heard = true;
    switch (message) {
      case PongWebSocketFrame pong -> pong.release();
      case WebSocketFrame data -> context.fireChannelRead(data.content());
      default -> context.fireChannelRead(message);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes && bytes.isReadable()) {
      boolean text = ByteBufUtil.isText(bytes, StandardCharsets.UTF_8);
      context.write(
          text ? new TextWebSocketFrame(bytes) : new BinaryWebSocketFrame(bytes), promise);
    } else {
      context.write(message, promise);
    }
  }
}
