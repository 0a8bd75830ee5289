package io.continuo.server.transport.tls;

import io.continuo.server.configuration.TlsSettings;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One pair of PEM files and what they held when they could last be used.
///
/// Threading: one thread loads; any reads [#current].
final class CertificateFile {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateFile.class);

  private final TlsSettings.Pair pair;
  private String seen = "";
  private volatile @Nullable Certificate certificate;

  CertificateFile(TlsSettings.Pair pair) {
    this.pair = pair;
  }

  Certificate current() {
    return Objects.requireNonNull(certificate, "not loaded");
  }

  void load() throws IOException {
    seen = state();
    certificate = PemFiles.certificate(pair.chain(), pair.key());
  }

  /// Takes what is there now if it differs and can be used.
  boolean reload() {
    String state = state();
    if (state.equals(seen)) {
      return false;
    }
    seen = state;
    try {
      certificate = PemFiles.certificate(pair.chain(), pair.key());
      return true;
    } catch (IOException unusable) {
      LOG.atWarn().addKeyValue("why", unusable.getMessage()).log("tls.not-reloaded");
      return false;
    }
  }

  private String state() {
    return PemFiles.state(pair.chain()) + " " + PemFiles.state(pair.key());
  }
}
