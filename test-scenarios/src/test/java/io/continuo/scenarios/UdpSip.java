package io.continuo.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A UDP socket of SIP messages as text, for doubles of what stands between a device and the
/// server.
///
/// Threading: one thread reads, and the listener is told on it; any thread says.
final class UdpSip implements AutoCloseable {
  private static final int MAX_DATAGRAM = 65_535;

  private final DatagramSocket socket;

  /// Told of each message.
  interface Listener {
    void heard(String message, InetSocketAddress from);
  }

  /// On a free port. Nothing is heard before [#listen].
  UdpSip(String host) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(host), 0));
  }

  /// Reads until it is closed.
  void listen(String threadName, Listener listener) {
    Thread.ofPlatform().daemon().name(threadName).start(() -> read(listener));
  }

  private void read(Listener listener) {
    byte[] buffer = new byte[MAX_DATAGRAM];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
      } catch (IOException closed) {
        return;
      }
      listener.heard(
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8),
          (InetSocketAddress) packet.getSocketAddress());
    }
  }

  void say(String message, InetSocketAddress to) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /// The value of a header's first line; empty when there is none.
  static String header(String message, String name) {
    List<String> lines = lines(message, name);
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  /// The values of all its lines.
  static List<String> lines(String message, String name) {
    List<String> values = new ArrayList<>();
    Matcher line =
        Pattern.compile("(?m)^" + name + ": (.*)$").matcher(message.split("\r\n\r\n", 2)[0]);
    while (line.find()) {
      values.add(line.group(1));
    }
    return values;
  }

  @Override
  public void close() {
    socket.close();
  }
}
