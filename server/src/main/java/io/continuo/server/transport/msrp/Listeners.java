package io.continuo.server.transport.msrp;

import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.sip.transport.SocketKind;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The ports that are listened on, one for each carrier of `msrp.transports`.
///
/// Threading: opened and closed by one thread; in between read by any.
final class Listeners {
  private final Map<Carrier, Channel> open = new EnumMap<>(Carrier.class);

  /// @throws IOException when a port cannot be listened on, naming it
  void open(
      MsrpSettings settings,
      MsrpTransportSettings transports,
      EventLoopGroup acceptor,
      EventLoopGroup io,
      Connections connections)
      throws IOException {
    for (Carrier carrier : Carrier.values()) {
      if (transports.speaks(carrier.text())) {
        ServerBootstrap bootstrap =
            new ServerBootstrap()
                .group(acceptor, io)
                .channel(SocketKind.BEST.server())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, connections.waterMark())
                .childHandler(connections.accepted(carrier));
        open.put(carrier, bind(bootstrap, settings.host(), port(carrier, settings, transports)));
      }
    }
  }

  private static int port(
      Carrier carrier, MsrpSettings settings, MsrpTransportSettings transports) {
    return switch (carrier) {
      case TCP -> settings.port();
      case TLS -> transports.tlsPort();
      case WS -> transports.wsPort();
      case WSS -> transports.wssPort();
    };
  }

  private static Channel bind(ServerBootstrap bootstrap, String host, int port) throws IOException {
    ChannelFuture bound = bootstrap.bind(host, port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      @Nullable Throwable cause = bound.cause();
      String why = cause instanceof UnresolvedAddressException ? "unknown host" : why(cause);
      throw new IOException("cannot listen for MSRP on " + host + ":" + port + ": " + why, cause);
    }
    return bound.channel();
  }

  private static String why(@Nullable Throwable cause) {
    return cause == null ? "interrupted" : String.valueOf(cause.getMessage());
  }

  Optional<InetSocketAddress> address(Carrier carrier) {
    return Optional.ofNullable(open.get(carrier))
        .map(channel -> (InetSocketAddress) channel.localAddress());
  }

  /// All of them.
  Listening all() {
    InetSocketAddress any = (InetSocketAddress) open.values().iterator().next().localAddress();
    return new Listening(
        any.getAddress(),
        open.values().stream()
            .map(channel -> ((InetSocketAddress) channel.localAddress()).getPort())
            .collect(Collectors.toSet()));
  }

  void close() {
    open.values().forEach(channel -> channel.close().awaitUninterruptibly());
  }
}
