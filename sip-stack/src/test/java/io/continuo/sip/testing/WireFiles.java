package io.continuo.sip.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Messages as octets, one file each, by the section that describes them.
public final class WireFiles {
  private static final String FOLDER = "/io/continuo/sip/wire/";

  private WireFiles() {}

  /// Of every file.
  public static List<String> names() {
    try (Stream<Path> files = Files.walk(Path.of(WireFiles.class.getResource(FOLDER).toURI()))) {
      return files
          .filter(file -> file.toString().endsWith(".dat"))
          .map(file -> file.getParent().getFileName() + "/" + file.getFileName())
          .map(name -> name.replace(".dat", ""))
          .sorted()
          .toList();
    } catch (IOException | URISyntaxException failed) {
      throw new AssertionError(failed);
    }
  }

  /// @param name `rfc4475/wsinv`
  public static byte[] octets(String name) {
    String path = FOLDER + name + ".dat";
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
