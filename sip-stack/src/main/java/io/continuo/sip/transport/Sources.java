package io.continuo.sip.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts the connections that each source has open to us. A source is an IPv4 address or an IPv6
/// /64, which is what one subscriber gets.
///
/// Threading: any thread.
final class Sources {
  private static final int PREFIX_BYTES = 8;

  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  /// Counts one more.
  ///
  /// @return how many there are now
  int add(InetAddress address) {
    return open.merge(source(address), 1, Integer::sum);
  }

  void remove(InetAddress address) {
    open.computeIfPresent(source(address), (source, count) -> count > 1 ? count - 1 : null);
  }

  private static String source(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), PREFIX_BYTES))
        : address.getHostAddress();
  }
}
