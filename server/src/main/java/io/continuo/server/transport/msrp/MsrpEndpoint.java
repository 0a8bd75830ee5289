package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.continuo.server.b2bua.MsrpEnd;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpSessions;
import io.continuo.server.configuration.MsrpRelaySettings;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.server.transport.tls.TlsMaterial;
import io.continuo.sip.transport.SocketKind;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// MSRP over TCP, TLS and WebSocket: listens, dials, and keeps the sessions of all legs (RFC 4975,
/// RFC 6135, RFC 7977).
///
/// Threading: the port's methods from any thread. One loop accepts, the others (one for each
/// processor) carry connections; everything of a connection happens on its loop.
public final class MsrpEndpoint implements MsrpSessions, AutoCloseable {
  /// How long a connection that was open before has to show that it is alive: an old one when its
  /// session is bound anew, one of ours when a further session is bound on it.
  static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

  /// How long the loops may take to run what they were given; the rest is dropped, as the
  /// connections are closed by then.
  private static final int STOP_SECONDS = 2;

  private final MsrpSettings settings;
  private final MsrpTransportSettings transports;
  private final MsrpEvents events;
  private final Refusals refusals;
  private final Uploads uploads;
  private final ConcurrentMap<String, MsrpSession> sessions = new ConcurrentHashMap<>();
  private final Connections connections;
  private final Dialler dialler;
  private final OwnEnds ends;
  private final PeerTerms peers;
  private final MsrpRelaySettings relays;
  private final Listeners listeners = new Listeners();
  private volatile @Nullable Relaying relaying;
  private final EventLoopGroup acceptor = SocketKind.BEST.loops(1, "msrp-accept");
  private final EventLoopGroup io =
      SocketKind.BEST.loops(Runtime.getRuntime().availableProcessors(), "msrp-io");

  /// Without relays.
  public MsrpEndpoint(
      MsrpSettings settings,
      MsrpTransportSettings transports,
      Optional<TlsMaterial> tls,
      BodyStaging staging,
      MsrpEvents events,
      MsrpRefusals counter) {
    this(settings, transports, MsrpRelaySettings.DEFAULT, tls, staging, events, counter);
  }

  /// @param tls certificates; needed when a carrier or a relay is over TLS
  /// @param staging takes messages that are too large for memory
  /// @param events told of everything that happens, on event loops
  /// @param counter told of every refusal
  public MsrpEndpoint(
      MsrpSettings settings,
      MsrpTransportSettings transports,
      MsrpRelaySettings relays,
      Optional<TlsMaterial> tls,
      BodyStaging staging,
      MsrpEvents events,
      MsrpRefusals counter) {
    this(settings, transports, relays, tls, staging, events, counter, PROBE_TIMEOUT);
  }

  /// @param probe in place of [#PROBE_TIMEOUT]
  MsrpEndpoint(
      MsrpSettings settings,
      MsrpTransportSettings transports,
      MsrpRelaySettings relays,
      Optional<TlsMaterial> tls,
      BodyStaging staging,
      MsrpEvents events,
      MsrpRefusals counter,
      Duration probe) {
    this.settings = settings;
    this.transports = transports;
    this.relays = relays;
    this.events = events;
    this.refusals = new Refusals(counter);
    this.uploads = new Uploads(staging, settings);
    var shared = new Shared(settings, events, refusals, sessions, uploads, probe);
    this.connections =
        new Connections(
            shared,
            new TlsLayer(tls, transports.handshakeTimeout(), refusals),
            new WebSocketLayer(transports, refusals));
    this.dialler = new Dialler(shared, new DialPolicy(settings, transports), connections);
    this.ends =
        new OwnEnds(
            settings.host(),
            transports.behind(relays),
            tls,
            carrier -> port(carrier.text()).orElseThrow());
    this.peers = new PeerTerms(transports);
  }

  /// Listens from now on, on the port of each carrier, and goes to the relays if there are any.
  /// Call once, before any other method. Blocks for up to `msrp.bind-timeout` until the relays have
  /// let us in, or not.
  ///
  /// @throws IOException when an address cannot be listened on, naming it, or the file with our
  ///   password for the relays cannot be read
  public void start() throws IOException {
    try {
      listeners.open(settings, transports, acceptor, io, connections);
      if (!relays.relays().isEmpty()) {
        int port = relays.outward().map(this::port).orElseThrow().orElse(address().getPort());
        relaying = Relaying.begin(relays, settings, port, io.next(), connections, refusals);
      }
    } catch (IOException unusable) {
      close();
      throw unusable;
    }
  }

