package io.continuo.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// Where the demonstration's server listens; 0 is any free port.
record DemoPorts(int sip, int msrp, int operations) {
  /// The documented ports, so that one's own devices find the server.
  static final DemoPorts FIXED = new DemoPorts(5060, 2855, 8090);

  /// Free ports, so that several demonstrations can run beside each other.
  static final DemoPorts FREE = new DemoPorts(0, 0, 0);

  /// What to say about every port that somebody else has, empty when all are free.
  List<String> taken() {
    List<String> taken = new ArrayList<>();
    check(taken, "SIP", sip, isFree(sip) && isFreeForDatagrams(sip));
    check(taken, "MSRP", msrp, isFree(msrp));
    check(taken, "operations", operations, isFree(operations));
    return taken;
  }

  private static void check(List<String> taken, String name, int port, boolean free) {
    if (!free) {
      taken.add("port %d (%s) of 127.0.0.1 is taken by another program".formatted(port, name));
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private static boolean isFreeForDatagrams(int port) {
    try (DatagramSocket socket = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
