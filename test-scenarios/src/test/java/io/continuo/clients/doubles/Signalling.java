package io.continuo.clients.doubles;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Consumer;

/// The SIP socket of a double: a UDP port, or one connection to the server.
///
/// Threading: one virtual thread reads; anybody sends.
abstract sealed class Signalling implements AutoCloseable {
  private static final int MAX_DATAGRAM = 65_535;

  private final InetSocketAddress server;
  private final Wiretap wiretap;

  private Signalling(InetSocketAddress server, Wiretap wiretap) {
    this.server = server;
    this.wiretap = wiretap;
  }

  /// @param reader is called on the reading thread with each message
  static Signalling overUdp(InetSocketAddress server, Wiretap wiretap, Consumer<String> reader) {
    return started(Datagrams::new, server, wiretap, reader);
  }

  /// @param reader is called on the reading thread with each message
  static Signalling overTcp(InetSocketAddress server, Wiretap wiretap, Consumer<String> reader) {
    return over(() -> new Socket(server.getAddress(), server.getPort()), server, wiretap, reader);
  }

  /// @param reader is called on the reading thread with each message
  static Signalling over(
      Connecting way, InetSocketAddress server, Wiretap wiretap, Consumer<String> reader) {
    return started((_, tap) -> new Connection(way.connect(), server, tap), server, wiretap, reader);
  }

  /// Makes the connection to the server.
  interface Connecting {
    Socket connect() throws IOException;
  }

  private interface Opening {
    Signalling open(InetSocketAddress server, Wiretap wiretap) throws IOException;
  }

  private static Signalling started(
      Opening opening, InetSocketAddress server, Wiretap wiretap, Consumer<String> reader) {
    try {
      Signalling opened = opening.open(server, wiretap);
      Thread.ofVirtual().name("SIP of a double").start(() -> opened.readOn(reader));
      return opened;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Until the socket is closed: then there is nothing left to read, which is no failure.
  private void readOn(Consumer<String> reader) {
    try {
      for (; ; ) {
        Optional<String> message = read();
        message.ifPresent(text -> {
          wiretap.add(
              new Wiretap.Heard(false, datagrams(), false, server, local(), WireText.bytes(text)));
          reader.accept(text);
        });
      }
    } catch (IOException closed) {
      close();
    }
  }

  void send(String message) {
    byte[] bytes = WireText.bytes(message);
    wiretap.add(new Wiretap.Heard(false, datagrams(), true, local(), server, bytes));
    try {
      write(bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  abstract InetSocketAddress local();

  /// Empty when it was no message.
  abstract Optional<String> read() throws IOException;

  abstract void write(byte[] message) throws IOException;

  abstract boolean datagrams();

  @Override
  public abstract void close();

  private static final class Datagrams extends Signalling {
    private final DatagramSocket socket;

    Datagrams(InetSocketAddress server, Wiretap wiretap) throws IOException {
      super(server, wiretap);
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      socket.connect(server);
    }

    @Override
    InetSocketAddress local() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    @Override
    Optional<String> read() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
      socket.receive(packet);
      byte[] bytes = new byte[packet.getLength()];
      System.arraycopy(packet.getData(), 0, bytes, 0, bytes.length);
      String text = WireText.of(bytes);
      return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    @Override
    void write(byte[] message) throws IOException {
      socket.send(new DatagramPacket(message, message.length));
    }

    @Override
    boolean datagrams() {
      return true;
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class Connection extends Signalling {
    private final Socket socket;
    private final BufferedInputStream in;

    Connection(Socket connected, InetSocketAddress server, Wiretap wiretap) throws IOException {
      super(server, wiretap);
      socket = connected;
      in = new BufferedInputStream(socket.getInputStream());
    }

    @Override
    InetSocketAddress local() {
      return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    @Override
    Optional<String> read() throws IOException {
      return SipMessage.read(in);
    }

    @Override
    synchronized void write(byte[] message) throws IOException {
      socket.getOutputStream().write(message);
    }

    @Override
    boolean datagrams() {
      return false;
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
}
