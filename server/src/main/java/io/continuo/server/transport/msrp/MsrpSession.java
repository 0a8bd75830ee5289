package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.identity.LegId;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One leg's session, from `expect` to `close`: what was agreed, and which connection it is bound
/// to (RFC 4975 §5.4; RFC 6135).
///
/// Threading: any thread; the binding is guarded by this object's lock, which is held for a few
/// reads and writes, and while the end of a binding is told ([#released]). That also keeps order:
/// what is sent while bound is queued on the connection's loop before the loss of that binding can
/// be told, and the next binding is told after it.
final class MsrpSession {
  private static final Logger log = LoggerFactory.getLogger(MsrpSession.class);

  private final LegId leg;
  private final MsrpMedia ours;
  private final MsrpUri own;
  private final MsrpEvents events;
  private final MsrpSettings settings;
  private final Uploads uploads;
  private final EventLoop loop;
  private final NeverBound neverBound;

  private final Set<MsrpConnection> waiting = new HashSet<>();
  private @Nullable Peer peer;
  private @Nullable BoundSession bound;
  private @Nullable InetAddress boundFrom;
  private @Nullable Outgoing trying;
  private @Nullable ScheduledFuture<?> bindTimer;
  private boolean closed;

  /// The other side, once it is known.
  ///
  /// @param path its `a=path`
  /// @param signalledFrom the address that its signalling came from: where we may connect to
  /// @param connectAt where it is connected to: its path, or what its SDP says instead
  /// @param assurance what a connection has to show for the session to be bound on it
  /// @param bySessionId whether an intermediary may have rewritten hosts in its path, so that the
  ///   session id alone decides (draft-ietf-simple-msrp-sessmatch)
  record Peer(
      List<MsrpUri> path,
      Optional<InetAddress> signalledFrom,
      MsrpUri connectAt,
      Assurance assurance,
      boolean bySessionId) {
    /// What a connection that we make has to show: TLS also where only the path asks for it, as one
    /// through a relay may.
    Assurance toDial() {
      return new Assurance(assurance.secure() || connectAt.secure(), assurance.fingerprints());
    }

    /// Whether a From-Path is this peer's.
    boolean owns(List<MsrpUri> fromPath) {
      return bySessionId
          ? path.getLast().sessionId().equals(fromPath.getLast().sessionId())
          : path.equals(fromPath);
    }
  }

  /// Told when a session never had a connection: the device was free to choose, chose to wait and
  /// cannot be connected to; or it was not, and did not connect.
  interface NeverBound {
    /// @param offered our role in what we offered or answered
    void leg(LegId leg, MsrpMedia.Setup offered);
  }

  /// What a request that names this session meets.
  sealed interface Claim {
    /// @param fresh whether this request bound it
    record Here(BoundSession bound, boolean fresh) implements Claim {}

    /// The peer's side is not known yet; [RequestRouter#wake] tells when it is.
    record NotStarted() implements Claim {}

    /// Another connection from the same address has it.
    record Elsewhere(BoundSession current) implements Claim {}

    record Refused(MsrpStatus status, String reason) implements Claim {}
  }

  /// @param ours what we offered or answered
  /// @param loop tells the leg's events while it has no connection
  MsrpSession(
      LegId leg,
      MsrpMedia ours,
      MsrpEvents events,
      MsrpSettings settings,
      Uploads uploads,
      EventLoop loop,
      NeverBound neverBound) {
    this.leg = leg;
    this.ours = ours;
    this.own = MsrpUri.parse(ours.path().getLast()).orElseThrow();
    this.events = events;
    this.settings = settings;
    this.uploads = uploads;
    this.loop = loop;
    this.neverBound = neverBound;
  }

  LegId leg() {
    return leg;
  }

  MsrpMedia ours() {
    return ours;
  }

  MsrpUri own() {
    return own;
  }

  EventLoop loop() {
    return loop;
  }

  /// The peer's side is known: requests that came too early are looked at now.
  void start(Peer known) {
    Set<MsrpConnection> early;
    synchronized (this) {
      peer = known;
      early = Set.copyOf(waiting);
      waiting.clear();
      if (bound == null && bindTimer == null && !closed) {
        Duration timeout = settings.bindTimeout();
        bindTimer = loop.schedule(this::bindTimedOut, timeout.toNanos(), TimeUnit.NANOSECONDS);
      }
    }
    early.forEach(connection -> connection.post(() -> connection.router().wake(leg.value())));
  }

  private void bindTimedOut() {
    unreached("no connection in " + settings.bindTimeout().toSeconds() + " s");
  }

  /// A connection of ours that this session is to be bound on, until it is bound or gives up.
  void tries(Outgoing connection) {
    boolean inVain;
    synchronized (this) {
      inVain = closed || bound != null || bindTimer == null;
      trying = inVain ? trying : connection;
    }
    if (inVain) {
      connection.giveUp(this);
    }
  }

  /// No connection could be had. Told once; nothing when one was had in the meantime.
  void unreached(String reason) {
    endWaiting(reason, false);
  }

  /// The connection is ours to make and we may not. Told like [#unreached].
  void notDialled(String reason) {
    endWaiting(reason, true);
  }

  /// It may not begin: who is there already is answered as after its end. Told like [#unreached].
  void notBegun(String reason) {
    close();
    later(() -> events.notDialled(leg, false, reason));
  }

