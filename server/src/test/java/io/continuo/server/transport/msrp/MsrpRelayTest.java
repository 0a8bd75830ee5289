package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.MsrpEnd;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.configuration.MsrpRelaySettings;
import io.continuo.server.configuration.MsrpRelaySettings.WithoutRelay;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.TlsSettings;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import io.continuo.server.conversation.DeliveryOutcome.Refused;
import io.continuo.server.conversation.DeliveryOutcome.Unreachable;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.NotDialled;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import io.continuo.server.transport.tls.TlsMaterial;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The server behind relays, over real sockets.
@Spec("RFC 4976 §5")
class MsrpRelayTest extends MsrpEndpointFixture {
  /// A device, behind a relay of its own.
  private static final String THEIR_RELAY = "msrp://192.0.2.9:2855/theirs;tcp";

  private static final String PATH = THEIR_RELAY + " " + PEER;

  @TempDir private Path directory;
  private RelayDouble relay;
  private CompletableFuture<MsrpEndpoint> starting;

  @BeforeEach
  void aRelayListens() throws IOException {
    relay = new RelayDouble();
    opened.add(relay);
  }

  private MsrpRelaySettings relays(WithoutRelay without, RelayDouble... chain) throws IOException {
    Path password = Files.writeString(directory.resolve("password"), RelayDouble.PASSWORD + "\n");
    List<String> uris = new ArrayList<>();
    for (RelayDouble one : chain) {
      uris.add(one.uri());
    }
    return new MsrpRelaySettings(uris, RelayDouble.USER, password, Duration.ofMinutes(30), without);
  }

  /// Begins to start an endpoint behind these relays; it goes on once they have let it in.
  private void startsBehind(MsrpSettings settings, MsrpRelaySettings relays) {
    startsBehind(settings, relays, Optional.empty());
  }

  private void startsBehind(
      MsrpSettings settings, MsrpRelaySettings relays, Optional<TlsMaterial> tls) {
    var behind =
        new MsrpEndpoint(
            settings,
            MsrpTransportSettings.DEFAULT,
            relays,
            tls,
            BodyStaging.NONE,
            events,
            (reason, status) -> refusals.add(status + " " + reason));
    opened.add(behind);
    starting =
        CompletableFuture.supplyAsync(() -> {
          try {
            behind.start();
            return behind;
          } catch (IOException failed) {
            throw new IllegalStateException(failed);
          }
        });
  }

  private void started() throws Exception {
    endpoint = starting.get(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// Behind one relay that has let it in.
  private TextPeer startsBehindTheRelay(long expires) throws Exception {
    startsBehind(settings(), relays(WithoutRelay.REFUSE, relay));
    TextPeer line = relay.accepts();
    relay.letsIn(relay.kept("kept1"), expires);
    started();
    return line;
  }

  private void begins(LegId one, boolean connect) {
    MsrpMedia ours = TERMS.offer(endpoint.offer(one, PHONE));
    endpoint.expect(one, ours);
    endpoint.start(one, BOB, peer(List.of(PATH.split(" "))), connect, LOCAL);
  }

  private List<String> offered(LegId one) {
    return endpoint.offer(one, PHONE).path();
  }

  private static String last(List<String> path) {
    return path.getLast();
  }

  /// As the relay hands on what comes from the device.
  private String fromDevice() {
    return relay.kept("kept1") + " " + PATH;
  }

  @Test
  @Spec("RFC 4976 §5.1")
  void whatTheRelayKeepsStandsBeforeOurOwnUriInThePath() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.REFUSE, relay));
    relay.accepts();
    Frame first = relay.nextAuth();
    assertThat(first.header("To-Path")).isEqualTo(relay.uri());
    assertThat(first.header("Expires")).isEqualTo("1800");
    assertThat(first.header("Authorization")).isEmpty();
    relay.challenges(first, "nonce1", "");
    Frame second = relay.nextAuth();
    assertThat(second.header("From-Path")).isEqualTo(first.header("From-Path"));
    relay.reserves(second, relay.kept("kept1"), 1800);
    started();

    MsrpEnd end = endpoint.offer(leg, PHONE);

