package io.continuo.server.transport.msrp;

import io.continuo.server.configuration.TlsSettings;
import io.continuo.server.transport.tls.TlsMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/// What the endpoint shows when no certificate is named: one that it signed itself. Made once.
final class OwnCertificate {
  private static final TlsMaterial MATERIAL = make();

  private OwnCertificate() {}

  static TlsMaterial material() {
    return MATERIAL;
  }

  private static TlsMaterial make() {
    try {
      Path directory = Files.createTempDirectory("own-certificate");
      return TlsMaterial.open(
          TlsSettings.DEFAULT,
          directory,
          List.of("continuo.test"),
          InstantSource.system(),
          new SecureRandom());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
