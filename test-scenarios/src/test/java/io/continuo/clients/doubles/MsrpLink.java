package io.continuo.clients.doubles;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// The MSRP connection of one chat of a double, plain or inside TLS.
///
/// Threading: one virtual thread reads; anybody sends.
final class MsrpLink implements AutoCloseable {
  private final Socket socket;
  private final Wiretap wiretap;

  /// What becomes of what is read.
  interface Reader {
    void read(MsrpMessage message);

    /// The other side closed, or sent what is no MSRP.
    void ended(IOException why);
  }

  MsrpLink(Socket socket, Wiretap wiretap) {
    this.socket = socket;
    this.wiretap = wiretap;
  }

  void start(Reader reader) {
    Thread.ofVirtual().name("MSRP of a double").start(() -> readOn(reader));
  }

  private void readOn(Reader reader) {
    try {
      BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
      for (; ; ) {
        MsrpMessage message = MsrpMessage.read(in);
        wiretap.add(
            new Wiretap.Heard(
                true, false, false, remote(), local(), WireText.bytes(message.raw())));
        reader.read(message);
      }
    } catch (IOException over) {
      reader.ended(over);
    }
  }

  void send(String message) {
    byte[] bytes = WireText.bytes(message);
    wiretap.add(new Wiretap.Heard(true, false, true, local(), remote(), bytes));
    try {
      synchronized (this) {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private InetSocketAddress local() {
    return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
  }

  private InetSocketAddress remote() {
    return (InetSocketAddress) socket.getRemoteSocketAddress();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
