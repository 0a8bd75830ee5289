package io.continuo.sip.transport;

import io.continuo.sip.transport.SipFraming.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/// One WebSocket message is one SIP message, text or binary (RFC 7118 §5): takes messages out and
/// puts them in, answers pings, sends pings of our own to a peer that is silent, and closes when
/// one is not answered.
///
/// Threading: the connection's event loop.
final class WebSocketFrames extends ChannelDuplexHandler {
  private boolean begun;
  private boolean bytesArrived;
  private boolean frameArrived;
  private boolean inside;
  private boolean closing;

  /// The upgrade is done.
  void begin() {
    begun = true;
  }

  /// Whether a message has begun and is not complete.
  boolean inside() {
    return inside;
  }

  /// To stand before the decoder, where a frame that never ends can be seen.
  ChannelHandler arrivals() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        bytesArrived = true;
        ctx.fireChannelRead(bytes);
      }
    };
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    if (!(read instanceof WebSocketFrame frame)) {
      ctx.fireChannelRead(read);
      return;
    }
    frameArrived = true;
    try {
      take(ctx, frame);
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  private void take(ChannelHandlerContext ctx, WebSocketFrame frame) {
    switch (frame) {
      case TextWebSocketFrame text -> message(ctx, text.content());
      case BinaryWebSocketFrame binary -> message(ctx, binary.content());
      case PingWebSocketFrame ping ->
          ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
      case CloseWebSocketFrame close -> {
        sayClose(ctx, WebSocketCloseStatus.NORMAL_CLOSURE);
        ctx.close();
      }
      default -> {} // a pong: that it arrived is all it says
    }
  }

  /// Line breaks before a message say nothing (RFC 3261 §7.5). Alone they are the keep-alive of RFC
  /// 5626 §4.4.1, which RFC 7118 §6 allows as a message.
  private static void message(ChannelHandlerContext ctx, ByteBuf content) {
    int lineBreaks = 0;
    while (content.isReadable()) {
      byte next = content.getByte(content.readerIndex());
      if (next != '\r' && next != '\n') {
        ctx.fireChannelRead(new Frame.Message(ByteBufUtil.getBytes(content)));
        return;
      }
      lineBreaks += next == '\n' ? 1 : 0;
      content.skipBytes(1);
    }
    if (lineBreaks >= 2) {
      ctx.fireChannelRead(new Frame.Ping());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    inside = !frameArrived && (bytesArrived || inside);
    bytesArrived = false;
    frameArrived = false;
    ctx.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object written, ChannelPromise promise) {
    if (begun && written instanceof ByteBuf bytes && bytes.isReadable()) {
      // A text frame with other bytes than UTF-8 would have to fail the connection (RFC 6455 §8.1).
      boolean text = ByteBufUtil.isText(bytes, StandardCharsets.UTF_8);
      ctx.write(text ? new TextWebSocketFrame(bytes) : new BinaryWebSocketFrame(bytes), promise);
    } else {
      ctx.write(written, promise);
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    sayClose(ctx, WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
    ctx.close(promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException malformed) {
      sayClose(ctx, malformed.closeStatus());
    } else if (cause instanceof TooLongFrameException) {
      sayClose(ctx, WebSocketCloseStatus.MESSAGE_TOO_BIG);
    }
    ctx.fireExceptionCaught(cause);
  }

  /// Once, whoever begins (RFC 6455 §5.5.1).
  private void sayClose(ChannelHandlerContext ctx, WebSocketCloseStatus status) {
    if (begun && !closing) {
      closing = true;
      ctx.writeAndFlush(new CloseWebSocketFrame(status));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (begun
        && event instanceof IdleStateEvent idle
        && idle.state() == IdleState.READER_IDLE
        && idle.isFirst()) {
      ctx.writeAndFlush(new PingWebSocketFrame());
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