  /// Where it listens for TCP, else for the first of the other carriers.
  public InetSocketAddress address() {
    return Stream.of(Carrier.values())
        .flatMap(carrier -> listeners.address(carrier).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("not started"));
  }

  /// The port of a carrier as `msrp.transports` names it; empty when it is not spoken.
  public OptionalInt port(String transport) {
    return Stream.of(Carrier.values())
        .filter(carrier -> carrier.text().equals(transport))
        .flatMap(carrier -> listeners.address(carrier).stream())
        .mapToInt(InetSocketAddress::getPort)
        .findFirst();
  }

  /// Messages too large for memory that are unfinished now. Any thread.
  public long openUploads() {
    return uploads.open();
  }

  /// What their files take, all together. Any thread.
  public long uploadBytes() {
    return uploads.bytes();
  }

  @Override
  public MsrpEnd offer(LegId leg, Device device) {
    MsrpEnd direct = ends.offer(leg, device);
    Relaying through = relaying;
    return through == null ? direct : through.offered(direct);
  }

  @Override
  public MsrpEnd answer(LegId leg, Device device, MsrpMedia offer) {
    MsrpEnd direct = ends.answer(leg, device, offer);
    Relaying through = relaying;
    return through == null ? direct : through.answered(direct);
  }

  @Override
  public void expect(LegId leg, MsrpMedia ours) {
    sessions.computeIfAbsent(
        leg.value(),
        id -> new MsrpSession(leg, ours, events, settings, uploads, io.next(), ends::neverBound));
  }

  @Override
  public void start(
      LegId leg,
      AddressOfRecord subscriber,
      MsrpMedia peer,
      boolean connect,
      Optional<String> signalledFrom) {
    @Nullable MsrpSession session = sessions.get(leg.value());
    if (session == null) {
      return; // Ended in the meantime.
    }
    Optional<MsrpSession.Peer> known =
        peers.of(peer, session.ours(), signalledFrom.flatMap(Network::literal));
    if (known.isEmpty()) {
      refusals.note(
          signalledFrom.orElse("-"), MsrpStatus.BAD_REQUEST.code(), "malformed path in SDP");
      session.loop().execute(() -> events.notDialled(leg, false, "malformed path"));
      return;
    }
    begin(session, subscriber, known.get(), connect);
  }

  private void begin(
      MsrpSession session, AddressOfRecord subscriber, MsrpSession.Peer peer, boolean connect) {
    Relaying through = relaying;
    if (through != null && Relaying.isRelayed(session)) {
      MsrpSession.Peer behind = Relaying.behind(session, peer);
      session.start(behind);
      through.begin(session, behind, connect);
      return;
    }
    if (through != null && !through.maySkip(session, peer)) {
      return;
    }
    session.start(peer);
    if (connect) {
      dialler.dial(session, subscriber, peer, listeners.all());
    }
  }

  @Override
  public void send(ConversationEffect.Deliver delivery) {
    @Nullable MsrpSession session = sessions.get(delivery.leg().value());
    if (session != null) {
      session.send(delivery);
    } else {
      var gone = new DeliveryOutcome.Unreachable(0);
      io.next().execute(() -> events.answered(delivery.leg(), delivery.sequence(), gone));
    }
  }

  @Override
  public void relay(ConversationEffect.Relay relay) {
    @Nullable MsrpSession session = sessions.get(relay.leg().value());
    if (session != null) {
      session.relay(relay);
    }
  }

  @Override
  public void bind(LegId leg) {
    @Nullable MsrpSession session = sessions.get(leg.value());
    if (session != null) {
      session.bind();
    }
  }

  @Override
  public void close(LegId leg) {
    ends.forget(leg);
    @Nullable MsrpSession session = sessions.remove(leg.value());
    if (session != null) {
      session.close();
    }
  }

  /// Stops listening and closes every connection. Blocks for up to a few seconds.
  @Override
  public void close() {
    if (relaying != null) {
      relaying.stop();
    }
    listeners.close();
    connections.close();
    acceptor.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    io.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
