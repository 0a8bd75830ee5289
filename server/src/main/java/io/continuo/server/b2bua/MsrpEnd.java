package io.continuo.server.b2bua;

import java.util.List;

/// Our end of a leg's MSRP session, as the MSRP side describes it for the SDP.
///
/// @param path our `a=path`, outermost first, the endpoint last: its session id is the leg's value
/// @param peerConnects whether the peer is not to be asked to wait for us
public record MsrpEnd(List<String> path, MsrpMedia.Carriage carriage, boolean peerConnects) {
  /// One whose peer may choose.
  public MsrpEnd(List<String> path, MsrpMedia.Carriage carriage) {
    this(path, carriage, false);
  }

  public MsrpEnd {
    path = List.copyOf(path);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("no path");
    }
  }
}
