package io.continuo.sip;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/// Where a message came from and how to send back the same way (RFC 5626 §2: a flow).
///
/// @param transport `UDP` or `TCP`
/// @param remote the peer's address as seen on the wire
/// @param connection identifies one TCP connection in this process; 0 for UDP
public record Flow(Transport transport, InetSocketAddress remote, long connection) {

  /// Transports there are.
  public enum Transport {
    UDP,
    TCP;

    /// As in Via and URI parameters: `tcp`.
    public String lower() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Reads what [#toString] wrote.
  public static Optional<Flow> parse(String text) {
    String[] parts = text.split("/", -1);
    int colon = parts.length == 3 ? parts[1].lastIndexOf(':') : -1;
    if (colon < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Flow(
              Transport.valueOf(parts[0].toUpperCase(Locale.ROOT)),
              new InetSocketAddress(
                  parts[1].substring(0, colon), Integer.parseInt(parts[1].substring(colon + 1))),
              Long.parseLong(parts[2])));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  /// `tcp/192.0.2.1:5060/17`.
  @Override
  public String toString() {
    return transport.lower()
        + "/"
        + remote.getAddress().getHostAddress()
        + ":"
        + remote.getPort()
        + "/"
        + connection;
  }
}
