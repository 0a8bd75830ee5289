package io.continuo.server.transport.msrp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.continuo.msrp.MsrpStatus;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.sip.transport.SocketKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Connects where we are the active side (RFC 6135 §4.2): if the [DialPolicy] allows the path, on a
/// connection that we made to the same place and that is open (RFC 4975 §5.4), else on a new one
/// when the subscriber's [ConnectBudget] is not spent. A peer that does not take a further session
/// on the open connection gets a new one: some clients serve one session on each.
///
/// A session that gets no connection is told so; one that we may not connect ends at once. A
/// refusal is one log line and one count.
///
/// Limit: the connections are those that are open, and one for each session is the most.
///
/// Threading: any thread; which connection a session gets is decided under this object's lock.
final class Dialler {
  private final MsrpSettings settings;
  private final Duration probe;
  private final Refusals refusals;
  private final Connections connections;
  private final DialPolicy policy;
  private final ConnectBudget budget;
  private final Map<Outgoing.To, Outgoing> made = new ConcurrentHashMap<>();

  Dialler(Shared shared, DialPolicy policy, Connections connections) {
    this.settings = shared.settings();
    this.probe = shared.probe();
    this.refusals = shared.refusals();
    this.connections = connections;
    this.policy = policy;
    this.budget =
        new ConnectBudget(
            settings.connectsPerSubscriber(), settings.connectsWindow(), Ticker.systemTicker());
  }

  /// @param subscriber whose device it is
  /// @param own where we listen
  void dial(MsrpSession session, AddressOfRecord subscriber, MsrpSession.Peer peer, Listening own) {
    switch (policy.judge(peer.connectAt(), peer.signalledFrom(), own)) {
      case DialPolicy.Verdict.Refused no -> refuse(session, peer, no.reason());
      case DialPolicy.Verdict.Dial to ->
          connect(session, subscriber, peer, new Outgoing.To(to.target(), peer.toDial()));
    }
  }

  private void connect(
      MsrpSession session, AddressOfRecord subscriber, MsrpSession.Peer peer, Outgoing.To to) {
    @Nullable Outgoing open;
    @Nullable Outgoing fresh = null;
    synchronized (this) {
      open = made.get(to);
      if (open == null || !open.isUsable()) {
        open = null;
        fresh = make(session, subscriber, to);
      }
    }
    if (open != null) {
      // Without an answer it counts as half open for this session, and a new one is made.
      open.carry(session, peer, probe, reason -> anew(session, subscriber, peer, to));
    } else {
      carryOn(fresh, session, peer);
    }
  }

  private void anew(
      MsrpSession session, AddressOfRecord subscriber, MsrpSession.Peer peer, Outgoing.To to) {
    @Nullable Outgoing fresh;
    synchronized (this) {
      fresh = make(session, subscriber, to);
    }
    carryOn(fresh, session, peer);
  }

  private void carryOn(@Nullable Outgoing fresh, MsrpSession session, MsrpSession.Peer peer) {
    if (fresh == null) {
      refuse(session, peer, "too many connects for one subscriber");
    } else {
      fresh.carry(session, peer, settings.bindTimeout(), session::unreached);
    }
  }

  private void refuse(MsrpSession session, MsrpSession.Peer peer, String reason) {
    String source = peer.signalledFrom().map(InetAddress::getHostAddress).orElse("-");
    refusals.note(source, MsrpStatus.FORBIDDEN.code(), reason);
    session.notDialled(reason);
  }

  /// Null when the subscriber's budget is spent.
  private @Nullable Outgoing make(MsrpSession session, AddressOfRecord subscriber, Outgoing.To to) {
    if (!budget.spend(subscriber)) {
      return null;
    }
    int timeout = (int) Math.min(Integer.MAX_VALUE, settings.bindTimeout().toMillis());
    ChannelFuture connected =
        new Bootstrap()
            .group(session.loop())
            .channel(SocketKind.BEST.stream())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, connections.waterMark())
            .handler(connections.dialled(to))
            .connect(to.target());
    var fresh = new Outgoing(connections.usable(connected, to));
    made.put(to, fresh);
    fresh.channel().closeFuture().addListener(closed -> made.remove(to, fresh));
    return fresh;
  }
}
