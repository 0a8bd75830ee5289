package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.MsrpMedia;
import java.util.Locale;
import java.util.Optional;

/// What carries MSRP (`msrp.transports`): TCP or a WebSocket (RFC 7977), plain or over TLS.
enum Carrier {
  TCP(false, false),
  TLS(true, false),
  WS(false, true),
  WSS(true, true);

  private final boolean secure;
  private final boolean webSocket;

  Carrier(boolean secure, boolean webSocket) {
    this.secure = secure;
    this.webSocket = webSocket;
  }

  /// What a side's SDP asks for.
  static Carrier of(MsrpMedia media) {
    boolean secure = media.carriage().secure();
    if (media.overWebSocket()) {
      return secure ? WSS : WS;
    }
    return secure ? TLS : TCP;
  }

  boolean isSecure() {
    return secure;
  }

  boolean isWebSocket() {
    return webSocket;
  }

  /// As in the setting and in a SIP flow: `wss`.
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Our URI of a session here. A WebSocket over TLS is `msrps:` with `ws` (RFC 7977 §5.2).
  MsrpUri uri(String host, int port, String sessionId) {
    return parse(host, port, sessionId).orElseThrow();
  }

  /// Our URI here without a session.
  MsrpUri uri(String host, int port) {
    return at(host, port, "").orElseThrow();
  }

  /// Empty when the host is none.
  Optional<MsrpUri> parse(String host, int port, String sessionId) {
    return at(host, port, "/" + sessionId);
  }

  private Optional<MsrpUri> at(String host, int port, String session) {
    String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String scheme = secure ? "msrps://" : "msrp://";
    String transport = webSocket ? ";ws" : ";tcp";
    return MsrpUri.parse(scheme + authority + ":" + port + session + transport);
  }
}
