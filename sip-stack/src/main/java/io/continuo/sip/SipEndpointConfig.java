package io.continuo.sip;

import java.time.Duration;
import java.util.Set;

/// How an endpoint listens.
///
/// @param host address to listen on and to write into Via and Contact
/// @param port for UDP and TCP both; 0 picks one free for both
/// @param methods allowed methods, written into Allow; a known method that is not among them is
///   405, an unknown one 501
/// @param maxMessage bytes of one message; a larger one is 513 (TCP: answered, then closed when it
///   cannot be skipped)
/// @param maxPagerOverUdp bytes of a MESSAGE of ours over UDP (RFC 3428 §8); a larger one that
///   cannot go over TCP is not sent, and told as answered 513
/// @param maxConnectionsPerSource TCP connections from one address; one more is closed at once
/// @param idleTimeout a TCP connection that carries nothing for this long is closed
/// @param serverName for Server and User-Agent
public record SipEndpointConfig(
    String host,
    int port,
    Set<String> methods,
    int maxMessage,
    int maxPagerOverUdp,
    int maxConnectionsPerSource,
    Duration idleTimeout,
    String serverName) {
  public SipEndpointConfig {
    methods = Set.copyOf(methods);
  }
}
