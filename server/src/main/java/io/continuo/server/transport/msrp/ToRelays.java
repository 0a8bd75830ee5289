package io.continuo.server.transport.msrp;

import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.transport.msrp.relay.RelayLine;
import io.continuo.sip.transport.SocketKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Connects to relays that the operator named, over TCP or TLS as their URI says. Unlike a device's
/// path, which a stranger wrote ([DialPolicy]), such a URI may lead anywhere, and its host may be a
/// name: it is looked up for each connect.
///
/// Threading: any thread; owners are told on `loop`.
final class ToRelays implements RelayLine.Dialler {
  private static final int DEFAULT_PORT = 2855;

  private final EventLoop loop;
  private final Connections connections;
  private final MsrpSettings settings;

  ToRelays(EventLoop loop, Connections connections, MsrpSettings settings) {
    this.loop = loop;
    this.connections = connections;
    this.settings = settings;
  }

  @Override
  public void after(Duration delay, Runnable work) {
    try {
      loop.schedule(work, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException stopped) {
      // The endpoint is closed: there is no later.
    }
  }

  @Override
  public void connect(MsrpUri relay, RelayLine.Owner owner) {
    Optional<InetAddress> address = Network.literal(relay.host());
    if (address.isPresent()) {
      connect(relay, address.get(), owner);
    } else {
      // Looking up a name waits, which no loop may do.
      Thread.ofVirtual().name("msrp-relay-lookup").start(() -> lookUp(relay, owner));
    }
  }

  private void lookUp(MsrpUri relay, RelayLine.Owner owner) {
    try {
      connect(relay, InetAddress.getByName(relay.host()), owner);
    } catch (UnknownHostException unknown) {
      after(Duration.ZERO, () -> owner.failed("unknown host " + relay.host()));
    }
  }

  private void connect(MsrpUri relay, InetAddress address, RelayLine.Owner owner) {
    var target = new InetSocketAddress(address, relay.port().orElse(DEFAULT_PORT));
    var to = new Outgoing.To(target, new Assurance(relay.secure(), List.of()));
    int timeout = (int) Math.min(Integer.MAX_VALUE, settings.bindTimeout().toMillis());
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(SocketKind.BEST.stream())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, connections.waterMark())
            .handler(connections.dialled(to))
            .connect(target);
    connections
        .usable(connected, to)
        .addListener(done -> {
          if (done.isSuccess()) {
            new Line(connected.channel().pipeline().get(MsrpConnection.class)).begin(owner);
          } else {
            owner.failed("cannot connect: " + reason(done.cause()));
          }
        });
  }

  /// The innermost cause that says something: what is wrong with a certificate is told inside of
  /// "General OpenSslEngine problem".
  static String reason(Throwable failure) {
    String said = "connection closed";
    for (Throwable at = failure; at != null; at = at.getCause()) {
      said = at.getMessage() == null ? said : at.getMessage();
    }
    return said;
  }

  /// Binds a session here by a bodiless SEND over the whole path.
  void bind(RelayLine line, MsrpSession session, MsrpSession.Peer peer) {
    if (line instanceof Line(MsrpConnection connection)) {
      connection.post(() ->
          connection
              .router()
              .bindFor(session, peer, settings.bindTimeout(), status -> tell(session, status)));
    }
  }

  private static void tell(MsrpSession session, int status) {
    if (status != MsrpStatus.OK.code()) {
      session.unreached("our bodiless SEND through the relay was answered " + status);
    }
  }

  private record Line(MsrpConnection connection) implements RelayLine {
    void begin(RelayLine.Owner owner) {
      connection.keep(() -> owner.silent(this));
      connection.channel().closeFuture().addListener(closed -> owner.closed(this));
      owner.connected(this);
    }

    @Override
    public void authorize(
        List<MsrpUri> toPath, MsrpUri from, List<MsrpHeader> headers, Answered answered) {
      var auth =
          new MsrpRequest(
              connection.freshId(),
              "AUTH",
              toPath,
              List.of(from),
              headers,
              MsrpBody.NONE,
              Continuation.COMPLETE);
      connection.awaitWhole(auth.transactionId(), answered::with);
      connection.write(auth);
    }

    @Override
    public void outlived(List<MsrpUri> inward) {
      connection.loseAll(
          session -> Relaying.inward(session).equals(inward), "the relay's reservation ends");
    }

    @Override
    public void close() {
      connection.channel().close();
    }
  }
}
