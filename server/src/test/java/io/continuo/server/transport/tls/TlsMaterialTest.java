package io.continuo.server.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.configuration.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TlsMaterialTest {
  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

  @TempDir Path directory;
  private final Pem authority = new Pem();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger().addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger().detachAppender(lines);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("io.continuo.server.transport.tls");
  }

  private TlsMaterial open(String... pairs) throws IOException {
    return open(Path.of(""), pairs);
  }

  private TlsMaterial open(Path trust, String... pairs) throws IOException {
    TlsSettings settings =
        new TlsSettings(
            List.of(pairs), Duration.ofSeconds(1), TlsSettings.DEFAULT.protocols(), trust);
    return TlsMaterial.open(
        settings,
        directory.resolve("data/tls"),
        List.of("continuo.test", "127.0.0.1", "::1"),
        () -> NOW,
        new SecureRandom());
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  @Spec("RFC 6066 §3")
  @Test
  void theCertificateIsChosenByTheNameThatTheClientAsksFor() throws Exception {
    TlsMaterial tls =
        open(
            authority.issue(directory, "first", "chat.example.org"),
            authority.issue(directory, "second", "*.example.net", "example.com"));
    try (Handshake server = new Handshake(tls.servers())) {
      assertThat(subject(server.shownTo(tls.clientOfAnyCertificate(), "chat.example.org")))
          .isEqualTo("CN=first");
      assertThat(subject(server.shownTo(tls.clientOfAnyCertificate(), "a.EXAMPLE.net")))
          .isEqualTo("CN=second");
      assertThat(subject(server.shownTo(tls.clientOfAnyCertificate(), "example.com")))
          .isEqualTo("CN=second");
      assertThat(subject(server.shownTo(tls.clientOfAnyCertificate(), "a.b.example.net")))
          .as("a star is one label")
          .isEqualTo("CN=first");
      assertThat(subject(server.shownTo(tls.clientOfAnyCertificate(), "127.0.0.1")))
          .as("no name")
          .isEqualTo("CN=first");
    }
  }

  @Test
  void aChangedFileIsUsedForNewConnections() throws Exception {
    TlsMaterial tls = open(authority.issue(directory, "a", "a.test"));
    try (Handshake server = new Handshake(tls.servers())) {
      X509Certificate before = server.shownTo(tls.clientOfAnyCertificate(), "a.test");
      assertThat(tls.reload()).isFalse();

      authority.issue(directory, "a", "a.test");
      assertThat(tls.reload()).isTrue();

      X509Certificate after = server.shownTo(tls.clientOfAnyCertificate(), "a.test");
      assertThat(after.getSerialNumber()).isNotEqualTo(before.getSerialNumber());
      assertThat(fingerprint(tls)).isEqualTo(Fingerprint.of(after.getEncoded()));
    }
  }

  @Test
  void aChangedFileIsFoundWithoutBeingAskedFor() throws Exception {
    try (TlsMaterial tls = open(authority.issue(directory, "a", "a.test")).watch()) {
      Fingerprint before = fingerprint(tls);

      authority.issue(directory, "a", "a.test");

      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !fingerprint(tls).equals(before));
    }
  }

  @Test
  void aBrokenFileLeavesTheOldOneAndIsToldOnce() throws Exception {
    String pair = authority.issue(directory, "a", "a.test");
    TlsMaterial tls = open(pair);
    Fingerprint before = fingerprint(tls);
    Path chain = Path.of(pair.split(" ")[0]);
    lines.list.clear();

    Files.writeString(chain, "not a certificate");
    assertThat(tls.reload()).isFalse();
    assertThat(tls.reload()).isFalse();

    assertThat(fingerprint(tls)).isEqualTo(before);
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.getFirst().getLevel().toString()).isEqualTo("WARN");
    assertThat(lines.list.getFirst().getMessage()).isEqualTo("tls.not-reloaded");
    assertThat(lines.list.getFirst().getKeyValuePairs().toString())
        .contains(chain.toString())
        .doesNotContain("not a certificate");
  }

  @Test
  void aKeyOfAnotherCertificateIsNotTaken() throws Exception {
    String one = authority.issue(directory, "a", "a.test");
    String other = authority.issue(directory, "b", "b.test");

    assertThatThrownBy(() -> open(one.split(" ")[0] + " " + other.split(" ")[1]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b-key.pem is not the key of the first certificate in");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> open(directory.resolve("x.pem") + " " + directory.resolve("y.pem")))
        .isInstanceOf(IOException.class)
        .hasMessage(directory.resolve("x.pem") + " is not there");
  }

  @Test
  void aServerWithoutCertificatesMakesOneAndKeepsIt() throws Exception {
    Fingerprint first = fingerprint(open());
    Fingerprint second = fingerprint(open());

    assertThat(second)
        .isEqualTo(first)
        .extracting(Fingerprint::hex)
        .asString()
        .matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
    Path made = directory.resolve("data/tls");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(made.resolve(SelfSigned.KEY_FILE))))
        .isEqualTo("rw-------");
    X509Certificate certificate =
        PemFiles.certificates(made.resolve(SelfSigned.CHAIN_FILE)).getFirst();
    assertThat(certificate.getSubjectAlternativeNames().toString())
        .contains("continuo.test", "127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  @Test
  void aPeerIsCheckedAgainstTheTrustedAuthoritiesAndItsName() throws Exception {
    TlsMaterial tls =
        open(authority.authorityFile(directory), authority.issue(directory, "a", "a.test"));
    TlsMaterial others = open(new Pem().authorityFile(directory.resolve(".")));
    try (Handshake server = new Handshake(tls.servers())) {
      assertThat(subject(server.shownTo(tls.client(), "a.test"))).isEqualTo("CN=a");
      assertThatThrownBy(() -> server.shownTo(tls.client(), "b.test"))
          .as("another name")
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SSLException.class);
      assertThatThrownBy(() -> server.shownTo(others.client(), "a.test"))
          .as("another authority")
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(SSLException.class);
    }
  }

  @Spec("RFC 8122 §6.2")
  @Test
  void aServerThatAsksTakesAnyCertificateAndNone() throws Exception {
    TlsMaterial tls = open();
    try (Handshake asking = new Handshake(tls.serversThatAskForCertificate())) {
      asking.shownTo(tls.clientOfAnyCertificate(), "continuo.test");
      X509Certificate shown =
          (X509Certificate) done(asking).engine().getSession().getPeerCertificates()[0];
      assertThat(Fingerprint.of(shown.getEncoded())).isEqualTo(fingerprint(tls));

      io.netty.handler.ssl.SslContext nobody =
          io.netty.handler.ssl.SslContextBuilder.forClient()
              .trustManager(io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE)
              .endpointIdentificationAlgorithm(null)
              .build();
      asking.shownTo(nobody, "continuo.test");
      assertThatThrownBy(() -> done(asking).engine().getSession().getPeerCertificates())
          .isInstanceOf(javax.net.ssl.SSLPeerUnverifiedException.class);
    }
  }

  private static io.netty.handler.ssl.SslHandler done(Handshake server) throws Exception {
    io.netty.handler.ssl.SslHandler handler = server.accepted();
    handler.handshakeFuture().get(60, TimeUnit.SECONDS);
    return handler;
  }

  @Spec("RFC 8122 §5")
  @Test
  void aHashThatMustNotBeUsedGivesNoFingerprint() {
    assertThat(Fingerprint.parse("md5 " + octets(16))).isEmpty();
    assertThat(Fingerprint.parse("SHA-1 " + octets(20))).isPresent();
  }

  @Test
  void aCertificateThatEndsSoonIsAWarning() throws Exception {
    String pair = authority.issue(directory, "a", "a.test");
    TlsMaterial.open(
        new TlsSettings(List.of(pair), Duration.ofSeconds(1), List.of("TLSv1.3"), Path.of("")),
        directory,
        List.of("a.test"),
        () -> Instant.parse("2099-12-25T00:00:00Z"),
        new SecureRandom());

    assertThat(lines.list.getLast().getLevel().toString()).isEqualTo("WARN");
    assertThat(lines.list.getLast().getMessage()).isEqualTo("tls.loaded");
  }

  private static String octets(int count) {
    return String.join(":", java.util.Collections.nCopies(count, "AB"));
  }

  /// Of the default certificate.
  private static Fingerprint fingerprint(TlsMaterial tls) {
    return tls.fingerprints("").getLast();
  }
}
