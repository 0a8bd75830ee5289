package io.continuo.sip.transport;

import io.continuo.sip.transport.SipFraming.Frame;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Hands the frames of one connection up, answers its keep-alives and closes it when it is idle,
/// too slow with a message, or speaks something else. Whatever it closes for is told once.
///
/// Threading: the connection's event loop.
final class TcpHandler extends SimpleChannelInboundHandler<Frame> {
  private static final byte[] PONG = "\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final String TOO_LARGE = "Message Too Large";

  private final TcpConnection connection;
  private final TransportEvents events;
  private final TcpTransport.Limits limits;
  private final BooleanSupplier insideMessage;
  private @Nullable ScheduledFuture<?> slow;
  private @Nullable ScheduledFuture<?> opening;
  private boolean refused;

  /// @param insideMessage whether a message has begun and is not complete
  TcpHandler(
      TcpConnection connection,
      TransportEvents events,
      TcpTransport.Limits limits,
      BooleanSupplier insideMessage) {
    this.connection = connection;
    this.events = events;
    this.limits = limits;
    this.insideMessage = insideMessage;
  }

  /// TLS handshake or WebSocket upgrade come first and may not take for ever.
  void awaitOpening(ChannelHandlerContext ctx) {
    long millis = limits.openingTime().toMillis();
    opening =
        ctx.executor()
            .schedule(() -> refuse(ctx, "Handshake Took Too Long"), millis, TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Frame frame) {
    stopWatching();
    switch (frame) {
      case Frame.Message(byte[] bytes) -> {
        connection.messageOpened();
        events.message(connection.flow(), bytes, connection::messageDone);
      }
      case Frame.Ping() -> ctx.writeAndFlush(Unpooled.wrappedBuffer(PONG));
      case Frame.Oversize(byte[] head, boolean skipped) -> {
        events.oversize(connection.flow(), head, !skipped);
        if (!skipped) {
          ctx.channel().config().setAutoRead(false);
        }
      }
      case Frame.Unframed(byte[] head, String reason) -> {
        events.unframed(connection.flow(), head, reason);
        ctx.channel().config().setAutoRead(false);
      }
      case Frame.Foreign(String reason) -> refuse(ctx, reason);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (insideMessage.getAsBoolean() && slow == null) {
      long millis = limits.messageTime().toMillis();
      slow =
          ctx.executor()
              .schedule(() -> refuse(ctx, "Message Took Too Long"), millis, TimeUnit.MILLISECONDS);
    } else if (!insideMessage.getAsBoolean()) {
      stopWatching();
    }
    ctx.fireChannelReadComplete();
  }

  private void refuse(ChannelHandlerContext ctx, String reason) {
    if (!refused) {
      refused = true;
      events.hungUp(connection.flow(), reason);
    }
    ctx.close();
  }

  private void stopWatching() {
    if (slow != null) {
      slow.cancel(false);
      slow = null;
    }
  }

  private void opened() {
    if (opening != null) {
      opening.cancel(false);
      opening = null;
    }
    connection.opened();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case IdleStateEvent idle -> ctx.close();
      case WebSocketUpgrade.Done done -> opened();
      case WebSocketUpgrade.Refused(String reason) -> refuse(ctx, reason);
      case SslHandshakeCompletionEvent handshake when !handshake.isSuccess() ->
          broken(ctx, handshake.cause());
      case SslHandshakeCompletionEvent handshake when !connection.flow().transport().webSocket() ->
          opened();
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopWatching();
    if (opening != null) {
      opening.cancel(false);
    }
    events.closed(connection.flow());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(ctx, cause);
  }

  private void broken(ChannelHandlerContext ctx, Throwable cause) {
    String reason = reason(cause);
    if (reason.isEmpty()) {
      // A reset by the peer is ordinary; closing tells the flow's users through channelInactive.
      ctx.close();
    } else {
      refuse(ctx, reason);
    }
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case NotSslRecordException plain -> "No TLS on the TLS Port";
      case ClosedChannelException gone -> "";
      case javax.net.ssl.SSLException failed ->
          failed.getCause() instanceof ClosedChannelException ? "" : "TLS Failed";
      case TooLongFrameException large -> TOO_LARGE;
      case CorruptedWebSocketFrameException frame ->
          frame.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
              ? TOO_LARGE
              : "Malformed WebSocket Frame";
      case io.netty.handler.codec.DecoderException outer when outer.getCause() != null ->
          reason(outer.getCause());
      default -> "";
    };
  }
}
