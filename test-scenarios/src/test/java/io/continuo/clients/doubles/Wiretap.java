package io.continuo.clients.doubles;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Everything that went over the sockets of a double, both ways, in order. TLS is heard inside.
///
/// Threading: any thread.
public final class Wiretap {
  /// One SIP or MSRP message.
  ///
  /// @param datagram over UDP; else over a connection
  /// @param byDouble sent by the double; else by the server
  public record Heard(
      boolean msrp,
      boolean datagram,
      boolean byDouble,
      InetSocketAddress from,
      InetSocketAddress to,
      byte[] bytes) {}

  private final List<Heard> heard = new ArrayList<>();

  synchronized void add(Heard message) {
    heard.add(message);
  }

  public synchronized List<Heard> heard() {
    return List.copyOf(heard);
  }
}
