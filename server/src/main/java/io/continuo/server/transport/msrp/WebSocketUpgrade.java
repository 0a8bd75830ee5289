package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.sip.transport.OpeningHandshake;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The first request on a WebSocket port: lets an upgrade with the subprotocol `msrp` from an
/// allowed Origin pass (RFC 7977 §4.1, RFC 6455 §4.2), answers everything else and closes.
///
/// Threading: the connection's event loop.
final class WebSocketUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final MsrpTransportSettings settings;
  private final InetAddress source;
  private final Refusals refusals;
  private @Nullable ScheduledFuture<?> timer;

  /// Why a request is not let in.
  private record Objection(HttpResponseStatus status, String reason) {}

  WebSocketUpgrade(MsrpTransportSettings settings, InetAddress source, Refusals refusals) {
    super(false);
    this.settings = settings;
    this.source = source;
    this.refusals = refusals;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    long limit = settings.handshakeTimeout().toNanos();
    timer = context.executor().schedule(() -> late(context), limit, TimeUnit.NANOSECONDS);
  }

  private void late(ChannelHandlerContext context) {
    if (context.channel().isActive()) {
      int status = MsrpStatus.REQUEST_TIMEOUT.code();
      refusals.note(source.getHostAddress(), status, "no WebSocket handshake in time");
      context.close();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    Optional<Objection> objection = objection(request);
    if (objection.isPresent()) {
      request.release();
      refuse(context, objection.get());
    } else {
      HttpHeaders headers = request.headers();
      // Of several lines only the first is read behind us.
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, WebSocketLayer.SUBPROTOCOL);
      String origin = headers.get(HttpHeaderNames.ORIGIN);
      if (origin != null) {
        context.pipeline().addAfter(context.name(), "let in", new LetIn(origin));
      }
      context.fireChannelRead(request);
      context.pipeline().remove(this);
    }
  }

  /// Tells the page in our 101 that it may read what comes (RFC 7977 §7).
  private static final class LetIn extends ChannelOutboundHandlerAdapter {
    private final String origin;

    LetIn(String origin) {
      this.origin = origin;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (message instanceof HttpResponse response) {
        response.headers().set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        context.pipeline().remove(this);
      }
      context.write(message, promise);
    }
  }

  private Optional<Objection> objection(FullHttpRequest request) {
    Optional<OpeningHandshake.Flaw> flaw = OpeningHandshake.flaw(request);
    if (flaw.isPresent()) {
      return Optional.of(new Objection(flaw.get().status(), reason(flaw.get())));
    }
    if (!offersMsrp(request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL))) {
      return Optional.of(
          new Objection(HttpResponseStatus.BAD_REQUEST, "WebSocket without subprotocol msrp"));
    }
    return isAllowed(request.headers().getAll(HttpHeaderNames.ORIGIN))
        ? Optional.empty()
        : Optional.of(new Objection(HttpResponseStatus.FORBIDDEN, "WebSocket of a foreign Origin"));
  }

  private static String reason(OpeningHandshake.Flaw flaw) {
    return switch (flaw) {
      case MALFORMED_HTTP -> "malformed HTTP";
      case NO_UPGRADE -> "no WebSocket upgrade";
      case MALFORMED_HANDSHAKE -> "malformed WebSocket handshake";
      case OTHER_VERSION -> "WebSocket of another version";
    };
  }

  private static boolean offersMsrp(List<String> headers) {
    return headers.stream()
        .flatMap(header -> Arrays.stream(header.split(",")))
        .anyMatch(one -> one.strip().equals(WebSocketLayer.SUBPROTOCOL));
  }

  private boolean isAllowed(List<String> origins) {
    List<String> allowed = settings.websocketOrigins();
    return allowed.isEmpty()
        || origins.stream().allMatch(o -> allowed.stream().anyMatch(o.strip()::equalsIgnoreCase));
  }

  private void refuse(ChannelHandlerContext context, Objection objection) {
    refusals.note(source.getHostAddress(), objection.status().code(), objection.reason());
    context
        .writeAndFlush(OpeningHandshake.refusal(objection.status()))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
