package io.continuo.sip.transport;

import io.continuo.sip.Flow;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/// The UDP socket of an endpoint. One datagram is one message (RFC 3261 §18.3).
///
/// Threading: any thread sends; one event loop reads, so datagrams keep their order.
public final class UdpTransport {
  /// Datagrams that may wait to be dealt with; more are dropped, the peers repeat them.
  static final int MAX_OPEN_MESSAGES = 20_000;

  /// Kernel buffers: a burst while the JVM collects garbage must not be lost.
  static final int SOCKET_BUFFER = 4_000_000;

  private static final int MAX_DATAGRAM = 65_535;

  private final Channel channel;
  private final TransportEvents events;
  private final int maxMessage;
  private final AtomicInteger openMessages = new AtomicInteger();

  /// Binds; nothing is read before [#open].
  ///
  /// @param loops of this kind
  public UdpTransport(
      EventLoopGroup loops,
      SocketKind kind,
      InetSocketAddress local,
      TransportEvents events,
      int maxMessage)
      throws IOException {
    this.events = events;
    this.maxMessage = maxMessage;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(kind.datagram)
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
            .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
            .option(ChannelOption.AUTO_READ, false)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(MAX_DATAGRAM).maxMessagesPerRead(64))
            .handler(new Reader());
    this.channel = Binding.await(bootstrap.bind(local), "UDP", local);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /// Begins to read.
  public void open() {
    channel.config().setAutoRead(true);
  }

  /// Sends one datagram.
  ///
  /// @param failed run on the event loop when the system refused it
  public void write(InetSocketAddress remote, byte[] bytes, Runnable failed) throws IOException {
    if (!channel.isOpen()) {
      throw new IOException("endpoint is closed");
    }
    channel
        .writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(bytes), remote))
        .addListener(done -> {
          if (!done.isSuccess()) {
            failed.run();
          }
        });
  }

  /// Closes after what was written.
  public void close() {
    channel.eventLoop().submit(() -> {}).syncUninterruptibly();
    channel.close().syncUninterruptibly();
  }

  private void take(Flow flow, ByteBuf content) {
    while (content.isReadable() && isLineBreak(content.getByte(content.readerIndex()))) {
      content.skipBytes(1); // RFC 3261 §7.5, as over a stream
    }
    byte[] bytes = ByteBufUtil.getBytes(content);
    if (blank(bytes)) {
      return; // a NAT keep-alive
    }
    if (Stun.is(bytes)) {
      Stun.answer(bytes, flow.remote())
          .ifPresent(answer ->
              channel.writeAndFlush(
                  new DatagramPacket(Unpooled.wrappedBuffer(answer), flow.remote())));
      return;
    }
    if (bytes.length > maxMessage) {
      events.oversize(flow, bytes, false);
    } else if (openMessages.incrementAndGet() > MAX_OPEN_MESSAGES) {
      openMessages.decrementAndGet();
    } else {
      events.message(flow, bytes, openMessages::decrementAndGet);
    }
  }

  private static boolean isLineBreak(byte b) {
    return b == '\r' || b == '\n';
  }

  private static boolean blank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != '\r' && b != '\n' && b != 0 && b != ' ') {
        return false;
      }
    }
    return true;
  }

  private final class Reader extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      take(new Flow(Flow.Transport.UDP, packet.sender(), 0), packet.content());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // ICMP "port unreachable" of an earlier send surfaces here; the socket stays good.
    }
  }
}
