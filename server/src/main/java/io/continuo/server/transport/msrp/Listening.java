package io.continuo.server.transport.msrp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/// Where we listen: one address, one port for each [Carrier].
record Listening(InetAddress address, Set<Integer> ports) {
  Listening {
    ports = Set.copyOf(ports);
  }

  static Listening at(InetSocketAddress only) {
    return new Listening(only.getAddress(), Set.of(only.getPort()));
  }
}
