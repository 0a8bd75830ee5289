package io.continuo.clients.doubles;

import java.util.ArrayList;
import java.util.List;

/// A header line. The value is without white space around it.
record Header(String name, String value) {

  /// The lines of a head or of a CPIM block; a line that begins with white space goes on with the
  /// one before it (RFC 3261 §7.3.1).
  ///
  /// @throws AssertionError at a line without a colon
  static List<Header> parse(String block) {
    List<Header> headers = new ArrayList<>();
    for (String line : block.replaceAll("\r?\n[ \t]+", " ").split("\r?\n")) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new AssertionError("a header line without a colon: '" + line + "'");
      }
      headers.add(new Header(line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
    }
    return List.copyOf(headers);
  }
}
