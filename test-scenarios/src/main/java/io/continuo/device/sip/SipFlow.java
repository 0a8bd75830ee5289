package io.continuo.device.sip;

import java.net.InetSocketAddress;

/// One way to a peer: a TCP connection, or a UDP socket and the peer's address (RFC 5626 §2).
sealed interface SipFlow permits TcpFlow, UdpFlow {
  /// Writes one message.
  ///
  /// @throws java.io.UncheckedIOException when the peer is gone
  void send(byte[] message);

  /// Whether the transport itself repeats what was lost.
  boolean reliable();

  boolean open();

  InetSocketAddress remote();

  void close();
}
