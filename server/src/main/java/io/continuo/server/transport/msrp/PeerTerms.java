package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.configuration.MsrpTransportSettings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a peer's SDP means for its session: where its connection goes, what it has to show, and by
/// what its requests are known.
///
/// Immutable; any thread.
final class PeerTerms {
  private final MsrpTransportSettings settings;
  private final List<Network> rewritten;

  PeerTerms(MsrpTransportSettings settings) {
    this.settings = settings;
    this.rewritten = settings.matchSessionId().stream().map(Network::parse).toList();
  }

  /// Empty when its path cannot be read.
  ///
  /// @param ours what we said
  Optional<MsrpSession.Peer> of(
      MsrpMedia peer, MsrpMedia ours, Optional<InetAddress> signalledFrom) {
    List<MsrpUri> path = new ArrayList<>();
    peer.path().forEach(uri -> MsrpUri.parse(uri).ifPresent(path::add));
    if (path.size() != peer.path().size()) {
      return Optional.empty();
    }
    boolean cema = ours.carriage().cema() && peer.carriage().cema() && path.size() == 1;
    Assurance assurance = assurance(peer, path);
    return Optional.of(
        new MsrpSession.Peer(
            path,
            signalledFrom,
            cema ? mediaAddress(peer, assurance).orElse(path.getFirst()) : path.getFirst(),
            assurance,
            cema || isRewritten(signalledFrom)));
  }

  /// The m-line says whether it is TLS, for both sides. The fingerprint is the endpoint's: a relay
  /// in front of it shows its own certificate, and a browser cannot choose one.
  private Assurance assurance(MsrpMedia peer, List<MsrpUri> path) {
    boolean direct = path.size() == 1 && !peer.overWebSocket();
    List<Fingerprint> said = peer.carriage().fingerprints();
    return new Assurance(
        peer.carriage().secure(),
        direct ? Fingerprint.strongest(said, settings.fingerprintHashes()) : List.of());
  }

  /// `c=` and `m=` in place of the path (RFC 6714 §4). Whether we may connect there is judged like
  /// a path.
  private static Optional<MsrpUri> mediaAddress(MsrpMedia peer, Assurance assurance) {
    String host = peer.carriage().address();
    Carrier carrier = assurance.secure() ? Carrier.TLS : Carrier.TCP;
    return host.isEmpty() ? Optional.empty() : carrier.parse(host, peer.port(), "cema");
  }

  private boolean isRewritten(Optional<InetAddress> signalledFrom) {
    return signalledFrom.isEmpty()
        || rewritten.stream().anyMatch(network -> network.contains(signalledFrom.get()));
  }
}
