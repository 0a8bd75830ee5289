package io.continuo.server.configuration;

import io.continuo.server.configuration.MsrpRelaySettings.WithoutRelay;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Over what MSRP goes and how its connections are secured (the rest of `msrp.*`; RFC 4975 §14, RFC
/// 6714, RFC 7977, RFC 8122).
///
/// @param transports which are listened on and spoken: `tcp`, `tls`, `ws`, `wss` (default `tcp`)
/// @param tlsPort TCP port of `TCP/TLS/MSRP`, 0 for any free one (default 2856)
/// @param wsPort TCP port of MSRP over WebSocket, 0 for any free one (default 2857)
/// @param wssPort the same over TLS (default 2858)
/// @param offer what a device that we invite is offered (default [Offer#AS_SIGNALLED])
/// @param requireTls whether sessions without TLS are refused (default no)
/// @param cema whether we say `a=msrp-cema` (default yes)
/// @param fingerprintHashes hash functions of `a=fingerprint` that are believed (default SHA-2 of
///   256 bits and more)
/// @param matchSessionId networks (CIDR) whose peers are known by the session id of their path
///   alone, as after CEMA, because an SBC rewrites hosts and ports in SDP; from elsewhere the whole
///   path must be that of the SDP (default everywhere)
/// @param websocketOrigins values of `Origin` that are let in; empty: every one (default). A client
///   that sends none is no browser and is let in
/// @param websocketPing how often a WebSocket is pinged; one that was silent since the last ping is
///   closed (default 30 s: proxies close what is silent for a minute)
/// @param websocketFrame largest frame taken, in bytes (default 64 KiB)
/// @param handshakeTimeout how long a TLS or WebSocket handshake may take (default 10 s)
public record MsrpTransportSettings(
    @Key("msrp.transports") List<String> transports,
    @Key("msrp.tls-port") int tlsPort,
    @Key("msrp.ws-port") int wsPort,
    @Key("msrp.wss-port") int wssPort,
    @Key("msrp.offer") Offer offer,
    @Key("msrp.require-tls") boolean requireTls,
    @Key("msrp.cema") boolean cema,
    @Key("msrp.fingerprint-hashes") List<String> fingerprintHashes,
    @Key("msrp.match-session-id") List<String> matchSessionId,
    @Key("msrp.websocket-origins") List<String> websocketOrigins,
    @Key("msrp.websocket-ping") Duration websocketPing,
    @Key("msrp.websocket-frame") @Bytes int websocketFrame,
    @Key("msrp.handshake-timeout") Duration handshakeTimeout) {

  /// What a device that we invite is offered, when both are spoken. A device whose signalling is on
  /// a WebSocket is a browser and is offered that, whatever is said here.
  public enum Offer {
    TCP,
    TLS,
    /// TLS when the device signals over TLS or its own last offer was TLS.
    AS_SIGNALLED
  }

  public static final String TCP = "tcp";
  public static final String TLS = "tls";
  public static final String WS = "ws";
  public static final String WSS = "wss";

  private static final Set<String> TRANSPORTS = Set.of(TCP, TLS, WS, WSS);
  private static final Set<String> HASHES =
      Set.of("sha-1", "sha-224", "sha-256", "sha-384", "sha-512");

  public MsrpTransportSettings {
    transports = List.copyOf(transports);
    fingerprintHashes = List.copyOf(fingerprintHashes);
    matchSessionId = List.copyOf(matchSessionId);
    websocketOrigins = List.copyOf(websocketOrigins);
    boolean secure = isSecure(transports);
    Duration shortest = Duration.ofMillis(10);
    new Check()
        .that("msrp.transports", !transports.isEmpty(), "is empty")
        .each("msrp.transports", transports, TRANSPORTS::contains, "one of tcp, tls, ws, wss")
        .port("msrp.tls-port", tlsPort)
        .port("msrp.ws-port", wsPort)
        .port("msrp.wss-port", wssPort)
        .that("msrp.require-tls", !requireTls || secure, "needs tls or wss in msrp.transports")
        .each(
            "msrp.fingerprint-hashes",
            fingerprintHashes,
            HASHES::contains,
            "one of sha-1, sha-224, sha-256, sha-384, sha-512")
        .each("msrp.match-session-id", matchSessionId, Check::isNetwork, NETWORK)
        .between("msrp.websocket-ping", websocketPing, shortest, Duration.ofHours(1))
        .between("msrp.websocket-frame", websocketFrame, 1024, 1 << 24)
        .between("msrp.handshake-timeout", handshakeTimeout, shortest, Duration.ofMinutes(2))
        .done();
  }

  private static boolean isSecure(List<String> transports) {
    return transports.contains(TLS) || transports.contains(WSS);
  }

  /// Whether one of the transports is over TLS.
  boolean speaksTls() {
    return isSecure(transports);
  }

  /// The ports of the transports that are spoken, by key.
  ///
  /// @param tcpPort `msrp.port`
  Map<String, Integer> ports(int tcpPort) {
    Map<String, Integer> all = new LinkedHashMap<>();
    all.put(TCP, tcpPort);
    all.put(TLS, tlsPort);
    all.put(WS, wsPort);
    all.put(WSS, wssPort);
    all.keySet().retainAll(transports);
    Map<String, Integer> named = new LinkedHashMap<>();
    all.forEach((transport, port) ->
        named.put(transport.equals(TCP) ? "msrp.port" : "msrp." + transport + "-port", port));
    return named;
  }

  /// Whether this transport is spoken.
  public boolean speaks(String transport) {
    return transports.contains(transport);
  }

  /// What a session may be over that has to pass these relays: theirs, and WebSockets, which pass
  /// none. A peer reaches a relay over what its URI says, and an answer is over what was offered
  /// (RFC 3264 §6). Everything that is spoken when a session may go without.
  public MsrpTransportSettings behind(MsrpRelaySettings relays) {
    return relays.outward().filter(needed -> relays.withoutRelay() == WithoutRelay.REFUSE).isEmpty()
        ? this
        : new MsrpTransportSettings(
            transports.stream().filter(each -> mayPass(each, relays)).toList(),
            tlsPort,
            wsPort,
            wssPort,
            offer,
            requireTls,
            cema,
            fingerprintHashes,
            matchSessionId,
            websocketOrigins,
            websocketPing,
            websocketFrame,
            handshakeTimeout);
  }

  private static boolean mayPass(String transport, MsrpRelaySettings relays) {
    boolean webSocket = transport.equals(WS) || transport.equals(WSS);
    return webSocket || relays.outward().filter(transport::equals).isPresent();
  }

  public static final MsrpTransportSettings DEFAULT =
      new MsrpTransportSettings(
          List.of(TCP),
          2856,
          2857,
          2858,
          Offer.AS_SIGNALLED,
          false,
          true,
          List.of("sha-512", "sha-384", "sha-256"),
          List.of("0.0.0.0/0", "::/0"),
          List.of(),
          Duration.ofSeconds(30),
          64 << 10,
          Duration.ofSeconds(10));

  private static final String NETWORK = "a network like 192.0.2.0/24";
}
