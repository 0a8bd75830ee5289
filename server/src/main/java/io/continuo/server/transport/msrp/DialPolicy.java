package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpUri;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Where we connect to as active side. A path is what a stranger wrote into SDP, so by itself it
/// opens nothing: only the address that the device signals from, or a network that the operator
/// named (`msrp.connect-to`). Loopback, link-local and our own addresses must be named themselves,
/// even for a device that signals from there: with a tunnel or a proxy on this host everybody does.
/// A server that itself listens on loopback is the exception: nobody elsewhere can reach it, so a
/// device that signals from a loopback address is on this machine, and is dialled there.
/// `msrp.never-connect-to` overrules all of it, and our own listener is never dialled.
///
/// Names are never looked up, since what a stranger's name server answers is the stranger's choice.
/// What was judged is what is dialled, so however an address is written (`127.1`, an IPv4 address
/// inside IPv6), it is judged as what it is.
///
/// Immutable; any thread.
final class DialPolicy {
  private static final int DEFAULT_PORT = 2855;

  private final List<Network> allowed;
  private final List<Network> denied;

  private final boolean speaksTls;

  DialPolicy(MsrpSettings settings, MsrpTransportSettings transports) {
    this(
        settings.connectTo(),
        settings.neverConnectTo(),
        transports.speaks(MsrpTransportSettings.TLS));
  }

  DialPolicy(Set<String> connectTo, Set<String> neverConnectTo, boolean speaksTls) {
    this.speaksTls = speaksTls;
    this.allowed = connectTo.stream().map(Network::parse).toList();
    this.denied = neverConnectTo.stream().map(Network::parse).toList();
  }

  /// What may be done with a target.
  sealed interface Verdict {
    record Dial(InetSocketAddress target) implements Verdict {}

    record Refused(String reason) implements Verdict {}
  }

  Verdict judge(MsrpUri target, Optional<InetAddress> signalledFrom, Listening own) {
    if (target.secure() && !speaksTls || !target.transport().equals("tcp")) {
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
      InetSocketAddress target, Optional<InetAddress> signalledFrom, Listening own) {
    InetAddress address = target.getAddress();
    if (isNobody(address) || target.getPort() == 0 || isListener(target, own)) {
      return false;
    }
    if (denied.stream().anyMatch(network -> network.contains(address))) {
      return false;
    }
    if (isNear(address)) {
      return isOnThisMachine(address, signalledFrom, own)
          || isAllowed(address, network -> isNear(network.address()));
    }
    if (isOwn(address, own.address())) {
      return isAllowed(address, Network::isOneAddress);
    }
    return signalledFrom.filter(address::equals).isPresent() || isAllowed(address, any -> true);
  }

  private static boolean isOnThisMachine(
      InetAddress address, Optional<InetAddress> signalledFrom, Listening own) {
    return own.address().isLoopbackAddress()
        && address.isLoopbackAddress()
        && signalledFrom.filter(address::equals).isPresent();
  }

  private boolean isAllowed(InetAddress address, Predicate<Network> narrowEnough) {
    return allowed.stream()
        .anyMatch(network -> network.contains(address) && narrowEnough.test(network));
  }

  private static boolean isNobody(InetAddress address) {
    return address.isMulticastAddress() || address.isAnyLocalAddress() || isIpv4Compatible(address);
  }

  /// `::127.0.0.1`, an obsolete form of IPv4 addresses (RFC 4291 §2.5.5.1). `::1` looks like one.
  private static boolean isIpv4Compatible(InetAddress address) {
    return address instanceof Inet6Address ipv6
        && ipv6.isIPv4CompatibleAddress()
        && !ipv6.isLoopbackAddress();
  }

  private static boolean isNear(InetAddress address) {
    return address.isLoopbackAddress() || address.isLinkLocalAddress();
  }

  private static boolean isListener(InetSocketAddress target, Listening own) {
    InetAddress address = target.getAddress();
    return own.ports().contains(target.getPort())
        && (isOwn(address, own.address())
            || own.address().isAnyLocalAddress() && address.isLoopbackAddress());
  }

  private static boolean isOwn(InetAddress address, InetAddress listening) {
    try {
      return address.equals(listening) || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException unknown) {
      return true; // When the system cannot tell, the careful answer.
    }
  }
}
