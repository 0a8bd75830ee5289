package io.continuo.server.transport.tls;

import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.configuration.TlsSettings;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates of this server, as they are now: the wiring opens it, the SIP and MSRP
/// transports take what they need from it for each connection. Connections that stand keep what
/// they began with.
///
/// A file that changes is used for the connections after that. One that cannot be used leaves the
/// old one in place and is told once, by one line `tls.not-reloaded`, until it changes again.
///
/// Threading: any thread reads; one thread of its own looks at the files.
public final class TlsMaterial implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsMaterial.class);

  private final TlsSettings settings;
  private final List<CertificateFile> files;
  private final TrustFile trust;
  private final InstantSource clock;
  private volatile Contexts contexts;
  private @Nullable ScheduledExecutorService watch;

  /// Loads everything, or makes a certificate when none is named. Blocks; called once, at start.
  ///
  /// @param directory where a certificate of our own making is kept, as `self-signed.pem`; made
  ///   readable for its owner only
  /// @param names what we are reached by, domain first: they stand in a certificate of our own
  ///   making
  /// @throws IOException when a file cannot be used; the message is for the operator
  public static TlsMaterial open(
      TlsSettings settings,
      Path directory,
      List<String> names,
      InstantSource clock,
      SecureRandom random)
      throws IOException {
    List<TlsSettings.Pair> pairs = settings.pairs();
    if (pairs.isEmpty()) {
      pairs = List.of(SelfSigned.in(directory, names, clock, random));
    }
    return new TlsMaterial(settings, pairs, clock);
  }

  private TlsMaterial(TlsSettings settings, List<TlsSettings.Pair> pairs, InstantSource clock)
      throws IOException {
    this.settings = settings;
    this.files = pairs.stream().map(CertificateFile::new).toList();
    this.trust = new TrustFile(settings.trust());
    this.clock = clock;
    for (CertificateFile file : files) {
      file.load();
    }
    trust.load();
    this.contexts = build();
    told("tls.loaded");
  }

  /// Begins to follow the files.
  public TlsMaterial watch() {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("tls-reload").unstarted(task));
    long interval = settings.reloadInterval().toMillis();
    thread.scheduleWithFixedDelay(this::guardedReload, interval, interval, TimeUnit.MILLISECONDS);
    watch = thread;
    return this;
  }

  private void guardedReload() {
    try {
      reload();
    } catch (RuntimeException bug) {
      // A schedule whose task throws is not run again, and no certificate would ever be renewed.
      LOG.atError().setCause(bug).log("tls.reload-failed");
    }
  }

  /// Looks at the files now; blocks.
  ///
  /// @return whether something changed
  public synchronized boolean reload() {
    boolean changed = false;
    for (CertificateFile file : files) {
      changed |= file.reload();
    }
    changed |= trust.reload();
    if (changed) {
      try {
        contexts = build();
        told("tls.reloaded");
      } catch (IOException unusable) {
        LOG.atWarn().addKeyValue("why", unusable.getMessage()).log("tls.not-reloaded");
        return false;
      }
    }
    return changed;
  }

  private Contexts build() throws IOException {
    List<Certificate> certificates = files.stream().map(CertificateFile::current).toList();
    return Contexts.of(certificates, trust.current(), settings.protocols());
  }

  private void told(String event) {
    for (CertificateFile file : files) {
      file.current().tell(LOG, event, clock.instant());
    }
  }

  /// Contexts for servers, by the name that the client asks for; for
  /// [io.netty.handler.ssl.SniHandler]. The default answers to an unknown name and to none.
  public Mapping<String, SslContext> servers() {
    return name -> contexts.server(Optional.ofNullable(name)).plain();
  }

  /// As [#servers], and the client is asked for a certificate: it may give none, and any that it
  /// gives is taken. For MSRP, where the SDP says which it must be (RFC 8122 §6.2).
  public Mapping<String, SslContext> serversThatAskForCertificate() {
    return name -> contexts.server(Optional.ofNullable(name)).asking();
  }

  /// For connections that we make: the peer's chain must lead to a trusted CA and name its host.
  /// Give host and port to [SslContext#newHandler]. Our default certificate is shown when asked
  /// for.
  public SslContext client() {
    return contexts.client();
  }

  /// For connections that we make to whoever shows any certificate: the caller compares
  /// fingerprints ([Fingerprint#of], RFC 8122).
  public SslContext clientOfAnyCertificate() {
    return contexts.clientOfAny();
  }

  /// SHA-256 of the certificates that a peer may see of us, for `a=fingerprint`: the one for our
  /// name, if it asks for that, and the default one, which clients and nameless servers show.
  public List<Fingerprint> fingerprints(String name) {
    Contexts now = contexts;
    return Stream.of(now.server(Optional.of(name)), now.servers().getFirst())
        .map(server -> Fingerprint.of(encoded(server.certificate().own())))
        .distinct()
        .toList();
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException(impossible); // it was read from its encoding
    }
  }

  /// The TLS implementation in use, for the start line.
  public static String provider() {
    return OpenSsl.isAvailable() ? OpenSsl.versionString() : "JDK";
  }

  @Override
  public void close() {
    ScheduledExecutorService thread = watch;
    if (thread != null) {
      thread.shutdownNow();
    }
  }
}
