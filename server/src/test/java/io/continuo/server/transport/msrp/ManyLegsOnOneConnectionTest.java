package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Event;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A thousand legs on the connection of an intermediary. What must not happen is counted in
/// messages and bytes, never in time.
class ManyLegsOnOneConnectionTest extends MsrpEndpointFixture {
  private static final int LEGS = 1000;
  private static final List<LegId> ALL =
      IntStream.range(0, LEGS).mapToObj(i -> new LegId("leg" + i)).toList();
  private static final LegId STALLED = ALL.getFirst();

  private static String peerOf(LegId one) {
    return "msrp://127.0.0.1:9/peer-" + one.value() + ";tcp";
  }

  @Override
  MsrpSettings settings() {
    return settings(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMinutes(5));
  }

  private TextPeer carriesAll() throws Exception {
    TextPeer sbc = connects();
    for (LegId one : ALL) {
      expects(one);
      starts(one, BOB, List.of(peerOf(one)), false, LOCAL);
      sbc.expectsAnswer(sbc.sendBodiless(path(one), peerOf(one)), 200);
      assertThat(events.next(Bound.class).leg()).isEqualTo(one);
    }
    return sbc;
  }

  private void delivers(LegId one, long sequence, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    endpoint.send(
        new ConversationEffect.Deliver(one, sequence, "m" + sequence, "text/plain", body));
  }

  private static LegId legOf(Frame frame) {
    String from = frame.header("From-Path");
    return new LegId(from.substring(from.lastIndexOf('/') + 1, from.indexOf(';')));
  }

  @Test
  @Spec("wire: back-pressure")
  void aLegThatWithholdsItsAnswersStopsAtItsWindowAndTheOthersGoOn() throws Exception {
    TextPeer sbc = carriesAll();
    delivers(STALLED, 1, "x".repeat(4 << 20));
    ALL.stream().skip(1).forEach(one -> delivers(one, 1, "for " + one.value()));

    int stalledChunks = 0;
    Set<LegId> reached = new HashSet<>();
    while (reached.size() < LEGS - 1) {
      Frame frame = sbc.nextRequest();
      if (legOf(frame).equals(STALLED)) {
        stalledChunks++;
      } else {
        sbc.answer(frame, "200 OK");
        assertThat(frame.body()).isEqualTo("for " + legOf(frame).value());
        reached.add(legOf(frame));
      }
    }

    Set<LegId> told = new HashSet<>();
    for (int i = 1; i < LEGS; i++) {
      Answered answered = events.next(Answered.class);
      assertThat(answered.outcome()).isEqualTo(new Delivered());
      told.add(answered.leg());
    }
    assertThat(told).doesNotContain(STALLED).hasSize(LEGS - 1);
    // A barrier: what the stalled leg may still send has been written before this answer.
    String barrier = sbc.sendBodiless(PEER, PEER);
    Frame last = sbc.next();
    while (last.isRequest()) {
      stalledChunks++;
      last = sbc.next();
    }
    assertThat(last.start()).startsWith("MSRP " + barrier + " 481");
    assertThat(stalledChunks).isBetween(2, Outflow.Lane.WINDOW / 2048);
  }

  @Test
  @Spec("wire: back-pressure")
  void aSenderOverItsLimitIsSlowedAndItsNeighboursAreAnswered() throws Exception {
    TextPeer sbc = carriesAll();
    for (int i = 0; i < SessionInbox.MAX_UNREPLIED; i++) {
      sbc.sendText(path(STALLED), peerOf(STALLED), "m" + i, "y");
    }
    List<Received> unreplied = new ArrayList<>();
    for (int i = 0; i < SessionInbox.MAX_UNREPLIED; i++) {
      unreplied.add(events.next(Received.class));
    }
    String withheld = sbc.sendChunk(path(STALLED), peerOf(STALLED), "long", "1-1/2", "a", '+');

    for (LegId one : ALL.subList(1, LEGS)) {
      String chunk = sbc.sendChunk(path(one), peerOf(one), "n", "1-1/2", "b", '+');
      sbc.expectsAnswer(chunk, 200);
    }

    unreplied.getFirst().reply().answer(new SubmitResult.Accepted());
    Frame answered = sbc.next();
    assertThat(answered.status()).isEqualTo("200");
    sbc.expectsAnswer(withheld, 200);
  }

  @Test
  @Spec("wire: back-pressure")
  void aConnectionThatReadsNothingSlowsNoOther() throws Exception {
    carriesAll();
    TextPeer other = bound();
    // Much more than the sockets and the peer's queue hold, and nothing of it is read.
    ALL.forEach(one -> delivers(one, 1, "x".repeat(100_000)));

    endpoint.send(delivery(1, "still served"));

    Frame frame = other.nextRequest();
    assertThat(frame.body()).isEqualTo("still served");
    other.answer(frame, "200 OK");
    assertThat(events.next(Answered.class)).isEqualTo(new Answered(leg, 1, new Delivered()));
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void whenTheConnectionBreaksEveryLegIsToldExactlyOnce() throws Exception {
    TextPeer sbc = carriesAll();
    delivers(STALLED, 1, "unanswered");
    sbc.nextRequest();

    sbc.close();

    Set<LegId> unbound = new HashSet<>();
    for (int i = 0; i < LEGS + 1; i++) {
      if (events.next(Event.class) instanceof Unbound gone) {
        assertThat(unbound.add(gone.leg())).as("told once: %s", gone.leg()).isTrue();
      }
    }
    assertThat(unbound).hasSize(LEGS);
    assertThat(events.hasNothing()).isTrue();
  }
}
