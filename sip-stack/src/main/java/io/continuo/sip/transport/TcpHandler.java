package io.continuo.sip.transport;

import io.continuo.sip.transport.SipFraming.Frame;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hands the frames of one connection up, answers its keep-alives and closes it when it is idle or
/// too slow with a message.
///
/// Threading: the connection's event loop.
final class TcpHandler extends SimpleChannelInboundHandler<Frame> {
  private static final byte[] PONG = "\r\n".getBytes(StandardCharsets.US_ASCII);

  private final TcpConnection connection;
  private final TransportEvents events;
  private final SipFraming framing;
  private final Duration messageTime;
  private @Nullable ScheduledFuture<?> slow;

  TcpHandler(
      TcpConnection connection, TransportEvents events, SipFraming framing, Duration messageTime) {
    this.connection = connection;
    this.events = events;
    this.framing = framing;
    this.messageTime = messageTime;
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
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (framing.inside() && slow == null) {
      slow =
          ctx.executor().schedule(() -> hangUp(ctx), messageTime.toMillis(), TimeUnit.MILLISECONDS);
    } else if (!framing.inside()) {
      stopWatching();
    }
    ctx.fireChannelReadComplete();
  }

  private void hangUp(ChannelHandlerContext ctx) {
    events.hungUp(connection.flow(), "Message Took Too Long");
    ctx.close();
  }

  private void stopWatching() {
    if (slow != null) {
      slow.cancel(false);
      slow = null;
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent) {
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopWatching();
    events.closed(connection.flow());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset by the peer is ordinary; closing tells the flow's users through channelInactive.
    ctx.close();
  }
}
