package io.continuo.scenarios;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The certificate authority of a test: the server's certificates are of it, as files that an
/// operator would have, and clients believe nobody else.
public final class TestAuthority {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Duration VALID = Duration.ofDays(30);
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes());
  private static final String NAME = "CN=Test authority";

  private final Path directory;
  private final KeyPair keys = keys();
  private final X509Certificate own = sign(NAME, keys, true, List.of());

  /// @param directory for the files
  public TestAuthority(Path directory) {
    this.directory = directory;
  }

  /// Issues a certificate with a new key and puts both where the server reads them, each by a
  /// rename; whatever was there is replaced.
  ///
  /// @param file name of the files, without extension; also the subject
  /// @param names hosts that it is good for; 127.0.0.1 is always one
  /// @return its entry in `tls.certificates`
  public String issue(String file, String... names) throws IOException {
    KeyPair of = keys();
    List<GeneralName> all =
        Stream.concat(
                Stream.of(names).map(name -> new GeneralName(GeneralName.dNSName, name)),
                Stream.of(new GeneralName(GeneralName.iPAddress, "127.0.0.1")))
            .toList();
    Path chain = directory.resolve(file + ".pem");
    Path key = directory.resolve(file + "-key.pem");
    try {
      put(key, pem("PRIVATE KEY", of.getPrivate().getEncoded()));
      put(chain, pem("CERTIFICATE", sign("CN=" + file, of, false, all).getEncoded()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
    return chain + " " + key;
  }

  private static void put(Path file, String text) throws IOException {
    Path beside = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(what, PEM.encodeToString(content));
  }

  private X509Certificate sign(String subject, KeyPair of, boolean ca, List<GeneralName> names) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              new X500Name(NAME),
              new BigInteger(64, RANDOM),
              Date.from(now.minus(VALID)),
              Date.from(now.plus(VALID)),
              new X500Name(subject),
              of.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
      if (!names.isEmpty()) {
        GeneralNames hosts = new GeneralNames(names.toArray(GeneralName[]::new));
        builder.addExtension(Extension.subjectAlternativeName, false, hosts);
      }
      JcaContentSignerBuilder signer = new JcaContentSignerBuilder("SHA256withECDSA");
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(signer.build(keys.getPrivate())));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// TLS of a client that believes this authority and nobody else.
  public SSLContext believed() {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("authority", own);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Connects and shakes hands with whoever has this name at this address.
  ///
  /// @param name what the client asks for (RFC 6066 §3) and must be shown
  /// @throws javax.net.ssl.SSLException when it is shown another one
  public SSLSocket connect(InetSocketAddress server, String name) throws IOException {
    Socket plain = new Socket(InetAddress.getByName("127.0.0.1"), server.getPort());
    SSLSocket socket =
        (SSLSocket)
            believed()
                .getSocketFactory()
                .createSocket(plain, name, server.getPort(), /* autoClose= */ true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setServerNames(List.of(new SNIHostName(name)));
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /// The certificate that the server showed.
  public static X509Certificate shown(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }
}
