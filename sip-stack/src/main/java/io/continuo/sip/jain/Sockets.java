package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import io.continuo.sip.transport.TcpTransport;
import io.continuo.sip.transport.UdpTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// The bound sockets.
///
/// @param tcp everything that has connections, TLS and WebSocket too
/// @param datagrams empty when UDP is not spoken
record Sockets(TcpTransport tcp, Optional<UdpTransport> datagrams) {

  /// @throws IOException when UDP is not spoken
  UdpTransport udp() throws IOException {
    return datagrams.orElseThrow(() -> new IOException("cannot send over UDP"));
  }

  /// Where a transport listens; empty when it is not spoken.
  Optional<InetSocketAddress> address(Flow.Transport transport) {
    return transport.reliable() ? tcp.address(transport) : datagrams.map(UdpTransport::address);
  }

  Set<Flow.Transport> spoken() {
    EnumSet<Flow.Transport> all = EnumSet.allOf(Flow.Transport.class);
    all.removeIf(transport -> address(transport).isEmpty());
    return all;
  }
}
