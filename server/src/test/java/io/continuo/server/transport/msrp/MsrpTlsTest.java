package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Carriage;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.TlsSettings;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.NotDialled;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import io.continuo.server.transport.tls.TlsMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// MSRP over TLS in both roles (RFC 4975 §14.2, RFC 8122), against the JDK's TLS.
class MsrpTlsTest extends MsrpEndpointFixture {
  private static final String SECURE_PEER = "msrps://127.0.0.1:9/peersession;tcp";
  private static TestCertificate device;
  private static TestCertificate stranger;

  @TempDir Path directory;

  @BeforeEach
  void startsOverTls() throws Exception {
    if (device == null) {
      device = TestCertificate.selfSigned();
      stranger = TestCertificate.selfSigned();
    }
    endpoint = start(settings(), tls(Duration.ofMinutes(1)), OwnCertificate.material());
  }

  private static MsrpTransportSettings tls(Duration handshake) {
    MsrpTransportSettings d = MsrpTransportSettings.DEFAULT;
    return new MsrpTransportSettings(
        List.of("tcp", "tls"),
        0,
        0,
        0,
        MsrpTransportSettings.Offer.TLS,
        false,
        true,
        List.of("sha-512", "sha-256", "sha-1"),
        d.matchSessionId(),
        List.of(),
        d.websocketPing(),
        d.websocketFrame(),
        handshake);
  }

  // ---- the device connects

  @ParameterizedTest
  @ValueSource(strings = {"SHA-1", "SHA-256", "SHA-512"})
  @Spec("RFC 4975 §14.2")
  @Spec("RFC 8122 §6.2")
  void aDeviceIsKnownByTheFingerprintOfItsSdp(String hash) throws Exception {
    TextPeer peer = bound(device.context(), device.fingerprint(hash));

    String message = peer.sendText(path(), SECURE_PEER, "m1", "over TLS");
    Received received = events.next(Received.class);
    assertThat(received.text()).isEqualTo("over TLS");
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(message, 200);

    endpoint.send(delivery(1, "back"));
    Frame delivered = peer.nextRequest();
    assertThat(delivered.body()).isEqualTo("back");
    peer.answer(delivered, "200 OK");
    assertThat(events.next(Answered.class).sequence()).isEqualTo(1);
  }

  @Test
  @Spec("RFC 8122 §6.2")
  void anotherCertificateIs481AndTheDeviceItselfStillComes() throws Exception {
    startsSecure(leg, false, SECURE_PEER, device.fingerprint("SHA-256"));
    TextPeer thief = connectsTls(stranger.context());
    thief.expectsAnswer(thief.sendBodiless(path(), SECURE_PEER), 481);
    assertThat(nextRefusal()).isEqualTo("481 certificate is not that of the SDP");

    TextPeer peer = connectsTls(device.context());
    peer.expectsAnswer(peer.sendBodiless(path(), SECURE_PEER), 200);
    events.next(Bound.class);
  }

  @Test
  @Spec("RFC 8122 §6.2")
  void noCertificateIs481WhereTheSdpHasAFingerprint() throws Exception {
    startsSecure(leg, false, SECURE_PEER, device.fingerprint("SHA-256"));
    TextPeer thief = connectsTls(TestCertificate.anonymous());
    thief.expectsAnswer(thief.sendBodiless(path(), SECURE_PEER), 481);
    assertThat(nextRefusal()).isEqualTo("481 no certificate was shown");
  }

  @Test
  @Spec("RFC 8122 §5.1")
  void ofSeveralFingerprintsTheStrongestHashCountsAndAnyOfItsOwn() throws Exception {
    startsSecure(
        leg, false, SECURE_PEER, stranger.fingerprint("SHA-512"), device.fingerprint("SHA-256"));
    TextPeer weaker = connectsTls(device.context());
    weaker.expectsAnswer(weaker.sendBodiless(path(), SECURE_PEER), 481);

    LegId second = new LegId("legBBBBBBBBBBBBBBBBBBBBB");
    startsSecure(
        second, false, SECURE_PEER, stranger.fingerprint("SHA-512"), device.fingerprint("SHA-512"));
    weaker.expectsAnswer(weaker.sendBodiless(path(second), SECURE_PEER), 200);
    assertThat(events.next(Bound.class).leg()).isEqualTo(second);
  }

