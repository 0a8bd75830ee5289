package io.continuo.server.transport.msrp.relay;

import io.continuo.msrp.MsrpUri;
import java.util.ArrayList;
import java.util.List;

/// What the relays keep for us until it expires: peers reach us by this path (RFC 4976 §5.1).
///
/// @param usePath the URIs in front of our own in `a=path`, outermost relay first
public record Reservation(List<MsrpUri> usePath) {
  public Reservation {
    usePath = List.copyOf(usePath);
  }

  /// Nothing yet.
  static final Reservation NONE = new Reservation(List.of());

  /// With a further relay, which is reached through those of this one. A relay says in Use-Path the
  /// whole path to us, or only its own part of it.
  Reservation behind(List<MsrpUri> said) {
    List<MsrpUri> whole = new ArrayList<>(said);
    if (!said.containsAll(usePath)) {
      whole.addAll(usePath);
    }
    return new Reservation(whole);
  }

  /// The same relays as we pass them: To-Path begins with the nearest.
  List<MsrpUri> outward() {
    return usePath.reversed();
  }
}
