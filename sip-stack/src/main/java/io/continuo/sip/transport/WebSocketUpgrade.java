package io.continuo.sip.transport;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// Turns an HTTP connection into a WebSocket of the subprotocol `sip` (RFC 6455 §4.2, RFC 7118 §4),
/// or refuses it with an HTTP status. Whoever wants something else gets nothing here.
///
/// Threading: the connection's event loop.
final class WebSocketUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
  static final String SUBPROTOCOL = "sip";

  /// Head of the request; a browser with many cookies needs a few KiB.
  static final int MAX_REQUEST_LINE = 4_096;

  static final int MAX_REQUEST_HEADERS = 16_384;

  /// An upgrade has no body.
  private static final int MAX_REQUEST_BODY = 0;

  /// The connection speaks SIP now.
  record Done() {}

  /// It was answered with an error and closes.
  record Refused(String reason) {}

  private final Set<String> origins;
  private final int maxMessage;

  private WebSocketUpgrade(Set<String> origins, int maxMessage) {
    this.origins = origins;
    this.maxMessage = maxMessage;
  }

  /// Adds what is needed at the end of a pipeline; [WebSocketFrames] comes after it.
  static void addTo(ChannelPipeline pipeline, Set<String> origins, int maxMessage) {
    pipeline
        .addLast(new HttpServerCodec(MAX_REQUEST_LINE, MAX_REQUEST_HEADERS, MAX_REQUEST_HEADERS))
        .addLast(new HttpObjectAggregator(MAX_REQUEST_BODY))
        .addLast(new WebSocketUpgrade(origins, maxMessage));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    Optional<Wrong> wrong = wrong(request);
    if (wrong.isPresent()) {
      refuse(ctx, wrong.get());
    } else {
      accept(ctx, request);
    }
  }

  private record Wrong(HttpResponseStatus status, String reason) {}

  private Optional<Wrong> wrong(FullHttpRequest request) {
    Optional<OpeningHandshake.Flaw> flaw = OpeningHandshake.flaw(request);
    if (flaw.isPresent()) {
      return wrong(flaw.get().status(), reason(flaw.get()));
    }
    HttpHeaders headers = request.headers();
    if (!offersSip(headers)) {
      return wrong(HttpResponseStatus.BAD_REQUEST, "No Subprotocol sip");
    }
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    return origins.isEmpty() || origin == null || origins.contains(origin)
        ? Optional.empty()
        : wrong(HttpResponseStatus.FORBIDDEN, "WebSocket Origin");
  }

  private static String reason(OpeningHandshake.Flaw flaw) {
    return switch (flaw) {
      case MALFORMED_HTTP, NO_UPGRADE, MALFORMED_HANDSHAKE -> "No WebSocket on the WebSocket Port";
      case OTHER_VERSION -> "WebSocket Version";
    };
  }

  private static Optional<Wrong> wrong(HttpResponseStatus status, String reason) {
    return Optional.of(new Wrong(status, reason));
  }

  private static boolean offersSip(HttpHeaders headers) {
    return headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .anyMatch(protocol -> protocol.strip().equals(SUBPROTOCOL));
  }

  private void accept(ChannelHandlerContext ctx, FullHttpRequest request) {
    // Of several lines the handshaker reads only the first.
    request.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxMessage)
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            .closeOnProtocolViolation(false) // WebSocketFrames does
            .withUTF8Validator(false)
            .build();
    ChannelPipeline pipeline = ctx.pipeline();
    WebSocketFrames frames = pipeline.get(WebSocketFrames.class);
    new WebSocketServerHandshaker13(null, SUBPROTOCOL, config)
        .handshake(ctx.channel(), request)
        .addListener(
            (ChannelFutureListener)
                answered -> {
                  if (!answered.isSuccess()) {
                    answered.channel().close();
                  }
                });
    // The handshaker has put its decoder into the pipeline; messages are joined after it.
    pipeline.addBefore("wsdecoder", null, frames.arrivals());
    pipeline.addBefore(ctx.name(), null, new WebSocketFrameAggregator(maxMessage));
    frames.begin();
    ctx.fireUserEventTriggered(new Done());
    pipeline.remove(this);
  }

  private static void refuse(ChannelHandlerContext ctx, Wrong wrong) {
    ctx.writeAndFlush(OpeningHandshake.refusal(wrong.status()))
        .addListener(sent -> ctx.fireUserEventTriggered(new Refused(wrong.reason())));
  }
}
