package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.b2bua.Fingerprint;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.NotDialled;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sessions that lead to the same place, on connections that we make.
class SharedConnectionTest extends MsrpEndpointFixture {
  private static final LegId A = new LegId("legA");
  private static final LegId B = new LegId("legB");
  private static final LegId C = new LegId("legC");

  private ServerSocket listener;

  @BeforeEach
  void theDevicesListen() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    opened.add(listener);
  }

  private String peerOf(LegId one) {
    return "msrp://127.0.0.1:" + listener.getLocalPort() + "/peer-" + one.value() + ";tcp";
  }

  private void dials(LegId... legs) {
    for (LegId one : legs) {
      expects(one);
      redials(one);
    }
  }

  private void redials(LegId one) {
    starts(one, BOB, List.of(peerOf(one)), true, LOCAL);
  }

  private TextPeer accepts() throws IOException {
    TextPeer peer = TextPeer.accept(listener);
    opened.add(peer);
    return peer;
  }

  private void answersBind(TextPeer peer, LegId one) throws Exception {
    Frame bind = peer.nextRequest();
    assertThat(bind.header("To-Path")).isEqualTo(peerOf(one));
    assertThat(bind.header("From-Path")).isEqualTo(path(one));
    peer.answer(bind, "200 OK");
    assertThat(events.next(Bound.class).leg()).isEqualTo(one);
  }

  /// The answers may come to our loops in any order when several binds are on the way.
  private void answersBinds(TextPeer peer, LegId... legs) throws Exception {
    List<String> asked = new ArrayList<>();
    List<LegId> bound = new ArrayList<>();
    for (int i = 0; i < legs.length; i++) {
      Frame bind = peer.nextRequest();
      asked.add(bind.header("To-Path"));
      peer.answer(bind, "200 OK");
    }
    for (int i = 0; i < legs.length; i++) {
      bound.add(events.next(Bound.class).leg());
    }
    assertThat(asked)
        .containsExactlyInAnyOrderElementsOf(Stream.of(legs).map(this::peerOf).toList());
    assertThat(bound).containsExactlyInAnyOrder(legs);
  }

  private void delivers(TextPeer peer, LegId one, String text) throws Exception {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    endpoint.send(new ConversationEffect.Deliver(one, 1, "mid", "text/plain", body));
    Frame send = peer.nextRequest();
    assertThat(send.header("To-Path")).isEqualTo(peerOf(one));
    assertThat(send.body()).isEqualTo(text);
    peer.answer(send, "200 OK");
    assertThat(events.next(Answered.class)).isEqualTo(new Answered(one, 1, new Delivered()));
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void aFurtherSessionToTheSamePlaceIsBoundOnTheConnectionThatIsOpen() throws Exception {
    dials(A);
    TextPeer peer = accepts();
    answersBind(peer, A);

    dials(B);

    answersBind(peer, B);
    delivers(peer, B, "for B");
    delivers(peer, A, "for A");
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void sessionsThatBeginWhileWeConnectShareTheConnection() throws Exception {
    dials(A, B, C);

    answersBinds(accepts(), A, B, C);
  }

  @Test
  void aSharedConnectionCostsOneConnectOfTheBudget() throws Exception {
    var terms = new Terms();
    terms.connectsPerSubscriber = 1;
    endpoint = start(terms.settings());
    dials(A, B);
    TextPeer peer = accepts();
    answersBinds(peer, A, B);

    try (var elsewhere = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
      expects(C);
      String path = "msrp://127.0.0.1:" + elsewhere.getLocalPort() + "/other;tcp";
      starts(C, BOB, List.of(path), true, LOCAL);
      assertThat(events.next(NotDialled.class).leg()).isEqualTo(C);
    }
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void aPeerThatServesOneSessionOnEachConnectionGetsAnotherOne() throws Exception {
    dials(A);
    TextPeer first = accepts();
    answersBind(first, A);
    dials(B);
    first.answer(first.nextRequest(), "481 Not here");

    TextPeer second = accepts();

    answersBind(second, B);
    delivers(first, A, "for A");
    delivers(second, B, "for B");
  }

  @Test
  void aConnectionThatDoesNotAnswerABindInTimeIsNotUsedForIt() throws Exception {
    probe = MsrpEndpoint.PROBE_TIMEOUT;
    endpoint = start(settings());
    dials(A);
    TextPeer silent = accepts();
    answersBind(silent, A);
    dials(B);
    silent.nextRequest();

    answersBind(accepts(), B);

    dials(C);
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  void aConnectionThatThePeerClosedIsNotUsedAgain() throws Exception {
    dials(A);
    TextPeer gone = accepts();
    answersBind(gone, A);
    gone.close();
    events.next(Unbound.class);

    dials(B);

    answersBind(accepts(), B);
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void whenASharedConnectionBreaksEveryLegIsToldOnceAndTheyShareTheNext() throws Exception {
    dials(A, B, C);
    TextPeer peer = accepts();
    answersBinds(peer, A, B, C);
    byte[] body = {'x'};
    endpoint.send(new ConversationEffect.Deliver(B, 1, "mid", "text/plain", body));
    peer.nextRequest();

    peer.close();

    List<LegId> unbound = new ArrayList<>();
    List<RecordingEvents.Event> told = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      told.add(events.next(RecordingEvents.Event.class));
    }
    told.forEach(event -> {
      if (event instanceof Unbound gone) {
        unbound.add(gone.leg());
      }
    });
    assertThat(unbound).containsExactlyInAnyOrder(A, B, C);
    assertThat(told).contains(new Answered(B, 1, new DeliveryOutcome.Unreachable(0)));

    Stream.of(A, B, C).forEach(this::redials);
    answersBinds(accepts(), A, B, C);
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  void itIsClosedWhenTheLastOfItsSessionsEnds() throws Exception {
    dials(A, B);
    TextPeer peer = accepts();
    answersBinds(peer, A, B);

    endpoint.close(A);
    delivers(peer, B, "still here");
    endpoint.close(B);

    peer.expectsClosed();
  }

  @Test
  void aSessionThatEndsWhileItIsBoundLeavesTheConnectionToTheOthers() throws Exception {
    dials(A, B);
    TextPeer peer = accepts();
    Frame one = peer.nextRequest();
    Frame other = peer.nextRequest();
    boolean first = one.header("To-Path").equals(peerOf(A));

    endpoint.close(A);
    peer.answer(first ? one : other, "200 OK");
    peer.answer(first ? other : one, "200 OK");

    assertThat(events.next(Bound.class).leg()).isEqualTo(B);
    delivers(peer, B, "for B");
  }

  @Test
  void theOnlySessionThatGivesUpWhileWeConnectTakesTheConnectionAlong() throws Exception {
    dials(A);
    endpoint.close(A);

    dials(B);

    TextPeer peer = accepts();
    Frame frame = peer.next();
    if (!frame.header("To-Path").equals(peerOf(B))) {
      peer = accepts(); // The first connect was through already.
      frame = peer.nextRequest();
    }
    peer.answer(frame, "200 OK");
    assertThat(events.next(Bound.class).leg()).isEqualTo(B);
  }

  @Test
  @Spec("RFC 4975 §14.4")
  void aConnectionIsSharedOnlyWhenThePeerHasToShowTheSame() {
    var place = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 2855);
    var plain = new Outgoing.To(place, new Assurance(false, List.of()));
    var secure = new Outgoing.To(place, new Assurance(true, List.of(fingerprint("AB"))));

    assertThat(plain).isEqualTo(new Outgoing.To(place, new Assurance(false, List.of())));
    assertThat(secure)
        .isNotEqualTo(plain)
        .isEqualTo(new Outgoing.To(place, new Assurance(true, List.of(fingerprint("ab")))))
        .isNotEqualTo(new Outgoing.To(place, new Assurance(true, List.of(fingerprint("EF")))))
        .isNotEqualTo(new Outgoing.To(place, new Assurance(true, List.of())));
  }

  private static Fingerprint fingerprint(String octet) {
    String digest = String.join(":", Collections.nCopies(32, octet));
    return Fingerprint.parse("sha-256 " + digest).orElseThrow();
  }
}
