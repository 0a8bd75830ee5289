package io.continuo.server.b2bua;

import java.util.List;

/// One side's offer or answer for the `m=message` line of a chat (RFC 4975 §8, RFC 6135 §4).
///
/// @param path `a=path` URIs, outermost relay first, the endpoint last; at least one
/// @param setup `a=setup`; a peer that says none is [Setup#ACTIVE] as offerer and [Setup#PASSIVE]
///   as answerer (RFC 4975 §5.4: the offerer connects)
/// @param port the port of the m-line as written (9 from an active side, 0 when refused)
/// @param acceptTypes `accept-types` in lower case
/// @param acceptWrappedTypes `accept-wrapped-types` in lower case, empty when absent
/// @param maxSize `max-size` in bytes, `Long.MAX_VALUE` when absent
/// @param multiClient whether the SDP says `a=multi-client`, or the message's `Supported` has the
///   option tag
public record MsrpMedia(
    List<String> path,
    Setup setup,
    int port,
    List<String> acceptTypes,
    List<String> acceptWrappedTypes,
    long maxSize,
    boolean multiClient) {

  /// `a=setup` (RFC 4145 §4).
  public enum Setup {
    ACTIVE,
    PASSIVE,
    ACTPASS
  }

  public MsrpMedia {
    path = List.copyOf(path);
    acceptTypes = List.copyOf(acceptTypes);
    acceptWrappedTypes = List.copyOf(acceptWrappedTypes);
    if (path.isEmpty()) {
      throw new IllegalArgumentException("no path");
    }
  }
}
