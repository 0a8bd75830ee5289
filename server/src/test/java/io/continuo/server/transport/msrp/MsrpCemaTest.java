package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Carriage;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.NotDialled;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Connections through a middlebox that rewrites SDP (RFC 6714), and paths that it rewrote.
class MsrpCemaTest extends MsrpEndpointFixture {
  /// The device's own path: nobody listens there.
  private static final String HIDDEN = "msrp://127.0.0.1:9/peersession;tcp";

  private MsrpMedia peer(String address, int port, boolean cema, String... path) {
    return new MsrpMedia(
        List.of(path),
        Setup.PASSIVE,
        port,
        List.of("text/plain"),
        List.of("*"),
        Long.MAX_VALUE,
        true,
        new Carriage(false, address, cema, List.of()));
  }

  private ServerSocket listens() throws IOException {
    ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    opened.add(listener);
    return listener;
  }

  @Test
  @Spec("RFC 6714 §4")
  void whenBothSaySoWeConnectToTheMediaAddressAndSpeakToThePath() throws Exception {
    ServerSocket middlebox = listens();
    expects(leg);
    MsrpMedia peer = peer("127.0.0.1", middlebox.getLocalPort(), true, HIDDEN);
    endpoint.start(leg, BOB, peer, true, LOCAL);
    TextPeer accepted = TextPeer.accept(middlebox);
    opened.add(accepted);
    Frame bind = accepted.nextRequest();
    assertThat(bind.header("To-Path")).isEqualTo(HIDDEN);
    accepted.answer(bind, "200 OK");
    events.next(Bound.class);
  }

  @Test
  @Spec("RFC 6714 §4")
  void whenOneDoesNotSaySoThePathCounts() throws Exception {
    ServerSocket device = listens();
    ServerSocket middlebox = listens();
    String path = "msrp://127.0.0.1:" + device.getLocalPort() + "/peersession;tcp";
    expects(leg);
    endpoint.start(leg, BOB, peer("127.0.0.1", middlebox.getLocalPort(), false, path), true, LOCAL);
    opened.add(TextPeer.accept(device));
  }

  @Test
  @Spec("RFC 6714 §4")
  void behindARelayThePathCounts() throws Exception {
    ServerSocket relay = listens();
    ServerSocket middlebox = listens();
    String path = "msrp://127.0.0.1:" + relay.getLocalPort() + "/relayed;tcp";
    expects(leg);
    endpoint.start(
        leg, BOB, peer("127.0.0.1", middlebox.getLocalPort(), true, path, HIDDEN), true, LOCAL);
    opened.add(TextPeer.accept(relay));
  }

  @Test
  @Spec("wire: dialling")
  void theMediaAddressOpensNoMoreThanAPathDoes() throws Exception {
    var terms = new Terms();
    terms.connectTo = Set.of("198.51.100.0/24");
    endpoint = start(terms.settings());
    String allowed = "msrp://198.51.100.7:9/peersession;tcp";
    for (String elsewhere : List.of("127.0.0.9", "169.254.169.254", "203.0.113.5", "localhost")) {
      endpoint.close(leg);
      expects(leg);
      endpoint.start(
          leg, BOB, peer(elsewhere, 80, true, allowed), true, Optional.of("198.51.100.7"));
      events.next(NotDialled.class);
      assertThat(nextRefusal()).startsWith("403");
    }
  }

  @Test
  @Spec("RFC 6714 §4")
  void weSayCemaInOffersAndOnlyToWhoDoesInAnswers() throws Exception {
    assertThat(endpoint.offer(leg, PHONE).carriage().cema()).isTrue();
    assertThat(endpoint.answer(leg, PHONE, peer("", 9, true, HIDDEN)).carriage().cema()).isTrue();
    assertThat(endpoint.answer(leg, PHONE, peer("", 9, false, HIDDEN)).carriage().cema()).isFalse();

    endpoint = start(settings(), strict(false), OwnCertificate.material());
    assertThat(endpoint.offer(leg, PHONE).carriage().cema()).isFalse();
    assertThat(endpoint.answer(leg, PHONE, peer("", 9, true, HIDDEN)).carriage().cema()).isFalse();
  }

  @Test
  @Spec("wire: session-id matching")
  @Spec("RFC 4975 §7.3")
  void aRewrittenPathIsKnownByItsSessionIdWhereTheSettingOrCemaSaysSo() throws Exception {
    String rewritten = HIDDEN.replace("127.0.0.1", "192.0.2.200");

    expects(leg);
    endpoint.start(leg, BOB, peer("", 9, false, HIDDEN), false, LOCAL);
    TextPeer lenient = connects();
    lenient.expectsAnswer(lenient.sendBodiless(path(), rewritten), 200);

    endpoint = start(settings(), strict(true), OwnCertificate.material());
    expects(leg);
    endpoint.start(leg, BOB, peer("", 9, false, HIDDEN), false, LOCAL);
    TextPeer strict = connects();
    strict.expectsAnswer(strict.sendBodiless(path(), rewritten), 481);
    assertThat(nextRefusal()).isEqualTo("481 From-Path is not the session's peer");
    strict.expectsAnswer(strict.sendBodiless(path(), HIDDEN.replace("msrp:", "MSRP:")), 200);

    endpoint.close(leg);
    expects(leg);
    endpoint.start(leg, BOB, peer("", 9, true, HIDDEN), false, LOCAL);
    TextPeer cema = connects();
    cema.expectsAnswer(cema.sendBodiless(path(), rewritten), 200);
  }

  /// Nobody's path may be rewritten.
  private static MsrpTransportSettings strict(boolean cema) {
    MsrpTransportSettings d = MsrpTransportSettings.DEFAULT;
    return new MsrpTransportSettings(
        d.transports(),
        0,
        0,
        0,
        d.offer(),
        false,
        cema,
        d.fingerprintHashes(),
        List.of(),
        d.websocketOrigins(),
        d.websocketPing(),
        d.websocketFrame(),
        d.handshakeTimeout());
  }
}
