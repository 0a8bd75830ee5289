package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import java.net.InetSocketAddress;

/// Where bytes go.
sealed interface Target {
  Flow.Transport transport();

  /// A flow there is: where it has connections, never a new one.
  record Over(Flow flow) implements Target {
    @Override
    public Flow.Transport transport() {
      return flow.transport();
    }
  }

  /// An address: the connection there is, else a new one.
  ///
  /// @param host whom a certificate must name: the host of the URI that led here, not what DNS made
  ///   of it (RFC 5922 §7.3)
  record To(Flow.Transport transport, InetSocketAddress address, String host) implements Target {

    /// An address that nobody named.
    To(Flow.Transport transport, InetSocketAddress address) {
      this(transport, address, address.getAddress().getHostAddress());
    }
  }
}
