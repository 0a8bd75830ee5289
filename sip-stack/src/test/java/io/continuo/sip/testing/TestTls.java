package io.continuo.sip.testing;

import io.continuo.sip.SipTls;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// One certificate for `127.0.0.1`, `::1` and `sip.test` that both sides of a test trust.
public final class TestTls {
  private static final TestTls ONE = new TestTls();

  private final SslContext server;
  private final SslContext client;
  private final SSLContext peers;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private TestTls() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      keys = generator.generateKeyPair();
      certificate = certificate();
      server = SslContextBuilder.forServer(keys.getPrivate(), certificate).build();
      client =
          SslContextBuilder.forClient()
              .trustManager(certificate)
              .endpointIdentificationAlgorithm("HTTPS")
              .build();
      peers = SSLContext.getInstance("TLS");
      peers.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private X509Certificate certificate() throws Exception {
    X500Name name = new X500Name("CN=test");
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(Instant.parse("2020-01-01T00:00:00Z")),
            Date.from(Instant.parse("2100-01-01T00:00:00Z")),
            name,
            keys.getPublic());
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.iPAddress, "::1"),
              new GeneralName(GeneralName.dNSName, "sip.test"),
            }));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  /// For an endpoint.
  public static SipTls endpoint() {
    return new SipTls(name -> ONE.server, () -> ONE.client);
  }

  /// A server of a test.
  public static SslContext server() {
    return ONE.server;
  }

  /// A peer of a test: any certificate will do.
  public static SSLSocket connect(InetSocketAddress server) throws java.io.IOException {
    SSLSocket socket =
        (SSLSocket)
            ONE.peers.getSocketFactory().createSocket(server.getAddress(), server.getPort());
    socket.setSoTimeout(TextPeer.READ_MILLIS);
    socket.startHandshake();
    return socket;
  }
}
