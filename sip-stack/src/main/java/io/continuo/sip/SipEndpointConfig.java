package io.continuo.sip;

import java.time.Duration;
import java.util.Set;

/// How an endpoint listens.
///
/// @param host address to listen on and to write into Via and Contact
/// @param port for UDP and TCP both; 0 picks one free for both
/// @param transports which are spoken
/// @param methods allowed methods, written into Allow; a known method that is not among them is
///   405, an unknown one 501
/// @param maxMessage bytes of one message; a larger one is 513 (TCP: answered, then closed when it
///   cannot be skipped; WebSocket: closed with 1009)
/// @param maxPagerOverUdp bytes of a MESSAGE of ours over UDP (RFC 3428 §8); a larger one that
///   cannot go over TCP is not sent, and told as answered 513
/// @param maxConnectionsPerSource connections from one address (IPv6: one /64); one more is closed
///   at once
/// @param idleTimeout a TCP or TLS connection that carries nothing for this long is closed;
///   WebSockets are kept by pings
/// @param serverName for Server and User-Agent
public record SipEndpointConfig(
    String host,
    int port,
    SipTransports transports,
    Set<String> methods,
    int maxMessage,
    int maxPagerOverUdp,
    int maxConnectionsPerSource,
    Duration idleTimeout,
    String serverName) {
  public SipEndpointConfig {
    methods = Set.copyOf(methods);
  }

  /// On UDP and TCP.
  public SipEndpointConfig(
      String host,
      int port,
      Set<String> methods,
      int maxMessage,
      int maxPagerOverUdp,
      int maxConnectionsPerSource,
      Duration idleTimeout,
      String serverName) {
    this(
        host,
        port,
        SipTransports.PLAIN,
        methods,
        maxMessage,
        maxPagerOverUdp,
        maxConnectionsPerSource,
        idleTimeout,
        serverName);
  }
}
