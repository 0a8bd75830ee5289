package io.continuo.server.transport.msrp.relay;

import io.continuo.msrp.MsrpUri;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What the relays keep for us until it expires: peers reach us by this path (RFC 4976 §4.2, §5.1).
///
/// @param usePath as Use-Path has it, in the order in which we write it into To-Path: the relay
///   that we are connected to first
public record Reservation(List<MsrpUri> usePath) {
  public Reservation {
    usePath = List.copyOf(usePath);
  }

  /// Nothing yet.
  static final Reservation NONE = new Reservation(List.of());

  /// With a further relay, which is reached through those of this one.
  ///
  /// @param said its Use-Path: the whole path from us to it, or only its own part
  /// @return empty when it leads through our relays in another order, which no peer could use
  Optional<Reservation> behind(List<MsrpUri> said) {
    if (said.size() >= usePath.size() && said.subList(0, usePath.size()).equals(usePath)) {
      return Optional.of(new Reservation(said));
    }
    if (!Collections.disjoint(said, usePath)) {
      return Optional.empty();
    }
    List<MsrpUri> whole = new ArrayList<>(usePath);
    whole.addAll(said);
    return Optional.of(new Reservation(whole));
  }

  /// The same relays as a peer passes them, and as `a=path` names them before our own URI: the
  /// outermost first.
  public List<MsrpUri> inward() {
    return usePath.reversed();
  }
}
