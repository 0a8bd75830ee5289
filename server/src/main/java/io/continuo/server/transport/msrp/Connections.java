package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.netty.MsrpDecoder;
import io.continuo.msrp.netty.MsrpEncoder;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.Body;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Every open connection of the endpoint: makes an [MsrpConnection] with its pipeline of a channel,
/// whoever connected and whatever carries it, and counts those of one source
/// (`msrp.max-connections-per-source`): an IPv4 address, or the /64 of an IPv6 address, in which
/// one host has as many addresses as it likes.
///
/// Threading: any thread.
final class Connections {
  /// Writes that one flush joins at most while something is being read; the end of the reading
  /// flushes the rest.
  private static final int FLUSHES_JOINED = 256;

  private static final int IPV6_NETWORK_BYTES = 8;

  private final Shared shared;
  private final TlsLayer tls;
  private final WebSocketLayer webSocket;
  private final Map<ByteBuffer, Integer> perSource = new ConcurrentHashMap<>();
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  Connections(Shared shared, TlsLayer tls, WebSocketLayer webSocket) {
    this.shared = shared;
    this.tls = tls;
    this.webSocket = webSocket;
  }

  /// For channels of a listener.
  ChannelInitializer<Channel> accepted(Carrier carrier) {
    return initializer(channel -> accept(channel, carrier));
  }

  /// For a channel that we connect.
  ChannelInitializer<Channel> dialled(Outgoing.To to) {
    return initializer(channel -> {
      if (to.assurance().secure()) {
        tls.underDialled(channel, to);
      }
      Carrier carrier = to.assurance().secure() ? Carrier.TLS : Carrier.TCP;
      carry(channel, to.target().getAddress(), carrier, true);
    });
  }

  /// When a channel that we connect can be used.
  ChannelFuture usable(ChannelFuture connected, Outgoing.To to) {
    return tls.secured(connected, to);
  }

  WriteBufferWaterMark waterMark() {
    int high = (int) Math.min(Integer.MAX_VALUE, shared.settings().sendBuffer());
    return new WriteBufferWaterMark(high / 2, high);
  }

  private static ChannelInitializer<Channel> initializer(Consumer<Channel> made) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        made.accept(channel);
      }
    };
  }

  private void accept(Channel channel, Carrier carrier) {
    InetAddress source = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    int most = shared.settings().maxConnectionsPerSource();
    ByteBuffer counted = counted(source);
    if (perSource.merge(counted, 1, Integer::sum) > most) {
      release(counted);
      int status = MsrpStatus.FORBIDDEN.code();
      shared.refusals().note(source.getHostAddress(), status, "too many connections");
      channel.close();
      return;
    }
    channel.closeFuture().addListener(closed -> release(counted));
    if (carrier.isSecure()) {
      tls.underAccepted(channel, source, carrier.isWebSocket());
    }
    if (carrier.isWebSocket()) {
      webSocket.under(channel, source);
    }
    carry(channel, source, carrier, false);
    if (carrier.isWebSocket()) {
      webSocket.above(channel);
    }
  }

  /// What connections are counted by.
  static ByteBuffer counted(InetAddress source) {
    byte[] bytes = source.getAddress();
    return ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, IPV6_NETWORK_BYTES));
  }

  private void release(ByteBuffer counted) {
    perSource.computeIfPresent(counted, (source, count) -> count > 1 ? count - 1 : null);
  }

  private void carry(Channel channel, InetAddress source, Carrier carrier, boolean dialled) {
    long idle = shared.settings().idleTimeout().toMillis();
    open.add(channel);
    channel
        .pipeline()
        .addLast(new FlushConsolidationHandler(FLUSHES_JOINED, true))
        .addLast(new IdleStateHandler(idle, 0, 0, TimeUnit.MILLISECONDS))
        .addLast(new MsrpEncoder())
        .addLast(new MsrpDecoder(limits(shared.settings())))
        .addLast(new MsrpConnection(channel, source, carrier, shared, dialled));
  }

  private static MsrpLimits limits(MsrpSettings settings) {
    int head = settings.maxHeaders();
    long message = settings.maxMessage();
    int piece = (int) Math.min(Body.MAX_IN_MEMORY, message);
    return new MsrpLimits(head, head, MsrpLimits.DEFAULT_MAX_HEADERS, piece, message, message);
  }

  /// Closes all of them, and waits until they are.
  void close() {
    open.forEach(WebSocketLayer::goesAway);
    open.close().awaitUninterruptibly();
  }
}
