package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.NotDialled;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MsrpBindingTest extends MsrpEndpointFixture {
  /// Far longer than a bind takes, when nothing holds it up.
  private static final long BIND_MILLIS = 300;

  private ServerSocket listens() throws IOException {
    var listener = new ServerSocket();
    opened.add(listener);
    listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    return listener;
  }

  private static String pathOf(ServerSocket listener) {
    return "msrp://127.0.0.1:" + listener.getLocalPort() + "/peersession;tcp";
  }

  @Test
  void aTakenPortIsNamed() {
    var again = new Terms();
    again.port = endpoint.address().getPort();

    assertThatThrownBy(() -> start(again.settings()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + again.port);
  }

  @Test
  @Spec("RFC 4975 §14.1")
  void thePathNamesTheListenerAndTheLeg() {
    assertThat(endpoint.offer(leg, PHONE).path())
        .containsExactly(
            "msrp://127.0.0.1:" + endpoint.address().getPort() + "/" + leg.value() + ";tcp");
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void theFirstSendBindsThePassiveLegAndIsAnswered() throws Exception {
    startsPassive();
    TextPeer peer = connects();

    peer.expectsAnswer(peer.sendBodiless(path(), PEER), 200);

    assertThat(events.next(Bound.class).leg()).isEqualTo(leg);
  }

  @Test
  void aBindingSendWithoutByteRangeIsTakenToo() throws Exception {
    startsPassive();
    TextPeer peer = connects();

    peer.expectsAnswer(peer.request("SEND", path(), PEER, "Message-ID: 1\r\n", "", '$'), 200);

    events.next(Bound.class);
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void aFirstSendWithABodyBindsAndIsReceived() throws Exception {
    startsPassive();
    TextPeer peer = connects();
    String transaction = peer.sendText(path(), PEER, "m1", "hi");

    events.next(Bound.class);
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());

    peer.expectsAnswer(transaction, 200);
  }

  @Test
  void aDeviceThatConnectsBeforeItsAnswerArrivesWaitsAndIsThenServedInOrder() throws Exception {
    expects(leg);
    TextPeer peer = connects();
    String bind = peer.sendBodiless(path(), PEER);
    String message = peer.sendText(path(), PEER, "m1", "early");
    // An unknown session's 481 comes back behind what was parked: a barrier.
    peer.expectsAnswer(peer.sendBodiless(PEER, PEER), 481);
    assertThat(events.hasNothing()).isTrue();

    starts(leg, BOB, List.of(PEER), false, LOCAL);

    peer.expectsAnswer(bind, 200);
    events.next(Bound.class);
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(message, 200);
  }

  @Test
  @Spec("RFC 6135 §4.2")
  void theActiveLegConnectsAndBindsWithABodilessSend() throws Exception {
    ServerSocket listener = listens();
    expects(leg);
    starts(leg, BOB, List.of(pathOf(listener)), true, LOCAL);
    TextPeer peer = TextPeer.accept(listener);
    opened.add(peer);

    Frame bind = peer.nextRequest();
    assertThat(bind.start()).endsWith("SEND");
    assertThat(bind.header("To-Path")).isEqualTo(pathOf(listener));
    assertThat(bind.header("From-Path")).isEqualTo(path());
    assertThat(bind.header("Byte-Range")).isEqualTo("1-0/0");
    assertThat(bind.body()).isEmpty();
    assertThat(events.hasNothing()).isTrue();
    peer.answer(bind, "200 OK");

    assertThat(events.next(Bound.class).leg()).isEqualTo(leg);
  }

  @Test
  void anActiveLegWhoseBindIsRefusedIsToldAndClosed() throws Exception {
    ServerSocket listener = listens();
    expects(leg);
    starts(leg, BOB, List.of(pathOf(listener)), true, LOCAL);
    TextPeer peer = TextPeer.accept(listener);
    opened.add(peer);
    peer.answer(peer.nextRequest(), "481 No session");

    assertThat(events.next(NotDialled.class).reason()).contains("481");
    peer.expectsClosed();
  }

  @Test
  @Spec("wire: dialling")
  void aPathToLoopbackIsNotDialledForADeviceThatSignalsFromElsewhere() throws Exception {
    var terms = new Terms();
    terms.connectTo = Set.of("0.0.0.0/0");
    endpoint = start(terms.settings());
    ServerSocket listener = listens();
    for (Optional<String> from : List.of(Optional.<String>empty(), Optional.of("127.0.0.2"))) {
      endpoint.close(leg);
      expects(leg);
      starts(leg, BOB, List.of(pathOf(listener)), true, from);
      assertThat(events.next(NotDialled.class).reason()).contains("do not connect");
      assertThat(nextRefusal()).startsWith("403");
    }
  }

  @Test
  @Spec("wire: dialling")
  void aServerOnLoopbackConnectsToADeviceOnTheSameMachine() throws Exception {
    var terms = new Terms();
    terms.connectTo = Set.of();
    endpoint = start(terms.settings());
    ServerSocket listener = listens();
    expects(leg);
    starts(leg, BOB, List.of(pathOf(listener)), true, LOCAL);
    TextPeer peer = TextPeer.accept(listener);
    opened.add(peer);
    peer.answer(peer.nextRequest(), "200 OK");
    events.next(Bound.class);
  }

  @Test
  @Spec("wire: dialling")
  void aPathWithANameEndsTheLegAtOnceWhereWeMustConnect() throws Exception {
    String named = PEER.replace("127.0.0.1", "localhost");
    expects(leg);
    starts(leg, BOB, List.of(named), true, LOCAL);

    assertThat(events.next(NotDialled.class).reason()).contains("names a host");
    assertThat(nextRefusal()).startsWith("403");
  }

  @Test
  @Spec("wire: dialling")
  void weNeverDialOurselves() throws Exception {
    expects(leg);
    starts(leg, BOB, List.of(path().replace("leg", "xxx")), true, LOCAL);

    assertThat(events.next(NotDialled.class).reason()).contains("do not connect");
  }

  @Test
  @Spec("wire: dialling")
  void weConnectSoOftenForOneSubscriberAndTheNextLegEndsAtOnce() throws Exception {
    var terms = new Terms();
    terms.connectsPerSubscriber = 2;
    endpoint = start(terms.settings());
    List<ServerSocket> listeners = List.of(listens(), listens(), listens());
    for (int i = 0; i < 3; i++) {
      dials(new LegId("leg" + i), BOB, listeners.get(i));
    }
    assertThat(events.next(NotDialled.class))
        .isEqualTo(new NotDialled(new LegId("leg2"), true, "too many connects for one subscriber"));
    assertThat(nextRefusal()).isEqualTo("403 too many connects for one subscriber");
    assertThat(refusals).isEmpty();

    dials(leg, AddressOfRecord.of("sip:carol@continuo.test"), listeners.get(2));
    for (ServerSocket listener : listeners) {
      TextPeer peer = TextPeer.accept(listener);
      opened.add(peer);
      peer.answer(peer.nextRequest(), "200 OK");
      events.next(Bound.class);
    }
  }

  private void dials(LegId one, AddressOfRecord subscriber, ServerSocket listener) {
    expects(one);
    starts(one, subscriber, List.of(pathOf(listener)), true, LOCAL);
  }

  @Test
  void oneConnectionTooManyFromOneAddressIsClosedAndTheOthersStay() throws Exception {
    var terms = new Terms();
    terms.connectionsPerSource = 1;
    endpoint = start(terms.settings());
    TextPeer peer = bound();

    connects().expectsClosed();
    assertThat(nextRefusal()).isEqualTo("403 too many connections");
    TextPeer elsewhere = TextPeer.connectFrom("127.0.0.2", endpoint.address());
    opened.add(elsewhere);
    elsewhere.expectsAnswer(elsewhere.sendBodiless(PEER, PEER), 481);
    String probe = peer.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(probe, 200);
  }

  @Test
  void aPortWhereNobodyListensIsToldAsNotDialled() throws Exception {
    try (Socket held = new Socket()) { // Has a port that nobody listens on, nor can.
      held.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      String path = "msrp://127.0.0.1:" + held.getLocalPort() + "/peersession;tcp";
      expects(leg);
      starts(leg, BOB, List.of(path), true, LOCAL);

      assertThat(events.next(NotDialled.class).reason()).contains("cannot connect");
    }
  }

  @Test
  void aLegWithoutConnectionInTimeIsUnbound() throws Exception {
    endpoint =
        start(settings(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1)));
    startsPassive();

    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
  }

  @Test
  void aConnectionThatBindsNothingInTimeIsClosed() throws Exception {
    endpoint =
        start(settings(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1)));
    TextPeer peer = connects();

    peer.expectsClosed();
    assertThat(nextRefusal()).contains("no session in time");
  }

  @Test
  @Spec("RFC 4975 §10.10")
  void aSecondBindIsRefusedWhileTheOldConnectionLives() throws Exception {
    TextPeer old = bound();
    TextPeer second = connects();
    String bind = second.sendBodiless(path(), PEER);

    old.answer(old.nextRequest(), "200 OK");

    second.expectsAnswer(bind, 506);
    String probe = old.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    old.expectsAnswer(probe, 200);
  }

  @Test
  @Spec("wire: connection model")
  void aSecondBindTakesTheSessionWhenTheOldConnectionDoesNotKnowItAnyMore() throws Exception {
    TextPeer old = bound();
    TextPeer second = connects();
    String bind = second.sendBodiless(path(), PEER);

    old.answer(old.nextRequest(), "481 Gone");

    events.next(Unbound.class);
    events.next(Bound.class);
    second.expectsAnswer(bind, 200);
    old.expectsClosed();
  }

  @Test
  @Spec("wire: connection model")
  void aSecondBindFromAnotherAddressIsRefusedAtOnce() throws Exception {
    expects(leg);
    starts(leg, BOB, List.of(PEER), false, Optional.empty());
    TextPeer peer = connects();
    peer.expectsAnswer(peer.sendBodiless(path(), PEER), 200);
    events.next(Bound.class);
    TextPeer other = TextPeer.connectFrom("127.0.0.2", endpoint.address());
    opened.add(other);

    other.expectsAnswer(other.sendBodiless(path(), PEER), 506);
    assertThat(peer.hasNothing()).isTrue();
  }

  @Test
  @Spec("wire: connection model")
  void aClosedConnectionUnbindsAndTheLegMayBindAgainFromTheSameAddress() throws Exception {
    TextPeer old = bound();
    old.close();
    events.next(Unbound.class);
    TextPeer other = TextPeer.connectFrom("127.0.0.2", endpoint.address());
    opened.add(other);
    other.expectsAnswer(other.sendBodiless(path(), PEER), 506);

    TextPeer again = connects();
    again.expectsAnswer(again.sendBodiless(path(), PEER), 200);
    events.next(Bound.class);
  }

  /// The new connection, on another event loop, binds while the end of the old one is being told.
  @Test
  @Spec("wire: connection model")
  void theEndOfABindingIsToldBeforeTheNextOne() throws Exception {
    TextPeer old = bound();
    TextPeer again = connects();
    endpoint.send(delivery(1, "unanswered"));
    old.nextRequest();
    events.whileTellingAnswers(() -> {
      again.sendBodiless(path(), PEER);
      again.awaitsAnything(BIND_MILLIS);
    });
    old.close();

    events.next(Answered.class);
    events.next(Unbound.class);
    events.next(Bound.class);
  }

  /// Relays, SBCs and devices with two interfaces do; the session id is the proof.
  @Test
  @Spec("RFC 4975 §14.1")
  void theFirstBindMayComeFromAnotherAddressThanTheSignalling() throws Exception {
    expects(leg);
    starts(leg, BOB, List.of(PEER), false, Optional.of("127.0.0.2"));
    TextPeer peer = connects();

    peer.expectsAnswer(peer.sendBodiless(path(), PEER), 200);
    events.next(Bound.class);
    TextPeer signaller = TextPeer.connectFrom("127.0.0.2", endpoint.address());
    opened.add(signaller);
    signaller.expectsAnswer(signaller.sendBodiless(path(), PEER), 506);
  }

  @Test
  @Spec("RFC 4975 §10.8")
  void anUnknownSessionAndThePathOfAnotherSessionAreRefused() throws Exception {
    TextPeer peer = bound();
    String unknown = path().replace(leg.value(), "nosuchsession");

    peer.expectsAnswer(peer.sendBodiless(unknown, PEER), 481);
    peer.expectsAnswer(peer.sendBodiless(path(), PEER.replace("peersession", "other")), 481);
    assertThat(nextRefusal()).contains("unknown session");
    assertThat(nextRefusal()).contains("From-Path");
  }

  @Test
  void bothConnectingAtOnceKeepsTheFirstThatIsAnswered() throws Exception {
    ServerSocket listener = listens();
    expects(leg);
    starts(leg, BOB, List.of(pathOf(listener)), true, LOCAL);
    TextPeer dialled = TextPeer.accept(listener);
    opened.add(dialled);
    dialled.nextRequest();
    TextPeer inbound = connects();

    inbound.expectsAnswer(inbound.sendBodiless(path(), pathOf(listener)), 200);

    events.next(Bound.class);
    dialled.expectsClosed();
    String probe = inbound.sendBodiless(path(), pathOf(listener));
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    inbound.expectsAnswer(probe, 200);
    assertThat(events.hasNothing()).as("bound once, never unbound").isTrue();
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void oneConnectionCarriesManySessions() throws Exception {
    TextPeer peer = bound();
    var second = new LegId("legBBBBBBBBBBBBBBBBBBBBB");
    String secondPeer = PEER.replace("peersession", "session=2");
    expects(second);
    starts(second, BOB, List.of(secondPeer), false, LOCAL);
    String secondPath = path(second);

    peer.expectsAnswer(peer.sendBodiless(secondPath, secondPeer), 200);
    assertThat(events.next(Bound.class).leg()).isEqualTo(second);
    endpoint.close(leg);
    String message = peer.sendText(secondPath, secondPeer, "m1", "still here");
    Received received = events.next(Received.class);
    assertThat(received.leg()).isEqualTo(second);
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(message, 200);
    endpoint.close(second);
    peer.expectsClosed();
  }

  @Test
  void anEndedSessionIsUnknownAndItsConnectionCloses() throws Exception {
    TextPeer peer = bound();

    endpoint.close(leg);

    peer.expectsClosed();
    TextPeer later = connects();
    later.expectsAnswer(later.sendBodiless(path(), PEER), 481);
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  void aSilentConnectionIsProbedAndThenClosed() throws Exception {
    endpoint = start(settings(Duration.ofMinutes(1), Duration.ofSeconds(3), Duration.ofSeconds(3)));
    TextPeer peer = bound();
    Frame probe = peer.nextRequest();
    assertThat(probe.header("Byte-Range")).isEqualTo("1-0/0");
    peer.answer(probe, "200 OK");
    peer.nextRequest(); // The next one is not answered.

    events.next(Unbound.class);
  }

  @Test
  void theServersOwnBodilessSendGoesOutAndItsAnswerIsNotAwaited() throws Exception {
    TextPeer peer = bound();

    endpoint.bind(leg);

    Frame bind = peer.nextRequest();
    assertThat(bind.header("Byte-Range")).isEqualTo("1-0/0");
    peer.answer(bind, "481 whatever");
    String probe = peer.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(probe, 200);
  }
}
