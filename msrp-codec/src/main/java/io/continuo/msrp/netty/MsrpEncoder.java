package io.continuo.msrp.netty;

import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.EncoderException;
import org.jspecify.annotations.Nullable;

/// Writes [MsrpMessage]s (RFC 4975 §9): To-Path, From-Path, then the headers as they stand. URIs
/// and headers keep their bytes, so a further copy of a message for another receiver costs little
/// more than copying them.
///
/// **Streaming.** [MsrpBody.Piece]s are written as they come: the first with the head, the last
/// with the end-line. Between them nothing else can be written on the same connection; whoever
/// wants to write something else first ends the chunk with an empty last piece and
/// [io.continuo.msrp.Continuation#MORE], and goes on in a new one (RFC 4975 §5.1).
///
/// **Errors.** A message that cannot be written fails its promise with an `EncoderException`: a
/// [MsrpBody.TooLarge] ([IllegalArgumentException]), or a message between the pieces of a chunk and
/// a piece out of its order ([IllegalStateException]). Nothing of it is written then.
///
/// Threading: the connection's event loop.
public final class MsrpEncoder extends ChannelOutboundHandlerAdapter {
  private static final byte[] NOTHING = new byte[0];

  private @Nullable String openChunk;
  private long written;

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof MsrpMessage msrp) {
      context.write(encoded(msrp, context), promise);
    } else {
      context.write(message, promise);
    }
  }

  private ByteBuf encoded(MsrpMessage message, ChannelHandlerContext context) {
    try {
      requireOrder(message);
      byte[] body = body(message);
      byte[] around = WireHead.of(message);
      ByteBuf out = context.alloc().ioBuffer(around.length + body.length);
      write(message, around, body, out);
      return out;
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new EncoderException(e);
    }
  }

  private void requireOrder(MsrpMessage message) {
    boolean goesOn =
        message instanceof MsrpRequest request
            && request.body() instanceof MsrpBody.Piece piece
            && piece.offset() > 0;
    if (openChunk == null ? goesOn : !(goesOn && continues((MsrpRequest) message))) {
      throw new IllegalStateException(
          message.transactionId() + " out of order: the open chunk is " + openChunk);
    }
    if (message instanceof MsrpRequest request && request.body() instanceof MsrpBody.Piece piece) {
      openChunk = piece.last() ? null : request.transactionId();
      written = piece.offset() + piece.bytes().length;
    }
  }

  private boolean continues(MsrpRequest request) {
    return request.transactionId().equals(openChunk)
        && request.body() instanceof MsrpBody.Piece piece
        && piece.offset() == written;
  }

  /// Writes one message, or one piece of a chunk, without regard to what was written before.
  ///
  /// @throws IllegalArgumentException when its body was not kept
  public static void write(MsrpMessage message, ByteBuf out) {
    write(message, WireHead.of(message), body(message), out);
  }

  private static void write(MsrpMessage message, byte[] around, byte[] body, ByteBuf out) {
    int tail = WireHead.tailSize(message);
    out.writeBytes(around, 0, around.length - tail);
    if (body.length > 0) {
      out.writeBytes(body);
    }
    out.writeBytes(around, around.length - tail, tail);
  }

  private static byte[] body(MsrpMessage message) {
    return message instanceof MsrpRequest request ? bytes(request.body()) : NOTHING;
  }

  private static byte[] bytes(MsrpBody body) {
    return switch (body) {
      case MsrpBody.None none -> NOTHING;
      case MsrpBody.Bytes whole -> whole.bytes();
      case MsrpBody.Piece piece -> piece.bytes();
      case MsrpBody.TooLarge tooLarge ->
          throw new IllegalArgumentException("a body that was not kept cannot be written");
    };
  }
}