  @Test
  @Spec("RFC 4975 §14.2")
  void eachSessionOfAConnectionIsCheckedByItsOwnFingerprint() throws Exception {
    TextPeer peer = bound(device.context(), device.fingerprint("SHA-256"));
    LegId second = new LegId("legBBBBBBBBBBBBBBBBBBBBB");
    startsSecure(second, false, SECURE_PEER, stranger.fingerprint("SHA-256"));

    peer.expectsAnswer(peer.sendBodiless(path(second), SECURE_PEER), 481);
    assertThat(nextRefusal()).isEqualTo("481 certificate is not that of the SDP");
  }

  @Test
  @Spec("RFC 4975 §14.2")
  void aSessionForTlsIsNotBoundOnAPlainConnection() throws Exception {
    startsSecure(leg, false, SECURE_PEER);
    TextPeer plain = connects();
    plain.expectsAnswer(plain.sendBodiless(path(), SECURE_PEER), 481);
    assertThat(nextRefusal()).isEqualTo("481 session was agreed for TLS");
  }

  @Test
  @Spec("RFC 4975 §14.2")
  void withoutFingerprintTheSessionIdIsTheProof() throws Exception {
    startsSecure(leg, false, SECURE_PEER);
    TextPeer peer = connectsTls(TestCertificate.anonymous());
    peer.expectsAnswer(peer.sendBodiless(path(), SECURE_PEER), 200);
    events.next(Bound.class);
  }

  @Test
  @Spec("wire: connection model")
  void itsCertificateLetsADeviceBindAgainFromAnotherAddress() throws Exception {
    bound(device.context(), device.fingerprint("SHA-256")).close();
    events.next(Unbound.class);

    Socket elsewhere = new Socket();
    elsewhere.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
    elsewhere.connect(tlsAddress());
    TextPeer moved = wrap(device.context(), elsewhere);
    moved.expectsAnswer(moved.sendBodiless(path(), SECURE_PEER), 200);
    events.next(Bound.class);
  }

  // ---- what we say and show

  @Test
  @Spec("RFC 8122 §5")
  void theOfferSaysWhatTheServerShows() throws Exception {
    MsrpMedia offer = TERMS.offer(endpoint.offer(leg, PHONE));
    assertThat(offer.carriage().secure()).isTrue();
    assertThat(offer.path().getFirst())
        .isEqualTo("msrps://127.0.0.1:" + tlsAddress().getPort() + "/" + leg.value() + ";tcp");
    assertThat(offer.port()).isEqualTo(tlsAddress().getPort());

    SSLSocket socket = socket(device.context());
    assertThat(offer.carriage().fingerprints())
        .singleElement()
        .satisfies(one -> assertThat(one.isOf(shown(socket))).isTrue());
  }

  @Test
  @Spec("RFC 8122 §5")
  void aRenewedCertificateIsShownAndAnnouncedAndOldConnectionsLiveOn() throws Exception {
    TestCertificate first = TestCertificate.selfSigned();
    TlsMaterial material = material(first.writeTo(directory, "server"), Path.of(""));
    endpoint = start(settings(), tls(Duration.ofMinutes(1)), material);
    assertThat(announced().isOf(first.certificate().getEncoded())).isTrue();
    TextPeer old = bound(device.context(), device.fingerprint("SHA-256"));

    TestCertificate second = TestCertificate.selfSigned();
    second.writeTo(directory, "server");
    assertThat(material.reload()).isTrue();

    assertThat(announced().isOf(second.certificate().getEncoded())).isTrue();
    assertThat(shown(socket(device.context()))).isEqualTo(second.certificate().getEncoded());
    String message = old.sendText(path(), SECURE_PEER, "m1", "still here");
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    old.expectsAnswer(message, 200);
  }

