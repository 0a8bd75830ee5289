package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.msrp.MsrpUri;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// MSRP over WebSocket (RFC 7977), against the JDK's WebSocket client.
class MsrpWebSocketTest extends MsrpEndpointFixture {
  private static final String BROWSER = "msrp://df7jal23ls0d.invalid:2855/peersession;ws";

  @BeforeEach
  void startsOverWebSocket() throws IOException {
    endpoint = start(settings(), webSocket(d -> d), OwnCertificate.material());
  }

  /// What differs from the defaults.
  private record Knobs(
      String transport, List<String> origins, Duration ping, int frame, Duration handshake) {
    Knobs over(String other) {
      return new Knobs(other, origins, ping, frame, handshake);
    }

    Knobs letIn(String... pages) {
      return new Knobs(transport, List.of(pages), ping, frame, handshake);
    }

    Knobs pinging(Duration often) {
      return new Knobs(transport, origins, often, frame, handshake);
    }

    Knobs shakingIn(Duration time) {
      return new Knobs(transport, origins, ping, frame, time);
    }
  }

  private static MsrpTransportSettings webSocket(UnaryOperator<Knobs> change) {
    MsrpTransportSettings d = MsrpTransportSettings.DEFAULT;
    Knobs knobs =
        change.apply(
            new Knobs("ws", List.of(), Duration.ofSeconds(30), 8192, Duration.ofSeconds(10)));
    return new MsrpTransportSettings(
        List.of(knobs.transport()),
        0,
        0,
        0,
        d.offer(),
        false,
        true,
        d.fingerprintHashes(),
        d.matchSessionId(),
        knobs.origins(),
        knobs.ping(),
        knobs.frame(),
        knobs.handshake());
  }

  private void restarts(UnaryOperator<Knobs> change) throws IOException {
    endpoint = start(settings(), webSocket(change), OwnCertificate.material());
  }

  // ---- chatting

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Spec("RFC 7977 §5")
  @Spec("RFC 7977 §5.2")
  void aBrowserChatsOneMessageInAFrame(String transport) throws Exception {
    restarts(knobs -> knobs.over(transport));
    assertThat(path()).startsWith(transport.equals("ws") ? "msrp://" : "msrps://").endsWith(";ws");
    WebSocketPeer peer = browserBound();

    peer.sends(send("trx2", "m1", "grüße"));
    Received received = events.next(Received.class);
    assertThat(received.text()).isEqualTo("grüße");
    received.reply().answer(new SubmitResult.Accepted());
    assertThat(peer.next()).startsWith("MSRP trx2 200").endsWith("-------trx2$\r\n");

    endpoint.send(delivery(1, "to the browser"));
    String delivered = peer.next();
    assertThat(delivered).contains("\r\nto the browser\r\n").endsWith("$\r\n");
    peer.sends(ok(delivered));
    assertThat(events.next(Answered.class).sequence()).isEqualTo(1);
  }

  @Test
  @Spec("RFC 6455 §5.4")
  void aMessageMayComeInAnyFraming() throws Exception {
    WebSocketPeer peer = browserBound();
    byte[] whole = send("trx2", "m1", "in pieces").getBytes(StandardCharsets.UTF_8);
    // Three fragments of a binary message, the last of which is empty.
    peer.socket().sendBinary(ByteBuffer.wrap(whole, 0, 20), false).join();
    peer.socket().sendPing(ByteBuffer.allocate(0)).join();
    peer.socket().sendBinary(ByteBuffer.wrap(whole, 20, whole.length - 20), false).join();
    peer.socket().sendBinary(ByteBuffer.allocate(0), true).join();
    Received first = events.next(Received.class);
    assertThat(first.text()).isEqualTo("in pieces");
    first.reply().answer(new SubmitResult.Accepted());
    assertThat(peer.next()).startsWith("MSRP trx2 200");

    // Two messages in one text frame.
    peer.sends(send("trx3", "m2", "one") + send("trx4", "m3", "two"));
    assertThat(events.next(Received.class).text()).isEqualTo("one");
    assertThat(events.next(Received.class).text()).isEqualTo("two");
  }

