package io.continuo.server.transport.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The CAs that peers are checked against, as last read.
///
/// Threading: one thread loads; any reads [#current].
final class TrustFile {
  private static final Logger LOG = LoggerFactory.getLogger(TrustFile.class);

  private final Path file;
  private String seen = "";
  private volatile List<X509Certificate> authorities = List.of();

  /// @param file an empty path for the CAs of the JVM
  TrustFile(Path file) {
    this.file = file;
  }

  /// Empty: the CAs of the JVM.
  List<X509Certificate> current() {
    return authorities;
  }

  void load() throws IOException {
    if (!file.toString().isEmpty()) {
      seen = PemFiles.state(file);
      authorities = PemFiles.certificates(file);
    }
  }

  boolean reload() {
    String state = file.toString().isEmpty() ? seen : PemFiles.state(file);
    if (state.equals(seen)) {
      return false;
    }
    seen = state;
    try {
      authorities = PemFiles.certificates(file);
      return true;
    } catch (IOException unusable) {
      LOG.atWarn().addKeyValue("why", unusable.getMessage()).log("tls.not-reloaded");
      return false;
    }
  }
}
