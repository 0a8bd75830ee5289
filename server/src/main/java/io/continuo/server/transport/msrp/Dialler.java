package io.continuo.server.transport.msrp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.continuo.msrp.MsrpStatus;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Connects where we are the active side (RFC 6135 §4.2): if the [DialPolicy] allows the path and
/// the subscriber's [ConnectBudget] is not spent. A session that gets no connection is told so; one
/// that we may not connect ends at once. A refusal is one log line and one count.
///
/// Threading: any thread.
final class Dialler {
  private final MsrpSettings settings;
  private final Refusals refusals;
  private final Connections connections;
  private final DialPolicy policy;
  private final ConnectBudget budget;

  Dialler(Shared shared, Connections connections) {
    this.settings = shared.settings();
    this.refusals = shared.refusals();
    this.connections = connections;
    this.policy = new DialPolicy(settings);
    this.budget =
        new ConnectBudget(
            settings.connectsPerSubscriber(), settings.connectsWindow(), Ticker.systemTicker());
  }

  /// @param subscriber whose device it is
  /// @param own where we listen
  void dial(
      MsrpSession session,
      AddressOfRecord subscriber,
      MsrpSession.Peer peer,
      InetSocketAddress own) {
    switch (policy.judge(peer.path().getFirst(), peer.signalledFrom(), own)) {
      case DialPolicy.Verdict.Refused no -> refuse(session, peer, no.reason());
      case DialPolicy.Verdict.Dial to -> {
        if (budget.spend(subscriber)) {
          connect(session, peer, to.target());
        } else {
          refuse(session, peer, "too many connects for one subscriber");
        }
      }
    }
  }

  private void refuse(MsrpSession session, MsrpSession.Peer peer, String reason) {
    String source = peer.signalledFrom().map(InetAddress::getHostAddress).orElse("-");
    refusals.note(source, MsrpStatus.FORBIDDEN.code(), reason);
    session.notDialled(reason);
  }

  private void connect(MsrpSession session, MsrpSession.Peer peer, InetSocketAddress target) {
    int timeout = (int) Math.min(Integer.MAX_VALUE, settings.bindTimeout().toMillis());
    ChannelFuture connected =
        new Bootstrap()
            .group(session.loop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, connections.waterMark())
            .handler(connections.dialled(target.getAddress()))
            .connect(target);
    session.dialling(connected.channel());
    connected.addListener(done -> {
      if (done.isSuccess()) {
        connected.channel().pipeline().get(MsrpConnection.class).router().bindFor(session, peer);
      } else {
        session.unreached("cannot connect: " + done.cause().getMessage());
      }
    });
  }
}