  @Test
  @Spec("RFC 7977 §5")
  void whatIsNoUtf8GoesInABinaryFrame() throws Exception {
    WebSocketPeer peer = browserBound();
    byte[] body = {(byte) 0xff, (byte) 0xfe, 0};
    endpoint.send(new ConversationEffect.Deliver(leg, 1, "mid1", "application/octet-stream", body));
    assertThat(peer.next()).contains("\r\n\u00ff\u00fe\0\r\n");
    assertThat(peer.wasBinary()).isTrue();
  }

  @Test
  @Spec("RFC 7977 §5.2")
  void weNeverConnectToABrowserAndNeverOfferToBeActive() {
    MsrpMedia offer = TERMS.offer(endpoint.offer(leg, PHONE));
    assertThat(offer.setup()).isEqualTo(MsrpMedia.Setup.PASSIVE);
    assertThat(offer.carriage().fingerprints()).isEmpty();
    MsrpMedia peer = peer(List.of(BROWSER));
    assertThat(io.continuo.server.b2bua.MediaTerms.weConnectAfter(peer)).isFalse();
    assertThat(TERMS.answer(peer.as(MsrpMedia.Setup.PASSIVE), endpoint.answer(leg, PHONE, peer)))
        .extracting(MsrpMedia::setup)
        .isEqualTo(MsrpMedia.Setup.PASSIVE);
  }

