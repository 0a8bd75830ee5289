package io.continuo.device.sip;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// One TCP connection with its reader.
///
/// Threading: `send` from any thread, one at a time; messages come on the reader's thread, in
/// order.
final class TcpFlow implements SipFlow {
  /// How long a connect may take, in milliseconds.
  static final int CONNECT_TIMEOUT = 5_000;

  private static final byte[] PONG = "\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;

  TcpFlow(Socket socket) {
    this.socket = socket;
  }

  static TcpFlow connect(InetAddress from, InetSocketAddress peer) {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(peer, CONNECT_TIMEOUT);
      return new TcpFlow(socket);
    } catch (IOException refused) {
      throw new UncheckedIOException(
          "no SIP connection to " + peer.getHostString() + ":" + peer.getPort(), refused);
    }
  }

  /// Starts reading.
  ///
  /// @param onMessage gets every message's bytes
  /// @param onClosed called once, after the last message
  void read(BiConsumer<SipFlow, byte[]> onMessage, Consumer<SipFlow> onClosed) {
    Thread.ofVirtual()
        .name("sip-tcp-" + socket.getLocalPort())
        .start(() -> {
          try {
            readAll(onMessage);
          } catch (IOException | RuntimeException broken) {
            // A connection that broke, or a peer that speaks no SIP: either way it is over.
            close();
          }
          close();
          onClosed.accept(this);
        });
  }

  private void readAll(BiConsumer<SipFlow, byte[]> onMessage) throws IOException {
    SipReader reader =
        new SipReader(new BufferedInputStream(socket.getInputStream()), () -> send(PONG));
    for (byte[] bytes = reader.next(); bytes.length > 0; bytes = reader.next()) {
      onMessage.accept(this, bytes);
    }
  }

  @Override
  public synchronized void send(byte[] message) {
    try {
      socket.getOutputStream().write(message);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  @Override
  public boolean reliable() {
    return true;
  }

  @Override
  public boolean open() {
    return !socket.isClosed();
  }

  @Override
  public InetSocketAddress remote() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // Closing a broken socket: nothing is lost that was not lost before.
      return;
    }
  }
}
