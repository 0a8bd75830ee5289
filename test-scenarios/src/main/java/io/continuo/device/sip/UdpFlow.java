package io.continuo.device.sip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;

/// A peer behind the device's one UDP socket.
record UdpFlow(DatagramSocket socket, InetSocketAddress remote) implements SipFlow {
  @Override
  public void send(byte[] message) {
    try {
      socket.send(new DatagramPacket(message, message.length, remote));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @Override
  public boolean reliable() {
    return false;
  }

  @Override
  public boolean open() {
    return !socket.isClosed();
  }

  /// The socket belongs to all peers, so it stays.
  @Override
  public void close() {}
}
