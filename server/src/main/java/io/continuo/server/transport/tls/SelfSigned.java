package io.continuo.server.transport.tls;

import io.continuo.server.configuration.TlsSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// A certificate signed by itself, for peers that compare fingerprints (MSRP) and for trying out.
/// Made at the first start and kept: a fingerprint that a device was told stays good.
final class SelfSigned {
  static final String CHAIN_FILE = "self-signed.pem";
  static final String KEY_FILE = "self-signed-key.pem";

  private static final Duration VALID = Duration.ofDays(3650);

  /// Clocks of devices may be behind ours.
  private static final Duration SKEW = Duration.ofDays(1);

  private static final int SERIAL_BITS = 120;

  private SelfSigned() {}

  /// The pair in a directory, made when it is absent or has expired.
  static TlsSettings.Pair in(
      Path directory, List<String> names, InstantSource clock, SecureRandom random)
      throws IOException {
    TlsSettings.Pair pair =
        new TlsSettings.Pair(directory.resolve(CHAIN_FILE), directory.resolve(KEY_FILE));
    if (!Files.exists(pair.chain()) || expired(pair, clock.instant())) {
      make(pair, names, clock.instant(), random);
    }
    return pair;
  }

  private static boolean expired(TlsSettings.Pair pair, Instant now) throws IOException {
    try {
      PemFiles.certificate(pair.chain(), pair.key()).own().checkValidity(Date.from(now));
      return false;
    } catch (CertificateExpiredException ended) {
      return true;
    } catch (CertificateNotYetValidException clockWasSetBack) {
      return false;
    }
  }

  private static void make(
      TlsSettings.Pair pair, List<String> names, Instant now, SecureRandom random)
      throws IOException {
    Path directory = pair.chain().toAbsolutePath().getParent();
    if (directory == null) {
      throw new IOException("no directory for " + pair.chain());
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, owner(directory, "rwx------"));
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair keys = generator.generateKeyPair();
      // The key first: a chain without its key would be taken for a whole pair at the next start.
      write(pair.key(), pem(new PemObject("PRIVATE KEY", keys.getPrivate().getEncoded())));
      write(pair.chain(), pem(certificate(keys, names, now, random)));
    } catch (GeneralSecurityException | OperatorException impossible) {
      throw new IOException("cannot make a certificate: " + impossible.getMessage(), impossible);
    }
  }

  private static X509Certificate certificate(
      KeyPair keys, List<String> names, Instant now, SecureRandom random)
      throws GeneralSecurityException, OperatorException, IOException {
    X500Name subject = new X500Name("CN=" + names.getFirst().replaceAll("[^A-Za-z0-9.:-]", ""));
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(SKEW)),
            Date.from(now.plus(VALID)),
            subject,
            keys.getPublic());
    builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  private static GeneralNames alternatives(List<String> names) {
    return new GeneralNames(
        names.stream()
            .distinct()
            .map(name ->
                new GeneralName(
                    name.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName,
                    name.replaceAll("[\\[\\]]", "")))
            .toArray(GeneralName[]::new));
  }

  private static String pem(Object part) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(part);
    }
    return text.toString();
  }

  private static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, owner(fresh, "rw-------"));
    Files.writeString(fresh, text, StandardOpenOption.SYNC);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static FileAttribute<?>[] owner(Path file, String permissions) throws IOException {
    Path existing = file.toAbsolutePath();
    while (existing.getParent() != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    boolean posix = Files.getFileStore(existing).supportsFileAttributeView("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