  private Fingerprint announced() {
    return endpoint.offer(leg, PHONE).carriage().fingerprints().getFirst();
  }

  // ---- we connect

  @Test
  @Spec("RFC 8122 §6.2")
  @Spec("RFC 6135 §4.2")
  void weConnectToADeviceAndKnowItByItsFingerprint() throws Exception {
    SSLServerSocket listener = listens(device);
    startsSecure(leg, true, pathOf(listener), device.fingerprint("SHA-256"));
    SSLSocket accepted = (SSLSocket) listener.accept();
    TextPeer peer = TextPeer.on(accepted);
    opened.add(peer);
    Frame bind = peer.nextRequest();
    assertThat(bind.header("From-Path")).startsWith("msrps://");
    peer.answer(bind, "200 OK");
    events.next(Bound.class);

    // The device checks us the same way.
    assertThat(announced().isOf(shown(accepted))).isTrue();
  }

  @Test
  @Spec("RFC 8122 §6.2")
  void toADeviceThatShowsAnotherCertificateNothingIsSaid() throws Exception {
    SSLServerSocket listener = listens(stranger);
    startsSecure(leg, true, pathOf(listener), device.fingerprint("SHA-256"));
    TextPeer peer = TextPeer.on(listener.accept());
    opened.add(peer);
    peer.expectsClosed();
    assertThat(nextRefusal()).isEqualTo("403 certificate is not that of the SDP");
    assertThat(events.next(NotDialled.class).reason()).contains("certificate");
  }

  @Test
  @Spec("RFC 4975 §14.2")
  void withoutFingerprintThePeersAuthorityMustBeTrustedAndItsCertificateValid() throws Exception {
    TestCertificate authority = TestCertificate.selfSigned();
    authority.writeTo(directory, "ca");
    TlsMaterial material =
        material(device.writeTo(directory, "server"), directory.resolve("ca.pem"));
    endpoint = start(settings(), tls(Duration.ofMinutes(1)), material);

    SSLServerSocket good = listens(authority.issues(Duration.ofDays(1)));
    startsSecure(leg, true, pathOf(good));
    TextPeer peer = TextPeer.on(good.accept());
    opened.add(peer);
    peer.answer(peer.nextRequest(), "200 OK");
    events.next(Bound.class);

    for (TestCertificate bad :
        List.of(authority.issues(Duration.ofDays(-1)), stranger.issues(Duration.ofDays(1)))) {
      endpoint.close(leg);
      // One that does not remember that the device could not be connected to before.
      endpoint = start(settings(), tls(Duration.ofMinutes(1)), material);
      SSLServerSocket listener = listens(bad);
      startsSecure(leg, true, pathOf(listener));
      TextPeer refused = TextPeer.on(listener.accept());
      opened.add(refused);
      refused.expectsClosed();
      assertThat(nextRefusal()).isEqualTo("403 TLS handshake failed");
      assertThat(events.next(NotDialled.class).leg()).isEqualTo(leg);
    }
    assertThat(events.hasNothing()).isTrue();
  }

  // ---- what is no TLS

  @Test
  void plainTextOnATlsPortIsRefusedCleanly() throws Exception {
    TextPeer plain = TextPeer.connect(tlsAddress());
    opened.add(plain);
    plain.raw("MSRP abcd SEND\r\nTo-Path: msrp://127.0.0.1:1/x;tcp\r\n");
    plain.expectsClosed();
    assertThat(nextRefusal()).isEqualTo("403 TLS handshake failed");
  }

