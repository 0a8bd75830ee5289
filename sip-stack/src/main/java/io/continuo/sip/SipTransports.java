package io.continuo.sip;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Which transports an endpoint speaks, and where those with a port of their own listen.
///
/// @param spoken at least one; UDP and TCP share the port of [SipEndpointConfig#port]
/// @param tlsPort for TLS; 0 picks a free one
/// @param wsPort for WebSocket; 0 picks a free one
/// @param wssPort for WebSocket over TLS; 0 picks a free one
/// @param origins web pages that may connect, as `https://chat.example.org`; empty: any (RFC 6455
///   §4.2.2). Who sends no Origin is no browser, and may always
/// @param tls for TLS and WSS
public record SipTransports(
    Set<Flow.Transport> spoken,
    int tlsPort,
    int wsPort,
    int wssPort,
    Set<String> origins,
    Optional<SipTls> tls) {

  /// UDP and TCP.
  public static final SipTransports PLAIN =
      new SipTransports(
          EnumSet.of(Flow.Transport.UDP, Flow.Transport.TCP), 0, 0, 0, Set.of(), Optional.empty());

  public SipTransports {
    spoken = Set.copyOf(spoken);
    origins = Set.copyOf(origins);
    if (spoken.isEmpty()) {
      throw new IllegalArgumentException("no transport");
    }
    if (tls.isEmpty() && spoken.stream().anyMatch(Flow.Transport::secure)) {
      throw new IllegalArgumentException("TLS without certificates");
    }
  }
}
