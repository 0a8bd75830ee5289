package io.continuo.msrp.netty;

import io.continuo.msrp.MalformedMsrpException;
import io.continuo.msrp.MsrpUri;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads To-Path and From-Path, and remembers those that came last: every message of a session has
/// the same two, so they are neither made text nor parsed again.
///
/// Limits: [#MAX_KEPT] paths of at most [#MAX_SIZE] bytes each; of two that fall on the same place
/// the later one stays, and the other is read again when it comes.
///
/// Threading: the connection's event loop.
final class Paths {
  /// A power of two.
  static final int MAX_KEPT = 64;

  /// A path with a relay or two; a longer one is read each time.
  static final int MAX_SIZE = 256;

  private static final int SAMPLE = 3;

  private final @Nullable Kept[] kept = new Kept[MAX_KEPT];

  private record Kept(byte[] written, List<MsrpUri> path) {}

  /// @param name of the header, for the error
  List<MsrpUri> read(String name, Line line, int from, int to) throws MalformedMsrpException {
    int place = place(line, from, to);
    Kept known = kept[place];
    if (known != null && line.equals(from, to, known.written())) {
      return known.path();
    }
    List<MsrpUri> path = parse(name, line, from, to);
    if (to - from <= MAX_SIZE) {
      kept[place] = new Kept(line.copy(from, to), path);
    }
    return path;
  }

  /// Each third byte is enough to tell session ids apart, of which each is random.
  private static int place(Line line, int from, int to) {
    int hash = to - from;
    for (int i = to - 1; i >= from; i -= SAMPLE) {
      hash = 31 * hash + line.at(i);
    }
    return (hash ^ hash >>> 16) & (MAX_KEPT - 1);
  }

  private static List<MsrpUri> parse(String name, Line line, int from, int to)
      throws MalformedMsrpException {
    List<MsrpUri> path = new ArrayList<>(2);
    for (String uri : line.text(from, to).split(" +")) {
      path.add(
          MsrpUri.parse(uri)
              .orElseThrow(() -> new MalformedMsrpException(line.offset(), "MSRP URIs in " + name)));
    }
    return List.copyOf(path);
  }
}
