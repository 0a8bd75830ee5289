package io.continuo.clients.doubles;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// A certificate that a client signs for itself, made by the JDK's `keytool`, and TLS with it. Whom
/// it talks to is known by the fingerprint in SDP, not by a CA (RFC 8122 §6).
final class OwnCertificate {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final int LIMIT_SECONDS = 60;

  private final KeyStore keys;

  private OwnCertificate(KeyStore keys) {
    this.keys = keys;
  }

  static OwnCertificate make() {
    try {
      Path directory = Files.createTempDirectory("double");
      Path file = directory.resolve("own.p12");
      keytool(file);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, PASSWORD);
      }
      Files.delete(file);
      Files.delete(directory);
      return new OwnCertificate(keys);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static void keytool(Path file) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=rcs",
                "-validity",
                "1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("keytool failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// SHA-256 in lower case, as this client writes it though RFC 8122 §5 wants upper case.
  String fingerprint() {
    try {
      return fingerprint(keys.getCertificate("own").getEncoded());
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static String fingerprint(byte[] certificate) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate);
    return HexFormat.ofDelimiter(":").formatHex(hash);
  }

  /// A connection with the peer that has this fingerprint.
  ///
  /// @param announced as in `a=fingerprint`
  Socket connect(String host, int port, String announced) throws IOException {
    try {
      KeyManagerFactory own =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(keys, PASSWORD);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(own.getKeyManagers(), new TrustManager[] {new ByFingerprint()}, null);
      SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(host, port);
      socket.startHandshake();
      byte[] shown = socket.getSession().getPeerCertificates()[0].getEncoded();
      String expected = announced.replaceFirst("(?i)sha-256 ", "").toLowerCase(Locale.ROOT);
      if (!fingerprint(shown).equals(expected)) {
        socket.close();
        throw new IOException("another certificate than announced: " + announced);
      }
      return socket;
    } catch (GeneralSecurityException failed) {
      throw new IOException(failed);
    }
  }

  /// The comparison above is the real check.
  private static final class ByFingerprint implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
