package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpStatus;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.MsrpEnd;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.configuration.MsrpRelaySettings;
import io.continuo.server.configuration.MsrpRelaySettings.WithoutRelay;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.transport.msrp.relay.RelayClient;
import io.continuo.server.transport.msrp.relay.RelayCredentials;
import io.continuo.server.transport.msrp.relay.RelayLine;
import io.continuo.server.transport.msrp.relay.Reservation;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Sessions through the relays of `msrp.relays`: their path begins with what the relays keep for
/// us, one connection carries them all, and on it we are the active side whoever binds (RFC 4976
/// §5.2). A browser cannot connect to a relay, so its sessions stay direct.
///
/// A session keeps the path that its SDP told. When the relays keep another one by the time it
/// binds, it ends, and its device is invited anew.
///
/// Threading: any thread.
final class Relaying {
  private static final int RANDOM_BYTES = 16;
  private static final String NO_WAY = "no way through the relay";

  private final MsrpRelaySettings settings;
  private final RelayClient client;
  private final ToRelays lines;
  private final Refusals refusals;

  Relaying(MsrpRelaySettings settings, RelayClient client, ToRelays lines, Refusals refusals) {
    this.settings = settings;
    this.client = client;
    this.lines = lines;
    this.refusals = refusals;
  }

  /// Goes to the relays, and waits until they have let us in, or not.
  ///
  /// @param port where we listen for what the outermost of them is reached over
  /// @throws IOException when the password cannot be read
  static Relaying begin(
      MsrpRelaySettings settings,
      MsrpSettings msrp,
      int port,
      EventLoop loop,
      Connections connections,
      Refusals refusals)
      throws IOException {
    var random = new SecureRandom();
    Supplier<String> fresh =
        () -> {
          byte[] bytes = new byte[RANDOM_BYTES];
          random.nextBytes(bytes);
          return HexFormat.of().formatHex(bytes);
        };
    boolean secure = settings.uris().getLast().secure();
    MsrpUri own = (secure ? Carrier.TLS : Carrier.TCP).uri(msrp.host(), port, fresh.get());
    var lines = new ToRelays(loop, connections, msrp);
    var client = new RelayClient(settings, RelayCredentials.read(settings), own, lines, fresh);
    client.start();
    try {
      client.awaitFirst(msrp.bindTimeout());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    return new Relaying(settings, client, lines, refusals);
  }

  /// Our end for an answer: behind the relays when the offer was over what they are reached over,
  /// since an answer is over the same (RFC 3264 §6).
  MsrpEnd answered(MsrpEnd direct) {
    MsrpEnd end = offered(direct);
    return end.carriage().secure() == direct.carriage().secure() ? end : direct;
  }

  /// Our end for an offer: behind the relays, when they let us in.
  MsrpEnd offered(MsrpEnd direct) {
    Optional<Reservation> reserved = client.current();
    if (reserved.isEmpty()
        || MsrpUri.parse(direct.path().getLast()).filter(this::isTcp).isEmpty()) {
      return direct;
    }
    List<MsrpUri> inward = reserved.get().inward();
    MsrpUri outermost = inward.getFirst();
    return new MsrpEnd(
        Stream.concat(inward.stream().map(MsrpUri::toString), direct.path().stream()).toList(),
        new MsrpMedia.Carriage(outermost.secure(), outermost.host(), false, List.of()));
  }

  private boolean isTcp(MsrpUri own) {
    return own.transport().equals("tcp");
  }

  /// Whether the session's SDP told a path through relays.
  static boolean isRelayed(MsrpSession session) {
    return session.ours().path().size() > 1;
  }

  /// The peer as seen through our relays: what we send it passes them first, nearest first, and
  /// what it has to show is the relay's business.
  static MsrpSession.Peer behind(MsrpSession session, MsrpSession.Peer peer) {
    List<MsrpUri> path = new ArrayList<>(inward(session).reversed());
    path.addAll(peer.path());
    return new MsrpSession.Peer(
        path, peer.signalledFrom(), path.getFirst(), new Assurance(false, List.of()), true);
  }

  /// The relays as the session's SDP told them, outermost first.
  static List<MsrpUri> inward(MsrpSession session) {
    List<String> path = session.ours().path();
    return path.subList(0, path.size() - 1).stream()
        .map(uri -> MsrpUri.parse(uri).orElseThrow())
        .toList();
  }

  /// The session begins, and is connected here if it is ours to connect.
  ///
  /// @param peer as [#behind] says
  void begin(MsrpSession session, MsrpSession.Peer peer, boolean connect) {
    Optional<RelayLine> line = client.lineOf(inward(session));
    if (line.isEmpty()) {
      note(peer);
      session.notDialled(NO_WAY);
    } else if (connect) {
      lines.bind(line.get(), session, peer);
    }
  }

  /// A direct session is to begin: false when it may not, and then it has been ended.
  boolean maySkip(MsrpSession session, MsrpSession.Peer peer) {
    boolean relayable = isTcp(session.own());
    if (settings.withoutRelay() == WithoutRelay.DIRECT || !relayable) {
      return true;
    }
    note(peer);
    session.notBegun(NO_WAY);
    return false;
  }

  private void note(MsrpSession.Peer peer) {
    String source = peer.signalledFrom().map(from -> from.getHostAddress()).orElse("-");
    refusals.note(source, MsrpStatus.REQUEST_TIMEOUT.code(), NO_WAY);
  }

  void stop() {
    client.stop();
  }
}
