package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.DeliveryOutcome.Unreachable;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Event;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Signs of life, ours and the device's.
class KeepAliveTest extends MsrpEndpointFixture {
  /// Silence after which we ask.
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /// How long we wait for an answer that does not come; one that has to come has a minute.
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final LegId SECOND = new LegId("legB");
  private static final LegId THIRD = new LegId("legC");

  @Override
  MsrpSettings settings() {
    return settings(Duration.ofMinutes(1), Duration.ofMinutes(1), SILENCE);
  }

  /// An answer that does not come is given up soon.
  private void waitsNotLong() throws IOException {
    endpoint = start(settings(Duration.ofMinutes(1), SOON, SILENCE));
  }

  private TextPeer carriesThree() throws Exception {
    TextPeer peer = bound();
    for (LegId one : List.of(SECOND, THIRD)) {
      expects(one);
      starts(one, BOB, List.of(peerOf(one)), false, LOCAL);
      String bind = peer.sendBodiless(path(one), peerOf(one));
      Frame frame = peer.next();
      while (frame.isRequest()) {
        peer.answer(frame, "200 OK"); // A sign of life: the device is slow to bind.
        frame = peer.next();
      }
      assertThat(frame.start()).startsWith("MSRP " + bind + " 200");
      events.next(Bound.class);
    }
    return peer;
  }

  private String peerOf(LegId one) {
    return one.equals(leg) ? PEER : PEER.replace("peersession", "peer" + one.value());
  }

  @Test
  @Spec("wire: keep-alive")
  void aSilentConnectionIsAskedOnOneOfItsSessionsOnly() throws Exception {
    TextPeer peer = carriesThree();

    Frame sign = peer.nextRequest();

    assertThat(sign.header("Byte-Range")).isEqualTo("1-0/0");
    assertThat(sign.body()).isEmpty();
    assertThat(peer.hasNothing()).isTrue();
    peer.answer(sign, "200 OK");
    peer.answer(peer.nextRequest(), "200 OK");
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  @Spec("wire: keep-alive")
  void eachLegOfAHalfOpenConnectionIsToldOnce() throws Exception {
    waitsNotLong();
    TextPeer peer = carriesThree();
    peer.nextRequest(); // Is not answered.

    Set<LegId> unbound = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      assertThat(unbound.add(events.next(Unbound.class).leg())).isTrue();
    }

    assertThat(unbound).containsExactlyInAnyOrder(leg, SECOND, THIRD);
    peer.expectsClosed();
    assertThat(events.hasNothing()).isTrue();
  }

  @Test
  @Spec("wire: keep-alive")
  void whatWasNotAnsweredOnAHalfOpenConnectionIsToldBeforeItsEnd() throws Exception {
    waitsNotLong();
    TextPeer peer = bound();
    endpoint.send(delivery(1, "into the void"));
    peer.nextRequest();

    Event first = events.next(Event.class);

    assertThat(first).isInstanceOf(Answered.class);
    assertThat(((Answered) first).outcome()).isInstanceOf(Unreachable.class);
    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
  }

  @Test
  @Spec("RFC 4975 §10.8")
  void anAnswerThatOneSessionIsGoneLeavesTheOthers() throws Exception {
    TextPeer peer = carriesThree();
    Frame sign = peer.nextRequest();
    String gone = sign.header("From-Path");

    peer.answer(sign, "481 Not here");

    LegId lost = events.next(Unbound.class).leg();
    assertThat(path(lost)).isEqualTo(gone);
    Frame next = peer.nextRequest();
    assertThat(next.header("From-Path")).isNotEqualTo(gone);
    peer.answer(next, "200 OK");
    assertThat(events.hasNothing()).isTrue();
  }

  /// Blink sends an empty SEND each minute and hangs up when it is not answered in 30 s.
  @Test
  @Spec("wire: Blink")
  void theDevicesSignOfLifeIsAnsweredWhileALongMessageGoesOut() throws Exception {
    endpoint = start(super.settings());
    TextPeer peer = bound();
    endpoint.send(delivery(1, "x".repeat(4 << 20)));
    peer.nextRequest();

    String sign = peer.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());

    int chunks = 0;
    Frame frame = peer.next();
    while (frame.isRequest()) {
      chunks++;
      frame = peer.next();
    }
    assertThat(frame.start()).startsWith("MSRP " + sign + " 200");
    assertThat(chunks).isLessThan(Outflow.Lane.WINDOW / 2048);
  }
}
