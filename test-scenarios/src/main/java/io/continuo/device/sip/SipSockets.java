package io.continuo.device.sip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The device's sockets: a listener on a port of its own, and one connection to the server that is
/// kept and used both ways (RFC 5626).
///
/// Threading: any thread.
final class SipSockets {
  private final SipAgent.Transport transport;
  private final InetSocketAddress server;
  private final BiConsumer<SipFlow, byte[]> reader;
  private final @Nullable ServerSocket listener;
  private final @Nullable DatagramSocket datagrams;
  private final Set<SipFlow> open = ConcurrentHashMap.newKeySet();
  private @Nullable TcpFlow toServer;

  SipSockets(
      SipAgent.Transport transport,
      InetSocketAddress server,
      Optional<String> host,
      BiConsumer<SipFlow, byte[]> reader) {
    this.transport = transport;
    this.server = server;
    this.reader = reader;
    try {
      InetAddress here = host.isPresent() ? InetAddress.getByName(host.get()) : facing(server);
      listener = transport == SipAgent.Transport.TCP ? new ServerSocket(0, 50, here) : null;
      datagrams = transport == SipAgent.Transport.UDP ? new DatagramSocket(0, here) : null;
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    Thread.ofVirtual()
        .name("sip-listen-" + local().getPort())
        .start(listener == null ? this::readDatagrams : this::acceptConnections);
  }

  /// The local address that packets to `server` leave from; nothing is sent to learn it.
  private static InetAddress facing(InetSocketAddress server) throws IOException {
    try (DatagramSocket probe = new DatagramSocket()) {
      probe.connect(server);
      return probe.getLocalAddress();
    }
  }

  SipAgent.Transport transport() {
    return transport;
  }

  InetSocketAddress local() {
    return (InetSocketAddress)
        (listener != null
            ? listener.getLocalSocketAddress()
            : java.util.Objects.requireNonNull(datagrams).getLocalSocketAddress());
  }

  String hostPort() {
    return SipText.host(local().getAddress()) + ":" + local().getPort();
  }

  /// The flow to the server; on TCP the kept connection, made anew when it is gone.
  synchronized SipFlow toServer() {
    if (datagrams != null) {
      return new UdpFlow(datagrams, server);
    }
    TcpFlow kept = toServer;
    if (kept == null || !kept.open()) {
      kept = TcpFlow.connect(local().getAddress(), server);
      toServer = kept;
      start(kept);
    }
    return kept;
  }

  /// The flow for a request inside a dialog.
  SipFlow to(SipDialog dialog) {
    if (datagrams == null) {
      return dialog.flow().open() ? dialog.flow() : toServer();
    }
    return new UdpFlow(
        datagrams, SipText.numericAddress(dialog.nextHop()).orElse(dialog.flow().remote()));
  }

  private void start(TcpFlow flow) {
    open.add(flow);
    flow.read(reader, open::remove);
  }

  private void acceptConnections() {
    ServerSocket accepting = java.util.Objects.requireNonNull(listener);
    while (!accepting.isClosed()) {
      try {
        Socket socket = accepting.accept();
        socket.setTcpNoDelay(true);
        start(new TcpFlow(socket));
      } catch (IOException closed) {
        // The listener was closed, or the peer left before it was accepted.
        continue;
      }
    }
  }

  private void readDatagrams() {
    DatagramSocket socket = java.util.Objects.requireNonNull(datagrams);
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    while (!socket.isClosed()) {
      try {
        packet.setLength(65_536);
        socket.receive(packet);
        SipFlow flow = new UdpFlow(socket, (InetSocketAddress) packet.getSocketAddress());
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        if (bytes.length > 4) {
          reader.accept(flow, bytes);
        }
      } catch (IOException | RuntimeException lost) {
        // A datagram that cannot be read is a lost datagram; its sender repeats it.
        continue;
      }
    }
  }

  synchronized void dropServer() {
    if (toServer != null) {
      toServer.close();
    }
  }

  void close() {
    try {
      if (listener != null) {
        listener.close();
      }
      if (datagrams != null) {
        datagrams.close();
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } finally {
      open.forEach(SipFlow::close);
    }
  }
}