  @Test
  @Spec("RFC 8996 §5")
  void aClientThatKnowsOnlyTls11IsRefused() throws Exception {
    Socket socket = new Socket(tlsAddress().getAddress(), tlsAddress().getPort());
    opened.add(socket);
    socket.setSoTimeout(TextPeer.WAIT_MILLIS);
    socket.getOutputStream().write(HexFormat.of().parseHex(HELLO_OF_TLS_1_1));
    int alert = 0x15;
    assertThat(socket.getInputStream().read()).isIn(alert, -1);
    assertThat(nextRefusal()).isEqualTo("403 TLS handshake failed");
  }

  /// A ClientHello whose highest version is 1.1, with two cipher suites.
  private static final String HELLO_OF_TLS_1_1 =
      "160302002f0100002b0302" + "aa".repeat(32) + "00" + "0004002f0035" + "0100";

  @Test
  void aHandshakeThatDoesNotBeginIsCutOff() throws Exception {
    endpoint = start(settings(), tls(Duration.ofMillis(100)), OwnCertificate.material());
    TextPeer silent = TextPeer.connect(tlsAddress());
    opened.add(silent);
    silent.expectsClosed();
    assertThat(nextRefusal()).isEqualTo("403 TLS handshake failed");
  }

  // ---- doing it

  private void startsSecure(LegId one, boolean connect, String path, String... fingerprints) {
    List<Fingerprint> known =
        List.of(fingerprints).stream().map(f -> Fingerprint.parse(f).orElseThrow()).toList();
    MsrpMedia plain = peer(List.of(path));
    MsrpMedia media =
        new MsrpMedia(
            plain.path(),
            plain.setup(),
            plain.port(),
            plain.acceptTypes(),
            plain.acceptWrappedTypes(),
            plain.maxSize(),
            true,
            new Carriage(true, "127.0.0.1", false, known));
    expects(one);
    endpoint.start(one, BOB, media, connect, LOCAL);
  }

  private TextPeer bound(SSLContext context, String fingerprint) throws Exception {
    startsSecure(leg, false, SECURE_PEER, fingerprint);
    TextPeer peer = connectsTls(context);
    peer.expectsAnswer(peer.sendBodiless(path(), SECURE_PEER), 200);
    events.next(Bound.class);
    return peer;
  }

  private InetSocketAddress tlsAddress() {
    String path = path();
    return new InetSocketAddress(
        "127.0.0.1", MsrpUri.parse(path).orElseThrow().port().orElseThrow());
  }

  private TextPeer connectsTls(SSLContext context) throws IOException {
    TextPeer peer = TextPeer.on(socket(context));
    opened.add(peer);
    return peer;
  }

  private SSLSocket socket(SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", tlsAddress().getPort());
    opened.add(socket);
    socket.startHandshake();
    return socket;
  }

  private TextPeer wrap(SSLContext context, Socket connected) throws IOException {
    TextPeer peer =
        TextPeer.on(context.getSocketFactory().createSocket(connected, "127.0.0.1", 0, true));
    opened.add(peer);
    return peer;
  }

  private static byte[] shown(SSLSocket socket) throws Exception {
    CompletableFuture<byte[]> certificate =
        CompletableFuture.supplyAsync(() -> {
          try {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getEncoded();
          } catch (Exception none) {
            throw new IllegalStateException(none);
          }
        });
    return certificate.get(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private SSLServerSocket listens(TestCertificate certificate) throws Exception {
    SSLServerSocket listener =
        (SSLServerSocket)
            certificate
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    listener.setWantClientAuth(true);
    listener.setSoTimeout(TextPeer.WAIT_MILLIS);
    opened.add(listener);
    return listener;
  }

  private static String pathOf(SSLServerSocket listener) {
    return "msrps://127.0.0.1:" + listener.getLocalPort() + "/peersession;tcp";
  }

  private TlsMaterial material(String pair, Path trust) throws Exception {
    TlsSettings d = TlsSettings.DEFAULT;
    TlsSettings settings = new TlsSettings(List.of(pair), d.reloadInterval(), d.protocols(), trust);
    return TlsMaterial.open(
        settings, directory, List.of(), InstantSource.system(), new SecureRandom());
  }
}
