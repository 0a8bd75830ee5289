package io.continuo.sipcomparison;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// A raw socket of the load, to the server only.
///
/// Threading: the load's one thread.
sealed interface Line extends AutoCloseable {
  /// Kernel buffer: what the server sends while the load is busy must not be lost.
  int SOCKET_BUFFER = 4_000_000;

  /// Bytes of one message; a longer one cannot be read.
  int MAX_MESSAGE = 65_535;

  SelectableChannel channel();

  InetSocketAddress local() throws IOException;

  void send(byte[] message) throws IOException;

  /// Hands up every whole message that has come.
  void read(Consumer<Received> messages) throws IOException;

  @Override
  default void close() throws IOException {
    channel().close();
  }

  /// Opens one of a transport, `UDP` or `TCP`.
  static Line to(InetSocketAddress server, String transport) throws IOException {
    Line line =
        transport.equals("UDP")
            ? new Datagrams(DatagramChannel.open(), server)
            : new Stream(SocketChannel.open(server));
    line.channel().configureBlocking(false);
    return line;
  }

  /// UDP.
  final class Datagrams implements Line {
    private final DatagramChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(MAX_MESSAGE);

    Datagrams(DatagramChannel channel, InetSocketAddress server) throws IOException {
      this.channel = channel;
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
      channel.bind(new InetSocketAddress(server.getAddress(), 0));
      channel.connect(server);
    }

    @Override
    public SelectableChannel channel() {
      return channel;
    }

    @Override
    public InetSocketAddress local() throws IOException {
      return (InetSocketAddress) channel.getLocalAddress();
    }

    @Override
    public void send(byte[] message) throws IOException {
      if (channel.write(ByteBuffer.wrap(message)) != message.length) {
        throw new IOException("the system took no datagram");
      }
    }

    @Override
    public void read(Consumer<Received> messages) throws IOException {
      while (channel.read(in.clear()) > 0) {
        in.flip();
        messages.accept(new Received(StandardCharsets.ISO_8859_1.decode(in).toString()));
      }
    }
  }

  /// TCP.
  final class Stream implements Line {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(16 * MAX_MESSAGE);

    Stream(SocketChannel channel) throws IOException {
      this.channel = channel;
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    @Override
    public SelectableChannel channel() {
      return channel;
    }

    @Override
    public InetSocketAddress local() throws IOException {
      return (InetSocketAddress) channel.getLocalAddress();
    }

    @Override
    public void send(byte[] message) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(message);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void read(Consumer<Received> messages) throws IOException {
      if (channel.read(in) < 0) {
        throw new IOException("the server closed a connection of the load");
      }
      in.flip();
      String text = StandardCharsets.ISO_8859_1.decode(in.duplicate()).toString();
      int taken = 0;
      for (int end = end(text, 0); end > 0; end = end(text, taken)) {
        messages.accept(new Received(text.substring(taken, end)));
        taken = end;
      }
      in.position(in.position() + taken);
      in.compact();
    }

    /// Where the message that begins here ends; -1 when it is not complete.
    private static int end(String text, int start) {
      int head = text.indexOf("\r\n\r\n", start);
      if (head < 0) {
        return -1;
      }
      String length = new Received(text.substring(start, head + 4)).header("Content-Length");
      int end = head + 4 + (length.isEmpty() ? 0 : Integer.parseInt(length));
      return end > text.length() ? -1 : end;
    }
  }
}
