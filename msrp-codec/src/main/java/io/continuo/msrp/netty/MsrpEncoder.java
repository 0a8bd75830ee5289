package io.continuo.msrp.netty;

import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpResponse;
import io.continuo.msrp.MsrpUri;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.util.List;

/// Writes [MsrpMessage]s (RFC 4975 §9): To-Path, From-Path, then the headers as they stand.
///
/// Threading: the connection's event loop.
public final class MsrpEncoder extends MessageToByteEncoder<MsrpMessage> {
  private static final int HEAD_ESTIMATE = 384;

  public MsrpEncoder() {
    super(MsrpMessage.class);
  }

  @Override
  protected ByteBuf allocateBuffer(
      ChannelHandlerContext context, MsrpMessage message, boolean preferDirect) {
    return context.alloc().ioBuffer(size(message));
  }

  /// About how many bytes this message takes on the wire.
  public static int size(MsrpMessage message) {
    return HEAD_ESTIMATE
        + (message instanceof MsrpRequest request && request.body() instanceof MsrpBody.Bytes body
            ? body.bytes().length
            : 0);
  }

  @Override
  protected void encode(ChannelHandlerContext context, MsrpMessage message, ByteBuf out) {
    write(message, out);
  }

  /// Writes one message.
  public static void write(MsrpMessage message, ByteBuf out) {
    switch (message) {
      case MsrpRequest request -> {
        head(request, request.method(), out);
        body(request.body(), out);
        endLine(request.transactionId(), request.continuation(), out);
      }
      case MsrpResponse response -> {
        head(response, (response.status() + " " + response.comment()).strip(), out);
        endLine(response.transactionId(), Continuation.COMPLETE, out);
      }
    }
  }

  private static void head(MsrpMessage message, String start, ByteBuf out) {
    text("MSRP " + message.transactionId() + " " + start + "\r\n", out);
    path("To-Path:", message.toPath(), out);
    path("From-Path:", message.fromPath(), out);
    for (MsrpHeader header : message.headers()) {
      text(header.name(), out);
      text(": ", out);
      text(header.value(), out);
      text("\r\n", out);
    }
  }

  private static void path(String name, List<MsrpUri> path, ByteBuf out) {
    text(name, out);
    for (MsrpUri uri : path) {
      text(" ", out);
      text(uri.toString(), out);
    }
    text("\r\n", out);
  }

  private static void body(MsrpBody body, ByteBuf out) {
    switch (body) {
      case MsrpBody.None none -> {
        // The end-line follows the headers at once.
      }
      case MsrpBody.Bytes bytes -> {
        text("\r\n", out);
        out.writeBytes(bytes.bytes());
        text("\r\n", out);
      }
      case MsrpBody.Piece piece -> throw new UnsupportedOperationException();
      case MsrpBody.TooLarge tooLarge ->
          throw new IllegalArgumentException("a body that was not kept cannot be written");
    }
  }

  private static void endLine(String transactionId, Continuation continuation, ByteBuf out) {
    text("-------" + transactionId + continuation.flag() + "\r\n", out);
  }

  private static void text(String text, ByteBuf out) {
    ByteBufUtil.writeUtf8(out, text);
  }
}
