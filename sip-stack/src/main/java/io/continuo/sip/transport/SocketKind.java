package io.continuo.sip.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/// The sockets of this machine: epoll's where its library runs, else the JDK's. A loop and the
/// channels on it are of one kind.
public enum SocketKind {
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),
  NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class);

  /// The best that runs here.
  public static final SocketKind BEST = Epoll.isAvailable() ? EPOLL : NIO;

  final Class<? extends ServerSocketChannel> server;
  final Class<? extends SocketChannel> stream;
  final Class<? extends DatagramChannel> datagram;

  SocketKind(
      Class<? extends ServerSocketChannel> server,
      Class<? extends SocketChannel> stream,
      Class<? extends DatagramChannel> datagram) {
    this.server = server;
    this.stream = stream;
    this.datagram = datagram;
  }

  /// Of a listening socket.
  public Class<? extends ServerSocketChannel> server() {
    return server;
  }

  /// Of a connection.
  public Class<? extends SocketChannel> stream() {
    return stream;
  }

  /// Event loops for these sockets; their number is all the threads there are, whatever the number
  /// of connections.
  public EventLoopGroup loops(int count, String name) {
    return new MultiThreadIoEventLoopGroup(
        count,
        new DefaultThreadFactory(name, true),
        this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }
}
