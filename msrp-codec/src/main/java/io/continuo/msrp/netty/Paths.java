package io.continuo.msrp.netty;

import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpUri;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads To-Path and From-Path, and remembers those that came last: every message of a session has
/// the same two.
///
/// Limit: [#MAX_KEPT] paths; the one not seen for longest goes first, and is read again when it
/// comes.
///
/// Threading: the connection's event loop.
final class Paths {
  static final int MAX_KEPT = 64;

  private final Map<String, List<MsrpUri>> kept =
      new LinkedHashMap<>(MAX_KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<MsrpUri>> eldest) {
          return size() > MAX_KEPT;
        }
      };

  /// @param name of the header, for the error
  List<MsrpUri> read(String name, String value, long offset) throws MalformedMsrpException {
    List<MsrpUri> known = kept.get(value);
    if (known != null) {
      return known;
    }
    List<MsrpUri> path = new ArrayList<>();
    for (String uri : value.split(" +")) {
      path.add(
          MsrpUri.parse(uri)
              .orElseThrow(() -> new MalformedMsrpException(offset, "MSRP URIs in " + name)));
    }
    kept.put(value, List.copyOf(path));
    return path;
  }
}
