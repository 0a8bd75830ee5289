package io.continuo.server.configuration;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where and as whom we speak SIP (`sip.*`).
///
/// @param domain our domain: subscribers are `sip:user@domain` (default `continuo.test`)
/// @param host the address to listen on and to write into Via and Contact; an IPv6 address with or
///   without brackets (default `127.0.0.1`)
/// @param port UDP and TCP port, 0 for any free one (default 5060)
/// @param transports which are spoken: `udp`, `tcp`, `tls`, `ws`, `wss` (default UDP and TCP)
/// @param tlsPort port for TLS, 0 for any free one (default 5061)
/// @param wsPort port for WebSocket, 0 for any free one (default 5080)
/// @param wssPort port for WebSocket over TLS, 0 for any free one (default 5443)
/// @param websocketOrigins web pages whose scripts may connect, as `https://chat.example.org`; none
///   means any (default). Who sends no Origin is no browser, and may always
/// @param conferenceFactory user part of the conference factory URI (RFC 4579 §5.4; default `chat`)
/// @param optionTag the option tag that marks multi-client sessions; empty says none (default
///   `multi-client`)
/// @param sdpMark whether SDP carries `a=multi-client` too (default false)
/// @param trustedPeers IP addresses of CSCFs whose P-Asserted-Identity and third-party REGISTER are
///   believed (default none)
/// @param outboundProxy where requests to devices learned from a CSCF go,
///   `sip:host:port;transport=tcp;lr`; empty: none
/// @param maxMessage largest SIP message taken, in bytes (default 65,000; more is 513)
/// @param maxPagerOverUdp largest MESSAGE of ours over UDP, in bytes (default 1,300; RFC 3428 §8):
///   a larger one goes over TCP, and to a device that is reached over UDP alone not at all
/// @param maxConnectionsPerSource connections that one address (IPv6: one /64) may have open to us
///   over all transports: a CSCF needs few, a NAT with many devices more (default 2,000; one more
///   is closed at once)
/// @param idleTimeout a TCP or TLS connection that carries nothing for this long is closed: longer
///   than the longest usual registration, so that a device without keep-alives stays reachable
///   (default 65 min)
/// @param dnsServers whom host names of next hops are asked of, as `address` or `address:port` (RFC
///   3263; default none: those of the system)
/// @param retryAfter the shortest time that who is refused with 503 is asked to wait, the longest
///   is twice as long (default 10 s)
public record SipSettings(
    String domain,
    String host,
    int port,
    Set<String> transports,
    int tlsPort,
    int wsPort,
    int wssPort,
    Set<String> websocketOrigins,
    String conferenceFactory,
    String optionTag,
    boolean sdpMark,
    Set<String> trustedPeers,
    String outboundProxy,
    @Bytes int maxMessage,
    @Bytes int maxPagerOverUdp,
    int maxConnectionsPerSource,
    Duration idleTimeout,
    List<String> dnsServers,
    Duration retryAfter) {
  private static final Set<String> TRANSPORTS = Set.of("udp", "tcp", "tls", "ws", "wss");

  public SipSettings {
    transports = Collections.unmodifiableSet(new LinkedHashSet<>(transports));
    websocketOrigins = Set.copyOf(websocketOrigins);
    trustedPeers = Set.copyOf(trustedPeers);
    dnsServers = List.copyOf(dnsServers);
    host = host.replaceAll("^\\[(.*)]$", "$1");
    new Check()
        .matches("sip.domain", domain, "[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]", "a host name")
        .ownHost("sip.host", host)
        .port("sip.port", port)
        .that("sip.transports", !transports.isEmpty(), "names no transport")
        .each("sip.transports", transports, TRANSPORTS::contains, "udp, tcp, tls, ws or wss")
        .port("sip.tls-port", tlsPort)
        .port("sip.ws-port", wsPort)
        .port("sip.wss-port", wssPort)
        .each(
            "sip.websocket-origins",
            websocketOrigins,
            origin -> origin.matches("https?://[^/\\s]+"),
            "an origin such as https://chat.example.org")
        .matches("sip.conference-factory", conferenceFactory, "[A-Za-z0-9._+-]+", "a user part")
        .matches("sip.option-tag", optionTag, "[A-Za-z0-9.!%*_+`'~-]*", "a token")
        .each("sip.trusted-peers", trustedPeers, Check::isAddress, "an IP address")
        .matches("sip.outbound-proxy", outboundProxy, "|sips?:\\S+", "a SIP URI")
        .between("sip.max-message", maxMessage, 1500, 65_535)
        .between("sip.max-pager-over-udp", maxPagerOverUdp, 1300, 65_535)
        .between("sip.max-connections-per-source", maxConnectionsPerSource, 1, 100_000)
        .between("sip.idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofDays(1))
        .each(
            "sip.dns-servers", dnsServers, Check::isServer, "an IP address with or without a port")
        .between("sip.retry-after", retryAfter, Duration.ofSeconds(1), Duration.ofHours(1))
        .done();
  }

  /// Whether one of the transports is over TLS.
  boolean speaksTls() {
    return transports.contains("tls") || transports.contains("wss");
  }

  /// The port of each transport that has one of its own, by its key.
  Map<String, Integer> ownPorts() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    if (transports.contains("tls")) {
      ports.put("sip.tls-port", tlsPort);
    }
    if (transports.contains("ws")) {
      ports.put("sip.ws-port", wsPort);
    }
    if (transports.contains("wss")) {
      ports.put("sip.wss-port", wssPort);
    }
    return ports;
  }

  /// The host as URIs have it: an IPv6 address in brackets.
  public String uriHost() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  public static final SipSettings DEFAULT =
      new SipSettings(
          "continuo.test",
          "127.0.0.1",
          5060,
          new LinkedHashSet<>(List.of("udp", "tcp")),
          5061,
          5080,
          5443,
          Set.of(),
          "chat",
          "multi-client",
          false,
          Set.of(),
          "",
          65_000,
          1_300,
          2_000,
          Duration.ofMinutes(65),
          List.of(),
          Duration.ofSeconds(10));
}
