package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where we connect to as active side. A path is what a stranger wrote into SDP, so by itself it
/// opens nothing: only the address that the device signals from, or a network that the operator
/// named (`msrp.connect-to`). Loopback and link-local addresses need one of the two as well. Never
/// ourselves.
final class DialPolicy {
  private static final int DEFAULT_PORT = 2855;

  private final List<Network> allowed;

  DialPolicy(Set<String> connectTo) {
    this.allowed = connectTo.stream().map(Network::parse).toList();
  }

  /// What may be done with a target.
  sealed interface Verdict {
    record Dial(InetSocketAddress target) implements Verdict {}

    record Refused(String reason) implements Verdict {}
  }

  Verdict judge(MsrpUri target, Optional<InetAddress> signalledFrom, InetSocketAddress own) {
    if (target.secure() || !target.transport().equals("tcp")) {
      return new Verdict.Refused("path needs a transport that is not spoken");
    }
    Optional<InetAddress> address = Network.literal(target.host());
    if (address.isEmpty()) {
      return new Verdict.Refused("path names a host, not an address");
    }
    var socket = new InetSocketAddress(address.get(), target.port().orElse(DEFAULT_PORT));
    return mayDial(socket, signalledFrom, own)
        ? new Verdict.Dial(socket)
        : new Verdict.Refused("path leads where we do not connect to");
  }

  private boolean mayDial(
      InetSocketAddress target, Optional<InetAddress> signalledFrom, InetSocketAddress own) {
    InetAddress address = target.getAddress();
    boolean nobody = address.isMulticastAddress() || address.isAnyLocalAddress();
    if (nobody || target.getPort() == 0 || isOwn(target, own)) {
      return false;
    }
    return signalledFrom.filter(address::equals).isPresent()
        || allowed.stream().anyMatch(network -> names(network, address));
  }

  private static boolean isOwn(InetSocketAddress target, InetSocketAddress own) {
    if (target.getPort() != own.getPort()) {
      return false;
    }
    return own.getAddress().isAnyLocalAddress()
        ? isLocal(target.getAddress())
        : target.getAddress().equals(own.getAddress());
  }

  private static boolean isLocal(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      return true; // When the system cannot tell, the careful answer.
    }
  }

  /// A wide network such as `0.0.0.0/0` does not name the addresses of this host or link.
  private static boolean names(Network network, InetAddress address) {
    return network.contains(address) && (!isNear(address) || isNear(network.address()));
  }

  private static boolean isNear(InetAddress address) {
    return address.isLoopbackAddress() || address.isLinkLocalAddress();
  }
}
