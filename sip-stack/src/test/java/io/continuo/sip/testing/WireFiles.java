package io.continuo.sip.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Messages as octets, one file each, by the section that describes them.
public final class WireFiles {
  private WireFiles() {}

  /// @param name `rfc4475/wsinv`
  public static byte[] octets(String name) {
    String path = "/io/continuo/sip/wire/" + name + ".dat";
    try (InputStream in = WireFiles.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new AssertionError("no wire file " + path);
      }
      return in.readAllBytes();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
