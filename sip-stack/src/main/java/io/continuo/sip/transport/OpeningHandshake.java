package io.continuo.sip.transport;

import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import java.util.Optional;
import java.util.regex.Pattern;

/// What RFC 6455 §4.2.1 asks of the request that opens a WebSocket, whatever is spoken on it: the
/// same for SIP and for MSRP, which ask for their subprotocol and Origin themselves.
public final class OpeningHandshake {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  private OpeningHandshake() {}

  /// What a request lacks.
  public enum Flaw {
    /// Not HTTP that can be read.
    MALFORMED_HTTP(HttpResponseStatus.BAD_REQUEST),
    /// It does not ask for a WebSocket.
    NO_UPGRADE(HttpResponseStatus.UPGRADE_REQUIRED),
    /// HTTP before 1.1, no Host, or a key that is not 16 bytes in base64.
    MALFORMED_HANDSHAKE(HttpResponseStatus.BAD_REQUEST),
    /// RFC 6455 §4.4: the answer names the version that is spoken.
    OTHER_VERSION(HttpResponseStatus.UPGRADE_REQUIRED);

    private final HttpResponseStatus status;

    Flaw(HttpResponseStatus status) {
      this.status = status;
    }

    /// What it is answered.
    public HttpResponseStatus status() {
      return status;
    }
  }

  /// The first thing that is wrong with a request; empty when it opens a WebSocket.
  public static Optional<Flaw> flaw(FullHttpRequest request) {
    HttpHeaders headers = request.headers();
    if (request.decoderResult().isFailure()) {
      return Optional.of(Flaw.MALFORMED_HTTP);
    }
    if (!request.method().equals(HttpMethod.GET)
        || !headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
      return Optional.of(Flaw.NO_UPGRADE);
    }
    if (request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0
        || !headers.contains(HttpHeaderNames.HOST)
        || !isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY, ""))) {
      return Optional.of(Flaw.MALFORMED_HANDSHAKE);
    }
    return WebSocketVersion.V13
            .toHttpHeaderValue()
            .contentEquals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION, ""))
        ? Optional.empty()
        : Optional.of(Flaw.OTHER_VERSION);
  }

  private static boolean isKey(String text) {
    return KEY.matcher(text.strip()).matches();
  }

  /// An answer after which the connection is closed; with 426 it says what is spoken here.
  public static FullHttpResponse refusal(HttpResponseStatus status) {
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_LENGTH, 0)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      response
          .headers()
          .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
          .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue());
    }
    return response;
  }
}
