package io.continuo.server.transport.msrp;

import io.continuo.server.b2bua.Fingerprint;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// A certificate of a device or an authority, and the JDK's TLS with it.
record TestCertificate(KeyPair keys, X509Certificate certificate) {
  private static final Duration YEAR = Duration.ofDays(365);

  /// Signed by itself, as devices have it.
  static TestCertificate selfSigned() throws Exception {
    KeyPair keys = newKeys();
    return new TestCertificate(keys, sign("CN=device", keys, "CN=device", keys, true, YEAR));
  }

  /// For `127.0.0.1`, signed by this one.
  ///
  /// @param validFor negative: over since then
  TestCertificate issues(Duration validFor) throws Exception {
    KeyPair own = newKeys();
    return new TestCertificate(own, sign("CN=issued", own, "CN=device", keys, false, validFor));
  }

  /// `a=fingerprint` of it.
  String fingerprint(String hash) throws Exception {
    byte[] digest = MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    return hash.toLowerCase(Locale.ROOT) + " " + HexFormat.ofDelimiter(":").formatHex(digest);
  }

  Fingerprint sha256() throws Exception {
    return Fingerprint.parse(fingerprint("SHA-256")).orElseThrow();
  }

  /// Shows this certificate and takes any.
  SSLContext context() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", keys.getPrivate(), new char[0], new X509Certificate[] {certificate});
    KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
    manager.init(store, new char[0]);
    return context(manager);
  }

  /// Shows no certificate and takes any.
  static SSLContext anonymous() throws Exception {
    KeyStore none = KeyStore.getInstance("PKCS12");
    none.load(null, null);
    KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
    manager.init(none, new char[0]);
    return context(manager);
  }

  private static SSLContext context(KeyManagerFactory manager) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(manager.getKeyManagers(), new TrustManager[] {new TakesAny()}, null);
    return context;
  }

  /// As `<name>.pem` and `<name>-key.pem`; returns the value of `tls.certificates`.
  String writeTo(Path directory, String name) throws Exception {
    Path chain = Files.writeString(directory.resolve(name + ".pem"), pem(certificate));
    PemObject key = new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded());
    return chain + " " + Files.writeString(directory.resolve(name + "-key.pem"), pem(key));
  }

  private static String pem(Object part) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(part);
    }
    return text.toString();
  }

  private static KeyPair newKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      String subject,
      KeyPair own,
      String issuer,
      KeyPair by,
      boolean isAuthority,
      Duration validFor)
      throws Exception {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(issuer),
            new BigInteger(64, new SecureRandom()),
            Date.from(now.minus(YEAR)),
            Date.from(now.plus(validFor)),
            new X500Name(subject),
            own.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
  }

  /// A device compares fingerprints itself.
  private static final class TakesAny extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
