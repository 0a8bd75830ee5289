package io.continuo.sip.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// What wires over a socket of TCP or TLS have in common.
abstract class SocketWire implements TextPeer.Wire {
  final Socket socket;
  final InputStream in;
  private final String transport;

  SocketWire(Socket socket, String transport) throws IOException {
    this.socket = socket;
    this.transport = transport;
    this.in = new BufferedInputStream(socket.getInputStream());
    socket.setTcpNoDelay(true);
  }

  @Override
  public final String transport() {
    return transport;
  }

  @Override
  public final InetAddress local() {
    return socket.getLocalAddress();
  }

  @Override
  public final int port() {
    return socket.getLocalPort();
  }

  /// As it is: a wire of messages puts them into frames before.
  public final void writeBytes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Whatever broke it ended it.
  @Override
  public final boolean atEnd() {
    try {
      socket.setSoTimeout(TextPeer.READ_MILLIS);
      return in.read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException broken) {
      return true;
    }
  }

  @Override
  public final void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
