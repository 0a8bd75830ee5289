package io.continuo.scenarios.language;

import java.net.InetSocketAddress;

/// A SIP proxy of a test that stands between devices and the server.
public interface Proxy extends AutoCloseable {
  /// Where devices find it, over UDP.
  InetSocketAddress address();

  @Override
  void close();
}
