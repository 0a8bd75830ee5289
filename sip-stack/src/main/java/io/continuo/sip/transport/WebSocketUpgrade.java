package io.continuo.sip.transport;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Turns an HTTP connection into a WebSocket of the subprotocol `sip` (RFC 6455 §4.2, RFC 7118 §4),
/// or refuses it with an HTTP status. Whoever wants something else gets nothing here.
///
/// Threading: the connection's event loop.
final class WebSocketUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
  static final String SUBPROTOCOL = "sip";

  /// Head of the request; a browser with many cookies needs a few KiB.
  static final int MAX_REQUEST_LINE = 4_096;

  static final int MAX_REQUEST_HEADERS = 16_384;

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

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
    HttpHeaders headers = request.headers();
    if (request.decoderResult().isFailure()) {
      return wrong(HttpResponseStatus.BAD_REQUEST, "No WebSocket on the WebSocket Port");
    } else if (!request.method().equals(HttpMethod.GET)
        || request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0
        || !headers.contains(HttpHeaderNames.HOST)
        || !headers.containsValue(
            HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, /* ignoreCase= */ true)) {
      return wrong(HttpResponseStatus.UPGRADE_REQUIRED, "No WebSocket on the WebSocket Port");
    } else if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""))) {
      return wrong(HttpResponseStatus.BAD_REQUEST, "No WebSocket on the WebSocket Port");
    } else if (!WebSocketVersion.V13
        .toHttpHeaderValue()
        .contentEquals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""))) {
      return wrong(HttpResponseStatus.UPGRADE_REQUIRED, "WebSocket Version");
    } else if (!offersSip(headers)) {
      return wrong(HttpResponseStatus.BAD_REQUEST, "No Subprotocol sip");
    }
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    return origins.isEmpty() || origin == null || origins.contains(origin)
        ? Optional.empty()
        : wrong(HttpResponseStatus.FORBIDDEN, "WebSocket Origin");
  }

  /// RFC 6455 §4.2.1: 16 bytes in base64.
  private static boolean isKey(String text) {
    return KEY.matcher(text.strip()).matches();
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
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, wrong.status());
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, 0)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (wrong.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      response
          .headers()
          .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
          .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue());
    }
    ctx.writeAndFlush(response)
        .addListener(sent -> ctx.fireUserEventTriggered(new Refused(wrong.reason())));
  }
}
