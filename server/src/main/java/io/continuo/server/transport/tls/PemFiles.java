package io.continuo.server.transport.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// Reads PEM files. What it throws names the file and never what is in it.
final class PemFiles {
  /// Larger than any chain or bundle of CAs.
  static final long MAX_BYTES = 4 << 20;

  // The JDK calls "EC" what the converter calls "ECDSA".
  private static final JcaPEMKeyConverter CONVERTER =
      new JcaPEMKeyConverter().setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");

  private PemFiles() {}

  /// What a file holds now, to be compared: its content, since a time stamp may stay the same.
  static String state(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (IOException unreadable) {
      return "unreadable: " + unreadable.getMessage();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// A chain and the key to its first certificate.
  static Certificate certificate(Path chainFile, Path keyFile) throws IOException {
    List<X509Certificate> chain = certificates(chainFile);
    PrivateKey key = key(keyFile);
    if (!belongs(chain.getFirst().getPublicKey(), key)) {
      throw new IOException(keyFile + " is not the key of the first certificate in " + chainFile);
    }
    return new Certificate(chain, key);
  }

  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> found;
    try {
      found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
    } catch (CertificateException malformed) {
      throw new IOException(file + " holds no certificates in PEM");
    }
    if (found.isEmpty()) {
      throw new IOException(file + " holds no certificate");
    }
    return found;
  }

  // The causes stay out of the message and of the exception: parsers quote what they choke on.
  private static PrivateKey key(Path file) throws IOException {
    String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
    try (PEMParser parser = new PEMParser(Reader.of(text))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof PrivateKeyInfo key) {
          return CONVERTER.getPrivateKey(key);
        } else if (part instanceof PEMKeyPair pair) {
          return CONVERTER.getPrivateKey(pair.getPrivateKeyInfo());
        }
      }
    } catch (IOException | RuntimeException malformed) {
      throw new IOException(file + " holds no private key in PEM that can be read");
    }
    throw new IOException(file + " holds no private key without a passphrase");
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " has more than " + MAX_BYTES + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException absent) {
      throw new IOException(file + " is not there", absent);
    } catch (AccessDeniedException denied) {
      throw new IOException("no permission to read " + file, denied);
    }
  }

  private static boolean belongs(PublicKey lock, PrivateKey key) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      byte[] signed = signature.sign();
      signature.initVerify(lock);
      return signature.verify(signed);
    } catch (GeneralSecurityException different) {
      return false;
    }
  }
}
