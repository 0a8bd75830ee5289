package io.continuo.msrp.netty;

import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpUri;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the header lines said that came lately. The messages of a session differ in transaction id,
/// Message-ID, Byte-Range and body; their other lines are the same, and are neither made text nor
/// parsed again.
///
/// Limits: [#MAX_KEPT] lines of at most [#MAX_SIZE] bytes each; of two that fall on the same place
/// the later one stays, and the other is read again when it comes.
///
/// Threading: the connection's event loop.
final class KnownLines {
  /// A power of two.
  static final int MAX_KEPT = 64;

  /// A path with a relay or two; a longer line is read each time.
  static final int MAX_SIZE = 256;

  /// A shorter line is read each time.
  static final int MIN_SIZE = 12;

  private final @Nullable Known[] kept = new Known[MAX_KEPT];

  /// What a header line says.
  sealed interface Said {
    record ToPath(List<MsrpUri> path) implements Said {}

    record FromPath(List<MsrpUri> path) implements Said {}

    record Other(MsrpHeader header) implements Said {}
  }

  private record Known(byte[] line, Said said) {}

  @Nullable Said find(Line line) {
    if (!isKept(line)) {
      return null;
    }
    Known known = kept[place(line)];
    return known != null && line.equals(known.line()) ? known.said() : null;
  }

  void keep(Line line, Said said) {
    if (isKept(line)) {
      kept[place(line)] = new Known(line.copy(), said);
    }
  }

  /// Paths, Content-Type, Success-Report, Failure-Report, Status. A Message-ID or a Byte-Range
  /// comes once, and must not take the place of another line.
  private static boolean isKept(Line line) {
    boolean size = line.length() >= MIN_SIZE && line.length() <= MAX_SIZE;
    return size
        && switch (line.at(0)) {
          case 'C', 'F', 'S', 'T', 'c', 'f', 's', 't' -> true;
          default -> false;
        };
  }

  /// The last twelve bytes hold the random end of a session id, or enough of another line.
  private static int place(Line line) {
    long end = line.eightAt(line.length() - MIN_SIZE) * 31 + line.at(0);
    long hash = (end * 31 + line.length()) * 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 58);
  }
}