  /// A device that was free to choose, chose to wait and cannot be connected to is told as one that
  /// we do not connect to: it is invited anew, and has to connect then. When it waits all the same,
  /// it is told as unbound, since another invitation would meet the same.
  private void endWaiting(String reason, boolean mayNot) {
    @Nullable Outgoing given;
    boolean never;
    synchronized (this) {
      if (closed || bound != null || bindTimer == null) {
        return;
      }
      given = endTrying();
      never = boundFrom == null;
    }
    if (given != null) {
      given.giveUp(this);
    }
    boolean oursToMake = mayNot || given != null;
    boolean free = ours.setup() == MsrpMedia.Setup.ACTPASS;
    if (never && (oursToMake || !free)) {
      neverBound.leg(leg, ours.setup());
    }
    boolean peerConnectsNext = never && free && oursToMake;
    later(() -> {
      if (mayNot || peerConnectsNext) {
        events.notDialled(leg, peerConnectsNext, reason);
      } else {
        events.unbound(leg, reason);
      }
    });
  }

  private @Nullable Outgoing endTrying() {
    if (bindTimer != null) {
      bindTimer.cancel(false);
      bindTimer = null;
    }
    Outgoing given = trying;
    trying = null;
    return given;
  }

  /// A request on `connection` names this session; the first one binds it.
  Claim claim(MsrpConnection connection, List<MsrpUri> fromPath) {
    @Nullable Outgoing given = null;
    Claim claim;
    synchronized (this) {
      claim = judge(connection, fromPath);
      if (claim instanceof Claim.Here here && here.fresh()) {
        bound = here.bound();
        boundFrom = connection.source();
        given = endTrying();
      }
    }
    if (given != null && given.channel() != connection.channel()) {
      given.giveUp(this);
    }
    return claim;
  }

  private Claim judge(MsrpConnection connection, List<MsrpUri> fromPath) {
    if (closed) {
      return new Claim.Refused(MsrpStatus.SESSION_DOES_NOT_EXIST, "session ended");
    }
    if (peer == null) {
      waiting.add(connection);
      return new Claim.NotStarted();
    }
    if (!peer.owns(fromPath)) {
      return new Claim.Refused(
          MsrpStatus.SESSION_DOES_NOT_EXIST, "From-Path is not the session's peer");
    }
    if (bound != null && bound.connection() == connection) {
      return new Claim.Here(bound, false);
    }
    return bind(connection, peer);
  }

  /// The first bind may come from anywhere, since relays, SBCs and devices with two interfaces
  /// connect from where they do not signal: knowing the session id is the proof (RFC 4975 §14.1). A
  /// later one must come from where the first came, unless its certificate proves it. Each is on a
  /// connection that is as the SDP asks.
  private Claim bind(MsrpConnection connection, Peer known) {
    Optional<String> wrong = known.assurance().whyNot(connection.channel());
    if (wrong.isPresent()) {
      return new Claim.Refused(MsrpStatus.SESSION_DOES_NOT_EXIST, wrong.get());
    }
    boolean mustReturn = !connection.dialled() && !known.assurance().isProof();
    InetAddress source = connection.source();
    if (mustReturn && boundFrom != null && !boundFrom.equals(source)) {
      return new Claim.Refused(MsrpStatus.BOUND_ELSEWHERE, "bound from another address before");
    }
    return bound != null
        ? new Claim.Elsewhere(bound)
        : new Claim.Here(new BoundSession(this, connection, known.path(), inbound()), true);
  }

  private BoundSession.Inbound inbound() {
    return new BoundSession.Inbound(events, settings, uploads);
  }

  /// The binding is over; another connection may take the session.
  ///
  /// @param tell what is told of its end. Under the lock, so that the next binding, which another
  ///   loop may be making now, is told after it: the other way round the leg would be taken for
  ///   lost
  synchronized void released(BoundSession binding, Runnable tell) {
    if (bound == binding) {
      bound = null;
    }
    tell.run();
  }

  void send(ConversationEffect.Deliver delivery) {
    if (!whileBound(binding -> binding.send(delivery))) {
      later(() -> notReached(delivery));
    }
  }

  /// Runs on the loop, unless the endpoint was closed: then nobody is left to tell.
  private void later(Runnable work) {
    try {
      loop.execute(work);
    } catch (RejectedExecutionException stopped) {
      log.atDebug().log("msrp.loop-stopped");
    }
  }

  /// The delivery met no connection. Not told when the leg has got another one, since it was told
  /// unbound in between.
  void notReached(ConversationEffect.Deliver delivery) {
    synchronized (this) {
      if (bound != null) {
        return;
      }
    }
    events.answered(leg, delivery.sequence(), new DeliveryOutcome.Unreachable(0));
  }

  void relay(ConversationEffect.Relay relay) {
    whileBound(binding -> binding.relay(relay));
  }

  void bind() {
    whileBound(BoundSession::bind);
  }

  /// Queues work for the connection's loop, in the order of calls.
  private synchronized boolean whileBound(Consumer<BoundSession> work) {
    BoundSession binding = bound;
    if (binding == null) {
      return false;
    }
    binding.connection().post(() -> work.accept(binding));
    return true;
  }

  void close() {
    whileBound(BoundSession::close);
    @Nullable Outgoing given;
    Set<MsrpConnection> early;
    synchronized (this) {
      closed = true;
      given = endTrying();
      early = Set.copyOf(waiting);
      waiting.clear();
    }
    if (given != null) {
      given.giveUp(this);
    }
    early.forEach(connection -> connection.post(() -> connection.router().wake(leg.value())));
  }
}
