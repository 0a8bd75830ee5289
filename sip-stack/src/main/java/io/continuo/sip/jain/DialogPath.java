package io.continuo.sip.jain;

import io.continuo.sip.Flow;

/// How requests of a dialog travel.
sealed interface DialogPath {
  /// Only over this flow: the dialog began with [io.continuo.sip.NextHop.OverFlow].
  record Pinned(Flow flow) implements DialogPath {}

  /// Over this flow while it is open, as the peer came over it; else by route set and remote
  /// target.
  record Preferred(Flow flow) implements DialogPath {}

  /// By route set and remote target (RFC 3261 §12.2.1.1).
  record Routed() implements DialogPath {}
}
