package io.continuo.sip.jain;

import io.continuo.sip.Flow;
import java.net.InetSocketAddress;

/// Where bytes go.
sealed interface Target {
  Flow.Transport transport();

  /// A flow there is: over TCP never a new connection.
  record Over(Flow flow) implements Target {
    @Override
    public Flow.Transport transport() {
      return flow.transport();
    }
  }

  /// An address: over TCP the connection there is, else a new one.
  record To(Flow.Transport transport, InetSocketAddress address) implements Target {}
}