  @Test
  @Spec("RFC 7977 §5")
  void aBrowserIsReachedOverIpv6() throws Exception {
    if (NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) == null) {
      var terms = new Terms();
      terms.host = "::1";
      assertThatThrownBy(
              () -> start(terms.settings(), webSocket(d -> d), OwnCertificate.material()))
          .hasMessageContaining("::1");
      return;
    }
    var terms = new Terms();
    terms.host = "::1";
    MsrpSettings six = terms.settings();
    endpoint = start(six, webSocket(d -> d), OwnCertificate.material());
    assertThat(path()).startsWith("msrp://[::1]:");
    browserBound();
  }

  // ---- the handshake

  @Test
  @Spec("RFC 7977 §4.1")
  void theSubprotocolIsConfirmed() throws Exception {
    assertThat(connects("msrp", "").socket().getSubprotocol()).isEqualTo("msrp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: msrp",
        "Sec-WebSocket-Protocol: msrp\r\nSec-WebSocket-Protocol: chat",
        "Sec-WebSocket-Protocol: chat, msrp",
      })
  @Spec("RFC 7977 §4.1")
  @Spec("RFC 6455 §11.3.4")
  void theSubprotocolIsConfirmedInHoweverManyLinesItIsOffered(String offered) throws Exception {
    assertThat(answerTo("Sec-WebSocket-Protocol: msrp", offered))
        .startsWith("http/1.1 101 ")
        .contains("\r\nsec-websocket-protocol: msrp\r\n");
  }

  @Test
  @Spec("RFC 7977 §7")
  void aPageIsToldThatItMayRead() throws Exception {
    restarts(knobs -> knobs.letIn("https://chat.example.com"));
    String origin = "Host: h\r\nOrigin: https://chat.example.com";

    assertThat(answerTo("Host: h", origin))
        .contains("\r\naccess-control-allow-origin: https://chat.example.com\r\n");
    assertThat(answerTo("Host: h", "Host: h")).doesNotContain("access-control");
  }

  /// The head of what is answered to such an upgrade, in lower case.
  private String answerTo(String part, String other) throws IOException {
    try (Socket socket = plain()) {
      assertThat(RawUpgrade.REQUEST).contains(part);
      String upgrade = RawUpgrade.REQUEST.replace(part, other);
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
      var answer = new StringBuilder();
      while (answer.indexOf("\r\n\r\n") < 0) {
        int next = socket.getInputStream().read();
        assertThat(next).as("the rest of " + answer).isNotNegative();
        answer.append((char) next);
      }
      return answer.toString().toLowerCase(Locale.ROOT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sip,400 WebSocket without subprotocol msrp",
    "'',400 WebSocket without subprotocol msrp"
  })
  @Spec("RFC 7977 §4.1")
  void anUpgradeWithoutTheSubprotocolIs400(String subprotocol, String refusal) throws Exception {
    assertThat(statusOf(subprotocol, "")).isEqualTo(400);
    assertThat(nextRefusal()).isEqualTo(refusal);
  }

  @Test
  @Spec("RFC 6455 §10.2")
  void onlyAllowedOriginsAreLetInAndWhoSaysNoneIsNoBrowser() throws Exception {
    restarts(knobs -> knobs.letIn("https://chat.example.com"));
    assertThat(statusOf("msrp", "https://evil.example.com")).isEqualTo(403);
    assertThat(nextRefusal()).isEqualTo("403 WebSocket of a foreign Origin");
    assertThat(connects("msrp", "https://CHAT.example.com").socket().isOutputClosed()).isFalse();
    assertThat(connects("msrp", "").socket().isOutputClosed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET / HTTP/1.1 | 426 | 426 no WebSocket upgrade",
        "POST / HTTP/1.1 | 426 | 426 no WebSocket upgrade",
        "nonsense | 400 | 400 malformed HTTP",
      })
  void whatIsNoUpgradeIsAnsweredAndClosed(String line, int status, String refusal)
      throws Exception {
    try (Socket socket = plain()) {
      socket
          .getOutputStream()
          .write((line + "\r\nHost: h\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 " + status);
    }
    assertThat(nextRefusal()).isEqualTo(refusal);
  }

  /// What is told of a change to an upgrade that would be let in.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Version: 13 | Version: 8 | 426 WebSocket of another version",
        "Sec-WebSocket-Version: 13 | X: y | 426 WebSocket of another version",
        "HTTP/1.1 | HTTP/1.0 | 400 malformed WebSocket handshake",
        "Host: | X: | 400 malformed WebSocket handshake",
        "Key: dGhlIHNhbXBsZSBub25jZQ== | Key: abc | 400 malformed WebSocket handshake",
        "Key: dGhl | Key: dGhldGhl | 400 malformed WebSocket handshake",
        "Sec-WebSocket-Key: | X: | 400 malformed WebSocket handshake",
        "Connection: Upgrade | Connection: close | 426 no WebSocket upgrade",
      })
  @Spec("RFC 6455 §4.2.1")
  @Spec("RFC 6455 §4.4")
  void anUpgradeThatIsNoneIsAnsweredAndClosed(String part, String other, String refusal)
      throws Exception {
    try (Socket socket = plain()) {
      String upgrade = RawUpgrade.REQUEST.replace(part, other);
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(answer).startsWith("HTTP/1.1 " + refusal.substring(0, 3));
      assertThat(answer.toLowerCase(Locale.ROOT).contains("sec-websocket-version: 13\r\n"))
          .isEqualTo(refusal.startsWith("426"));
    }
    assertThat(nextRefusal()).isEqualTo(refusal);
  }

  @Test
  void aHandshakeThatDoesNotComeIsCutOff() throws Exception {
    restarts(knobs -> knobs.shakingIn(Duration.ofMillis(100)));
    try (Socket socket = plain()) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(nextRefusal()).isEqualTo("408 no WebSocket handshake in time");
  }

  // ---- life and end

  @Test
  @Spec("RFC 6455 §5.5.2")
  void pingsAreAnsweredBothWays() throws Exception {
    restarts(knobs -> knobs.pinging(Duration.ofSeconds(2))); // which a peer has for its pong
    WebSocketPeer peer = browserBound();
    peer.awaitsPing();
    peer.awaitsPing();
    peer.socket().sendPing(ByteBuffer.wrap(new byte[] {7})).join();
    assertThat(peer.nextPong()).containsExactly(7);
  }

  @Test
  @Spec("RFC 6455 §5.5.2")
  void aPeerThatIsSilentSinceTheLastPingIsClosed() throws Exception {
    restarts(knobs -> knobs.pinging(Duration.ofSeconds(2)));
    expects(leg);
    endpoint.start(leg, BOB, peer(List.of(BROWSER)), false, LOCAL);
    try (Socket socket = plain()) {
      RawUpgrade.on(socket);
      String bind = bind("trx1");
      socket.getOutputStream().write(RawUpgrade.masked(bind));
      events.next(Bound.class);
      // It reads and never answers a ping.
      assertThat(events.next(Unbound.class).reason()).isEqualTo("connection closed");
      assertThat(RawUpgrade.lastFrameOf(socket)).startsWith((byte) 0x88);
    }
  }

  @Test
  @Spec("RFC 6455 §7.4.1")
  void aFrameAboveTheLimitIs1009() throws Exception {
    WebSocketPeer peer = browserBound();
    peer.socket().sendBinary(ByteBuffer.allocate(8193), true);
    assertThat(peer.closeCode()).isEqualTo(1009);
    assertThat(nextRefusal()).isEqualTo("400 malformed WebSocket frame");
    events.next(Unbound.class);
  }

  @Test
  @Spec("RFC 6455 §5.1")
  void aFrameWithoutMaskIs1002() throws Exception {
    try (Socket socket = plain()) {
      RawUpgrade.on(socket);
      socket.getOutputStream().write(new byte[] {(byte) 0x82, 1, 'M'}); // no mask bit
      assertThat(RawUpgrade.lastFrameOf(socket)).containsSequence(1002 >> 8, 1002 & 0xff);
    }
    assertThat(nextRefusal()).isEqualTo("400 malformed WebSocket frame");
  }

  @Test
  @Spec("RFC 6455 §7.4.1")
  void whatIsNoMsrpIs1008() throws Exception {
    WebSocketPeer peer = browserBound();
    peer.sends("HELO there\r\n");
    assertThat(peer.closeCode()).isEqualTo(1008);
    assertThat(nextRefusal()).isEqualTo("400 malformed");
  }

  @Test
  @Spec("RFC 4975 §10.2")
  void aMalformedHeadIs400AndTheWebSocketStays() throws Exception {
    WebSocketPeer peer = browserBound();
    peer.sends("MSRP badone SEND\r\nTo-Path: " + path() + "\r\nFrom-Path: " + BROWSER + "\r\n");
    peer.sends("no colon\r\n-------badone$\r\n");

    assertThat(peer.next()).startsWith("MSRP badone 400");
    assertThat(nextRefusal()).isEqualTo("400 malformed message");
    peer.sends(bind("again"));
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    assertThat(peer.next()).startsWith("MSRP again 200");
  }

  @Test
  @Spec("RFC 6455 §7.4.1")
  void theEndOfTheOnlySessionIs1000() throws Exception {
    WebSocketPeer peer = browserBound();
    endpoint.close(leg);
    assertThat(peer.closeCode()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Spec("RFC 6455 §7.4.1")
  void aServerThatStopsIs1001(String transport) throws Exception {
    restarts(knobs -> knobs.over(transport));
    WebSocketPeer peer = browserBound();
    endpoint.close();
    assertThat(peer.closeCode()).isEqualTo(1001);
  }

  @Test
  void webSocketsCountAgainstTheLimitOfASource() throws Exception {
    var terms = new Terms();
    terms.connectionsPerSource = 1;
    endpoint = start(terms.settings(), webSocket(d -> d), OwnCertificate.material());
    connects("msrp", "");
    assertThatThrownBy(() -> connects("msrp", "")).isInstanceOf(CompletionException.class);
    assertThat(nextRefusal()).isEqualTo("403 too many connections");
  }

  // ---- doing it

  private WebSocketPeer browserBound() throws Exception {
    expects(leg);
    endpoint.start(leg, BOB, answerOf(), false, Optional.of("127.0.0.1"));
    WebSocketPeer peer = connects("msrp", "");
    peer.sends(bind("trx1"));
    assertThat(peer.next()).startsWith("MSRP trx1 200");
    events.next(Bound.class);
    return peer;
  }

  private MsrpMedia answerOf() {
    MsrpMedia browser = peer(List.of(BROWSER));
    boolean secure = path().startsWith("msrps");
    return new MsrpMedia(
        browser.path(),
        MsrpMedia.Setup.ACTIVE,
        9,
        browser.acceptTypes(),
        browser.acceptWrappedTypes(),
        browser.maxSize(),
        true,
        new MsrpMedia.Carriage(secure, "192.0.2.7", false, List.of()));
  }

  private String bind(String id) {
    return message(id, "Message-ID: bind\r\nByte-Range: 1-0/0\r\n");
  }

  private String send(String id, String messageId, String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return message(
        id,
        "Message-ID: "
            + messageId
            + "\r\nByte-Range: 1-"
            + length
            + "/"
            + length
            + "\r\nContent-Type: text/plain\r\n\r\n"
            + text
            + "\r\n");
  }

  private String message(String id, String rest) {
    return "MSRP "
        + id
        + " SEND\r\nTo-Path: "
        + path()
        + "\r\nFrom-Path: "
        + BROWSER
        + "\r\n"
        + rest
        + "-------"
        + id
        + "$\r\n";
  }

  private String ok(String request) {
    String id = request.split(" ")[1];
    return "MSRP "
        + id
        + " 200 OK\r\nTo-Path: "
        + path()
        + "\r\nFrom-Path: "
        + BROWSER
        + "\r\n-------"
        + id
        + "$\r\n";
  }

  private Socket plain() throws IOException {
    MsrpUri path = MsrpUri.parse(path()).orElseThrow();
    Socket socket = new Socket(path.host(), path.port().orElseThrow());
    socket.setSoTimeout(TextPeer.WAIT_MILLIS);
    return socket;
  }

  private int statusOf(String subprotocol, String origin) throws Exception {
    CompletableFuture<WebSocket> opening = opening(subprotocol, origin, new WebSocketPeer());
    try {
      opening.get(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("let in");
    } catch (java.util.concurrent.ExecutionException refused) {
      return ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode();
    }
  }

  private WebSocketPeer connects(String subprotocol, String origin) {
    WebSocketPeer peer = new WebSocketPeer();
    opening(subprotocol, origin, peer).orTimeout(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS).join();
    opened.add(peer);
    return peer;
  }

  private CompletableFuture<WebSocket> opening(
      String subprotocol, String origin, WebSocketPeer peer) {
    MsrpUri path = MsrpUri.parse(path()).orElseThrow();
    String host = path.host().contains(":") ? "[" + path.host() + "]" : path.host();
    String scheme = path.secure() ? "wss" : "ws";
    HttpClient client = client();
    opened.add(client::shutdownNow);
    WebSocket.Builder builder = client.newWebSocketBuilder();
    if (!subprotocol.isEmpty()) {
      builder.subprotocols(subprotocol);
    }
    if (!origin.isEmpty()) {
      builder.header("Origin", origin);
    }
    URI uri = URI.create(scheme + "://" + host + ":" + path.port().orElseThrow() + "/chat");
    return builder.buildAsync(uri, peer);
  }

  private static HttpClient client() {
    try {
      return HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(TextPeer.WAIT_SECONDS))
          .sslContext(TestCertificate.anonymous())
          .build();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