    String own = "msrp://127.0.0.1:" + endpoint.address().getPort() + "/" + leg.value() + ";tcp";
    assertThat(end.path()).containsExactly(relay.kept("kept1"), own);
    assertThat(TERMS.offer(end).port()).isEqualTo(relay.port());
    assertThat(end.carriage().cema()).isFalse();
  }

  @Test
  @Spec("RFC 4976 §5.1")
  void aStaleNonceIsReplacedAndNotTakenForAWrongPassword() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.REFUSE, relay));
    relay.accepts();
    relay.challenges(relay.nextAuth(), "old", "");
    relay.challenges(relay.nextAuth(), "fresh", ", stale=true");
    Frame third = relay.nextAuth();

    assertThat(RelayDouble.parameter(third, "nonce")).isEqualTo("fresh");
    assertThat(RelayDouble.parameter(third, "nc")).isEqualTo("00000001");
    relay.reserves(third, relay.kept("kept1"), 1800);
    started();
    assertThat(offered(leg)).hasSize(2);
  }

  @ParameterizedTest
  @Spec("RFC 4976 §5.1")
  @ValueSource(strings = {"400 Bad nonce", "403 Login failed"})
  void aRelayThatRefusesTheNonceOfAnEarlierLoginIsAskedForAChallenge(String status)
      throws Exception {
    startsBehindTheRelay(1800).close();
    relay.accepts();
    Frame old = relay.nextAuth();
    assertThat(RelayDouble.parameter(old, "nonce")).isEqualTo("nonce1");
    relay.answers(old, status);

    relay.letsIn(relay.kept("kept2"), 1800);

    await()
        .atMost(Duration.ofSeconds(TextPeer.WAIT_SECONDS))
        .until(() -> offered(leg).getFirst().equals(relay.kept("kept2")));
  }

  @Test
  void aRelayThatRefusesTheNonceThatItGaveIsLeft() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.DIRECT, relay));
    TextPeer line = relay.accepts();
    relay.challenges(relay.nextAuth(), "nonce1", "");
    relay.answers(relay.nextAuth(), "403 Forbidden");

    line.expectsClosed();
    started();
    assertThat(offered(leg)).hasSize(1);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @Spec("RFC 4976 §5.1")
  @CsvSource({"Min-Expires, 3600", "Max-Expires, 60"})
  void anIntervalThatTheRelayRefusesIsReplacedByItsBound(String header, String bound)
      throws Exception {
    startsBehind(settings(), relays(WithoutRelay.REFUSE, relay));
    relay.accepts();
    relay.challenges(relay.nextAuth(), "nonce1", "");
    relay.answers(relay.nextAuth(), "423 Interval Out-of-Bounds", header + ": " + bound);
    Frame again = relay.nextAuth();

    assertThat(again.header("Expires")).isEqualTo(bound);
    assertThat(RelayDouble.parameter(again, "nc")).isEqualTo("00000002");
    relay.reserves(again, relay.kept("kept1"), Long.parseLong(bound));
    started();
    assertThat(offered(leg)).hasSize(2);
  }

  @Test
  void aWrongPasswordIsNotTriedAgainAndAgainAndItsSessionsEnd() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.REFUSE, relay));
    TextPeer line = relay.accepts();
    relay.challenges(relay.nextAuth(), "nonce1", "");
    relay.challenges(relay.nextAuth(), "nonce2", "");

    line.expectsClosed();
    started();
    begins(leg, false);
    assertThat(events.next(NotDialled.class))
        .isEqualTo(new NotDialled(leg, false, "no way through the relay"));
    assertThat(nextRefusal()).isEqualTo("408 no way through the relay");
    // The next attempt, after a pause, is a new connection.
    relay.accepts();
    relay.reserves(relay.nextAuth(), relay.kept("kept1"), 1800);
  }

  @Test
  void withoutARelayNobodyComesInDirectlyWhoWasThereBefore() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.REFUSE, relay));
    relay.accepts();
    relay.answers(relay.nextAuth(), "403 Forbidden");
    started();
    expects(leg);
    TextPeer early = connects();
    String bind = early.sendBodiless(path(), PEER);
    // The answer to what comes behind it shows that it was read.
    early.expectsAnswer(early.sendBodiless(path(new LegId("other")), PEER), 481);

    starts(leg, BOB, List.of(PEER), false, LOCAL);

    early.expectsAnswer(bind, 481);
    assertThat(events.next(NotDialled.class).leg()).isEqualTo(leg);
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  void withoutARelaySessionsGoDirectWhenTheOperatorSaysSo() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.DIRECT, relay));
    relay.accepts();
    relay.answers(relay.nextAuth(), "403 Forbidden");
    started();

    assertThat(offered(leg)).hasSize(1);
    TextPeer peer = bound();

    endpoint.send(delivery(1, "direct"));
    assertThat(peer.nextRequest().body()).isEqualTo("direct");
  }

  @Test
  void aRelayThatDoesNotProveThatItKnowsUsIsLeft() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.DIRECT, relay));
    TextPeer line = relay.accepts();
    relay.challenges(relay.nextAuth(), "nonce1", "");
    relay.answers(
        relay.nextAuth(),
        "200 OK",
        "Use-Path: " + relay.kept("kept1"),
        "Expires: 1800",
        "Authentication-Info: rspauth=\"00000000000000000000000000000000\"");

    line.expectsClosed();
    started();
    assertThat(offered(leg)).hasSize(1);
  }

  @ParameterizedTest(name = "the second relay writes the whole path: {0}")
  @Spec("RFC 4976 §5.1")
  @CsvSource({"true", "false"})
  void aChainIsAuthorizedOneThroughTheOther(boolean whole) throws Exception {
    try (var outer = new RelayDouble()) {
      startsBehind(settings(), relays(WithoutRelay.REFUSE, relay, outer));
      TextPeer line = relay.accepts();
      String inner = relay.kept("inner");
      relay.letsIn(inner, 1800);
      Frame auth = relay.nextAuth();
      assertThat(auth.header("To-Path")).isEqualTo(inner + " " + outer.uri());
      assertThat(auth.header("Authorization")).isEmpty();
      relay.challenges(auth, "nonce2", "");
      String kept = outer.kept("outer");
      relay.reserves(relay.nextAuth(), whole ? inner + " " + kept : kept, 900);
      started();

      assertThat(offered(leg).subList(0, 2)).containsExactly(kept, inner);
      begins(leg, true);
      Frame bind = line.nextRequest();
      assertThat(bind.header("To-Path")).isEqualTo(inner + " " + kept + " " + PATH);
      assertThat(bind.header("From-Path")).isEqualTo(last(offered(leg)));
    }
  }

  @Test
  @Spec("RFC 4976 §4.2")
  void whatARelayKeepsInSeveralHopsIsInTheOrderOfToPath() throws Exception {
    startsBehind(settings(), relays(WithoutRelay.REFUSE, relay));
    TextPeer line = relay.accepts();
    String near = relay.kept("near");
    String far = "msrp://192.0.2.7:2855/far;tcp";
    relay.letsIn(near + " " + far, 1800);
    started();

    assertThat(offered(leg).subList(0, 2)).containsExactly(far, near);
    begins(leg, true);
    assertThat(line.nextRequest().header("To-Path")).isEqualTo(near + " " + far + " " + PATH);
  }

  @Test
  @Spec("RFC 4976 §4.2")
  void aPathInAnotherOrderIsRefused() throws Exception {
    try (var outer = new RelayDouble()) {
      startsBehind(settings(), relays(WithoutRelay.DIRECT, relay, outer));
      TextPeer line = relay.accepts();
      relay.letsIn(relay.kept("inner"), 1800);
      relay.challenges(relay.nextAuth(), "nonce2", "");
      relay.reserves(relay.nextAuth(), outer.kept("outer") + " " + relay.kept("inner"), 900);

      line.expectsClosed();
      started();
      assertThat(offered(leg)).hasSize(1);
    }
  }

  @Test
  @Spec("RFC 4976 §5.1")
  void aReservationIsRefreshedOnTheSameConnectionBeforeItExpires() throws Exception {
    startsBehindTheRelay(1);

    Frame refresh = relay.nextAuth();

    assertThat(RelayDouble.parameter(refresh, "nonce")).isEqualTo("nonce1");
    assertThat(RelayDouble.parameter(refresh, "nc")).isEqualTo("00000002");
    relay.reserves(refresh, relay.kept("kept1"), 1800);
    assertThat(offered(leg).getFirst()).isEqualTo(relay.kept("kept1"));
  }

  @Test
  @Spec("RFC 4976 §9.4")
  void aRefreshThatBringsAnotherPathEndsTheSessionsOfTheOneBefore() throws Exception {
    TextPeer line = startsBehindTheRelay(2);
    begins(leg, true);
    line.answer(line.nextRequest(), "200 OK");
    events.next(Bound.class);
    relay.reserves(relay.nextAuth(), relay.kept("kept1"), 2);
    nothingWasTold(line);

    relay.reserves(relay.nextAuth(), relay.kept("kept2"), 1800);

    assertThat(events.next(Unbound.class))
        .isEqualTo(new Unbound(leg, "the relay's reservation ends"));
    var second = new LegId("legB");
    begins(second, true);
    line.answer(line.nextRequest(), "200 OK");
    assertThat(events.next(Bound.class).leg()).isEqualTo(second);
  }

  @Test
  @Spec("RFC 4976 §5.2")
  void weBindAndSendOverTheWholePath() throws Exception {
    TextPeer line = startsBehindTheRelay(1800);

    begins(leg, true);

    Frame bind = line.nextRequest();
    String whole = relay.kept("kept1") + " " + PATH;
    assertThat(bind.header("To-Path")).isEqualTo(whole);
    assertThat(bind.header("From-Path")).isEqualTo(last(offered(leg)));
    line.answer(bind, "200 OK");
    assertThat(events.next(Bound.class).leg()).isEqualTo(leg);
    endpoint.send(delivery(1, "through two relays"));
    Frame send = line.nextRequest();
    assertThat(send.header("To-Path")).isEqualTo(whole);
    assertThat(send.body()).isEqualTo("through two relays");
    line.answer(send, "200 OK");
    reports(line, send, "000 200 OK");
    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Delivered()));
  }

  /// Bound by us through the relay.
  private TextPeer boundThroughTheRelay() throws Exception {
    TextPeer line = startsBehindTheRelay(1800);
    begins(leg, true);
    line.answer(line.nextRequest(), "200 OK");
    events.next(Bound.class);
    return line;
  }

  /// The relay hands on, or writes, a REPORT about this chunk.
  private void reports(TextPeer line, Frame send, String status) throws IOException {
    reports(line, send, status, send.header("Byte-Range"));
  }

  private void reports(TextPeer line, Frame send, String status, String range) throws IOException {
    String headers =
        "Message-ID: %s\r\nByte-Range: %s\r\nStatus: %s\r\n"
            .formatted(send.header("Message-ID"), range, status);
    line.request("REPORT", send.header("From-Path"), fromDevice(), headers, "", '$');
  }

  /// What the server has read before told nothing: the next that it tells is this.
  private void nothingWasTold(TextPeer line) throws Exception {
    String probe = line.sendBodiless(last(offered(leg)), fromDevice());
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    line.expectsAnswer(probe, 200);
  }

  @Test
  @Spec("RFC 4976 §6.4.1")
  @Spec("RFC 4975 §7.1.2")
  void theRelaysReceiptIsNoDeliveryButTheDevicesReportIs() throws Exception {
    TextPeer line = boundThroughTheRelay();
    endpoint.send(delivery(1, "x".repeat(3000)));
    Frame first = line.nextRequest();
    Frame second = line.nextRequest();
    assertThat(first.header("Success-Report")).isEqualTo("yes");
    assertThat(second.header("Success-Report")).isEqualTo("yes");
    reports(line, second, "000 200 OK"); // In any order, even before the receipt.
    line.answer(first, "200 OK");
    line.answer(second, "200 OK");
    nothingWasTold(line);

    reports(line, first, "000 200 OK");

    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Delivered()));
  }

  @Test
  @Spec("RFC 4976 §6.4.3")
  void whatARelayCouldNotHandOnDidNotReachTheDevice() throws Exception {
    TextPeer line = boundThroughTheRelay();
    endpoint.send(delivery(1, "lost"));
    endpoint.send(delivery(2, "waits"));
    Frame send = line.nextRequest();
    line.answer(send, "200 OK");
    line.answer(line.nextRequest(), "200 OK");

    reports(line, send, "000 408 Timeout");

    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Unreachable(408)));
    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 2, new Unreachable(0)));
    assertThat(events.next(Unbound.class)).isEqualTo(new Unbound(leg, "answered 408"));
    assertThat(nextRefusal()).isEqualTo("408 delivery failed behind a relay");
  }

  @Test
  @Spec("RFC 4976 §6.4.3")
  void whatTheDeviceRefusesBehindTheRelayIsRefusedAndItStays() throws Exception {
    TextPeer line = boundThroughTheRelay();
    endpoint.send(delivery(1, "no"));
    Frame send = line.nextRequest();
    line.answer(send, "200 OK");

    reports(line, send, "000 415 What?");

    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Refused(415)));
    nothingWasTold(line);
  }

  @Test
  @Spec("RFC 4976 §6.4.3")
  void aBindThatReachedNobodyBehindTheRelayEndsTheBinding() throws Exception {
    TextPeer line = startsBehindTheRelay(1800);
    begins(leg, true);
    Frame bind = line.nextRequest();
    line.answer(bind, "200 OK");
    events.next(Bound.class);

    reports(line, bind, "000 481 No session");

    assertThat(events.next(Unbound.class)).isEqualTo(new Unbound(leg, "reported 481"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-*/*", "1-2/2", "1-9/9"})
  void rangesThatSayTheWholeAreTheWhole(String range) throws Exception {
    TextPeer line = boundThroughTheRelay();
    endpoint.send(delivery(1, "h\u00e4ll\u00f6"));
    Frame send = line.nextRequest();
    line.answer(send, "200 OK");

    reports(line, send, "000 200 OK", range);

    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Delivered()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"001 200 OK", "200", "-"})
  void reportsThatSayNothingAreNothing(String status) throws Exception {
    TextPeer line = boundThroughTheRelay();
    endpoint.send(delivery(1, "hi"));
    Frame send = line.nextRequest();
    line.answer(send, "200 OK");
    reports(line, send, status);
    nothingWasTold(line);

    reports(line, send, "000 200 OK");

    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Delivered()));
  }

  @Test
  @Spec("RFC 4976 §5.3")
  void theDevicesBindComesThroughTheRelayAndAnswersGoOneHopBack() throws Exception {
    TextPeer line = startsBehindTheRelay(1800);
    begins(leg, false);
    String own = last(offered(leg));
    String bind = line.sendBodiless(own, fromDevice());

    Frame answer = line.next();

    assertThat(answer.start()).startsWith("MSRP " + bind + " 200");
    assertThat(answer.header("To-Path")).isEqualTo(relay.kept("kept1"));
    assertThat(answer.header("From-Path")).isEqualTo(own);
    events.next(Bound.class);
    String headers =
        "Message-ID: m1\r\nByte-Range: 1-2/2\r\nSuccess-Report: yes\r\n"
            + "Content-Type: text/plain\r\n";
    String message = line.request("SEND", own, fromDevice(), headers, "hi", '$');
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    line.expectsAnswer(message, 200);
    Frame report = line.nextRequest();
    assertThat(report.start()).endsWith(" REPORT");
    assertThat(report.header("To-Path")).isEqualTo(fromDevice());
  }

  @Test
  @Spec("RFC 4976 §5.4")
  void oneConnectionCarriesAllLegsAndStaysWhenTheyEnd() throws Exception {
    TextPeer line = startsBehindTheRelay(1800);
    var second = new LegId("legB");
    for (LegId one : List.of(leg, second)) {
      begins(one, true);
      line.answer(line.nextRequest(), "200 OK");
      assertThat(events.next(Bound.class).leg()).isEqualTo(one);
    }
    endpoint.close(leg);

    byte[] body = "still here".getBytes(StandardCharsets.UTF_8);
    endpoint.send(new ConversationEffect.Deliver(second, 1, "m", "text/plain", body));
    Frame send = line.nextRequest();
    line.answer(send, "200 OK");
    reports(line, send, "000 200 OK");
    events.next(Answered.class);
    endpoint.close(second);

    var third = new LegId("legC");
    begins(third, true);
    assertThat(line.nextRequest().header("From-Path")).isEqualTo(last(offered(third)));
  }

  @Test
  void aLostRelayUnbindsItsLegsOnceAndANewPathIsForNewSessionsOnly() throws Exception {
    TextPeer line = startsBehindTheRelay(1800);
    begins(leg, true);
    line.answer(line.nextRequest(), "200 OK");
    events.next(Bound.class);

    line.close();

    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
    TextPeer again = relay.accepts();
    relay.challenges(relay.nextAuth(), "nonce2", "");
    relay.reserves(relay.nextAuth(), relay.kept("kept2"), 1800);
    var second = new LegId("legB");
    await()
        .atMost(Duration.ofSeconds(TextPeer.WAIT_SECONDS))
        .until(() -> offered(second).getFirst().equals(relay.kept("kept2")));
    endpoint.start(leg, BOB, peer(List.of(PATH.split(" "))), true, LOCAL);
    assertThat(events.next(NotDialled.class).leg()).isEqualTo(leg);
    begins(second, true);
    assertThat(again.nextRequest().header("To-Path")).startsWith(relay.kept("kept2"));
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  void aSilentRelayWithoutSessionsIsAskedByAuthorizingAgain() throws Exception {
    startsBehind(
        settings(Duration.ofMinutes(1), Duration.ofSeconds(3), Duration.ofSeconds(3)),
        relays(WithoutRelay.REFUSE, relay));
    TextPeer line = relay.accepts();
    relay.letsIn(relay.kept("kept1"), 1800);
    started();

    relay.reserves(relay.nextAuth(), relay.kept("kept1"), 1800);
    relay.nextAuth(); // The next one is not answered.

    line.expectsClosed();
    relay.accepts();
    relay.nextAuth();
  }

  @Test
  @Spec("RFC 4976 §9.2")
  void aRelayOverTlsHasToShowACertificateThatIsTrustedAndNamesIt() throws Exception {
    TlsMaterial.open(
            TlsSettings.DEFAULT,
            directory,
            List.of("localhost"),
            InstantSource.system(),
            new SecureRandom())
        .close();
    Path certificate = directory.resolve("self-signed.pem");
    var context =
        (JdkSslContext)
            SslContextBuilder.forServer(
                    certificate.toFile(), directory.resolve("self-signed-key.pem").toFile())
                .sslProvider(SslProvider.JDK)
                .build();
    TlsSettings d = TlsSettings.DEFAULT;
    var trusting =
        new TlsSettings(d.certificates(), d.reloadInterval(), d.protocols(), certificate);
    for (String host : List.of("msrps://localhost", "msrps://127.0.0.1")) {
      ServerSocket listener =
          context
              .context()
              .getServerSocketFactory()
              .createServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
      try (var secure = new RelayDouble(listener, host);
          var tls =
              TlsMaterial.open(
                  trusting,
                  directory,
                  List.of("continuo.test"),
                  InstantSource.system(),
                  new SecureRandom())) {
        startsBehind(settings(), relays(WithoutRelay.DIRECT, secure), Optional.of(tls));
        TextPeer line = secure.accepts();
        if (host.endsWith("localhost")) {
          secure.letsIn(secure.kept("kept1"), 1800);
          started();
          assertThat(endpoint.offer(leg, PHONE).carriage().secure()).isTrue();
          assertThat(offered(leg).getFirst()).isEqualTo(secure.kept("kept1"));
          MsrpEnd toTcp = endpoint.answer(leg, PHONE, peer(List.of(PEER)));
          assertThat(toTcp.carriage().secure()).as("as it was offered").isFalse();
          assertThat(toTcp.path()).as("not to the relay, which speaks TLS").hasSize(1);
        } else {
          line.expectsClosed();
          started();
          assertThat(nextRefusal()).isEqualTo("403 TLS handshake failed");
          assertThat(offered(leg)).as("named otherwise").hasSize(1);
        }
      }
    }
  }

  @Test
  void theReasonThatIsLoggedIsTheInnermostOne() {
    var flaw = new CertificateException("no name matching relay.test found", new IOException());
    var failed = new SSLHandshakeException("General OpenSslEngine problem", flaw);

    assertThat(ToRelays.reason(failed)).isEqualTo("no name matching relay.test found");
    assertThat(ToRelays.reason(new ClosedChannelException())).isEqualTo("connection closed");
  }

  @Test
  void aPasswordThatCannotBeReadStopsTheStart() throws Exception {
    MsrpRelaySettings good = relays(WithoutRelay.REFUSE, relay);
    Files.writeString(good.relayPasswordFile(), "\n");

    startsBehind(settings(), good);

    assertThatThrownBy(this::started)
        .hasRootCauseInstanceOf(IOException.class)
        .hasStackTraceContaining("no password in");
  }
}
