package io.continuo.sip.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.InetSocketAddress;

/// Waits for a socket to be bound and says which one could not be.
final class Binding {
  private Binding() {}

  static Channel await(ChannelFuture bind, String protocol, InetSocketAddress local)
      throws IOException {
    bind.awaitUninterruptibly();
    if (!bind.isSuccess()) {
      throw new IOException(
          "cannot listen for SIP over %s on %s:%d: %s"
              .formatted(
                  protocol,
                  local.getHostString(),
                  local.getPort(),
                  local.isUnresolved() ? "unknown host" : bind.cause().getMessage()),
          bind.cause());
    }
    return bind.channel();
  }
}
