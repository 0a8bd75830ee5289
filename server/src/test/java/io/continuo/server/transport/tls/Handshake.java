package io.continuo.server.transport.tls;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.Mapping;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A TLS server on the loopback, and clients that shake hands with it.
final class Handshake implements AutoCloseable {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final BlockingQueue<SslHandler> accepted = new LinkedBlockingQueue<>();
  private final Channel server;

  Handshake(Mapping<String, SslContext> contexts) {
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Sni(contexts)).addLast(new Quiet());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  /// A failed handshake is told by its future.
  private static final class Quiet extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  private final class Sni extends SniHandler {
    Sni(Mapping<String, SslContext> contexts) {
      super(contexts);
    }

    @Override
    protected SslHandler newSslHandler(
        SslContext context, io.netty.buffer.ByteBufAllocator allocator) {
      SslHandler handler = super.newSslHandler(context, allocator);
      accepted.add(handler);
      return handler;
    }
  }

  /// What the server shows to a client that asks for a name.
  X509Certificate shownTo(SslContext client, String name) throws Exception {
    SslHandler handler = connect(client, name);
    handler.handshakeFuture().get(60, TimeUnit.SECONDS);
    return (X509Certificate) handler.engine().getSession().getPeerCertificates()[0];
  }

  /// The server's side of the next connection.
  SslHandler accepted() throws InterruptedException {
    SslHandler handler = accepted.poll(60, TimeUnit.SECONDS);
    if (handler == null) {
      throw new AssertionError("no connection");
    }
    return handler;
  }

  SslHandler connect(SslContext client, String name) {
    SslHandler[] made = new SslHandler[1];
    int port = ((InetSocketAddress) server.localAddress()).getPort();
    new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                made[0] = client.newHandler(channel.alloc(), name, port);
                channel.pipeline().addLast(made[0]).addLast(new Quiet());
              }
            })
        .connect("127.0.0.1", port)
        .syncUninterruptibly();
    return made[0];
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
