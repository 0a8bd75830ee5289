package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import io.continuo.server.conversation.DeliveryOutcome.Refused;
import io.continuo.server.conversation.DeliveryOutcome.Unreachable;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MsrpSendingTest extends MsrpEndpointFixture {

  private void expects(long sequence, DeliveryOutcome outcome) throws InterruptedException {
    Answered answered = events.next(Answered.class);
    assertThat(answered.leg()).isEqualTo(leg);
    assertThat(answered.sequence()).isEqualTo(sequence);
    assertThat(answered.outcome()).isEqualTo(outcome);
  }

  private void expects(Answered expected) throws InterruptedException {
    assertThat(events.next(Answered.class)).isEqualTo(expected);
  }

  @Test
  @Spec("RFC 4975 §7.1.1")
  void aDeliveryGoesOutInTheMostConservativeForm() throws Exception {
    TextPeer peer = bound();

    endpoint.send(delivery(1, "hello"));

    Frame send = peer.nextRequest();
    assertThat(send.start()).endsWith(" SEND");
    assertThat(send.headers())
        .containsExactly(
            "To-Path: " + PEER,
            "From-Path: " + path(),
            "Message-ID: mid1",
            "Byte-Range: 1-5/5",
            "Content-Type: text/plain");
    assertThat(send.body()).isEqualTo("hello");
    assertThat(send.flag()).isEqualTo('$');
    peer.answer(send, "200 OK");
    expects(1, new Delivered());
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aLongMessageIsCutIntoChunksAndDeliveredWhenAllAreAnswered() throws Exception {
    TextPeer peer = bound();
    String text = "👩‍👩‍👧 ".repeat(300);
    int length = text.getBytes(StandardCharsets.UTF_8).length;

    endpoint.send(delivery(1, text));

    var joined = new StringBuilder();
    List<Frame> chunks = new ArrayList<>();
    do {
      chunks.add(peer.nextRequest());
      joined.append(chunks.getLast().body());
    } while (chunks.getLast().flag() == '+');
    assertThat(chunks).hasSize((length + 2047) / 2048);
    assertThat(chunks.get(1).header("Byte-Range")).isEqualTo("2049-4096/" + length);
    assertThat(joined.toString().getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    for (Frame chunk : chunks.reversed()) {
      assertThat(events.hasNothing()).isTrue();
      peer.answer(chunk, "200 OK");
    }
    expects(1, new Delivered());
  }

  @Test
  void outcomesAreToldInTheOrderOfDeliveriesWhateverTheOrderOfAnswers() throws Exception {
    TextPeer peer = bound();
    endpoint.send(delivery(1, "one"));
    endpoint.send(delivery(2, "two"));
    endpoint.send(delivery(3, "three"));
    Frame one = peer.nextRequest();
    Frame two = peer.nextRequest();
    Frame three = peer.nextRequest();

    peer.answer(three, "200 OK");
    peer.answer(two, "415 No");
    peer.answer(one, "200 OK");

    expects(1, new Delivered());
    expects(2, new Refused(415));
    expects(3, new Delivered());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 413, 415, 423, 501, 599})
  @Spec("RFC 4975 §10")
  void aFinalRefusalIsTheDeliverysOutcomeAndTheLegStaysBound(int status) throws Exception {
    TextPeer peer = bound();
    endpoint.send(delivery(1, "one"));
    peer.answer(peer.nextRequest(), status + " No");
    expects(1, new Refused(status));

    endpoint.send(delivery(2, "two"));
    peer.answer(peer.nextRequest(), "200 OK");
    expects(2, new Delivered());
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 481, 506})
  @Spec("RFC 4975 §10")
  void aDeviceThatIsNotThereMakesTheLegUnbound(int status) throws Exception {
    TextPeer peer = bound();
    endpoint.send(delivery(1, "one"));
    endpoint.send(delivery(2, "two"));
    Frame one = peer.nextRequest();
    peer.nextRequest();

    peer.answer(one, status + " Not here");

    expects(1, new Unreachable(status));
    expects(2, new Unreachable(0));
    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
    peer.expectsClosed();
  }

  @Test
  void aConnectionClosedBeforeTheAnswersMakesDeliveriesUnreachable() throws Exception {
    TextPeer peer = bound();
    endpoint.send(delivery(1, "one"));
    peer.nextRequest();

    peer.close();

    expects(1, new Unreachable(0));
    events.next(Unbound.class);
    endpoint.send(delivery(2, "two"));
    expects(2, new Unreachable(0));
  }

  @Test
  @Spec("RFC 4975 §7.1")
  void noAnswerInTimeMakesTheLegUnbound() throws Exception {
    endpoint =
        start(settings(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofMinutes(5)));
    TextPeer peer = bound();
    endpoint.send(delivery(1, "one"));
    peer.nextRequest();

    expects(1, new Unreachable(408));
    events.next(Unbound.class);
  }

  @Test
  @Spec("RFC 4975 §10.5")
  void aMessageRefusedHalfwayIsGivenUpAndTheNextOneGoesOut() throws Exception {
    TextPeer peer = bound();
    // More than the sockets and the device's queue hold, so most chunks wait to be written.
    endpoint.send(delivery(1, "x".repeat(12_000_000)));
    Frame first = peer.nextRequest();

    peer.answer(first, "413 Enough");
    expects(1, new Refused(413));
    endpoint.send(delivery(2, "two"));

    Frame frame = peer.nextRequest();
    while (frame.flag() == '+') {
      frame = peer.nextRequest();
    }
    assertThat(frame.flag()).isEqualTo('#');
    assertThat(frame.header("Message-ID")).isEqualTo("mid1");
    frame = peer.nextRequest();
    assertThat(frame.body()).isEqualTo("two");
    peer.answer(frame, "200 OK");
    expects(2, new Delivered());
  }

  /// As on the connection of an SBC, which carries the legs of many devices.
  @Test
  @Spec("RFC 4975 §5.1")
  void aLongMessageToOneLegDoesNotHoldUpTheOthersOnItsConnection() throws Exception {
    TextPeer peer = bound();
    var second = new LegId("legBBBBBBBBBBBBBBBBBBBBB");
    expects(second);
    starts(second, BOB, List.of(PEER), false, LOCAL);
    String secondPath = path(second);
    peer.expectsAnswer(peer.sendBodiless(secondPath, PEER), 200);
    events.next(Bound.class);
    // More than the sockets and the device's queue hold, so most chunks wait to be written.
    endpoint.send(delivery(1, "x".repeat(12_000_000)));
    peer.nextRequest();

    endpoint.send(
        new ConversationEffect.Deliver(second, 1, "short", "text/plain", new byte[] {'y'}));

    Frame frame = peer.nextRequest();
    while (frame.header("From-Path").equals(path())) {
      assertThat(frame.flag()).as("the end of the long message came first").isEqualTo('+');
      frame = peer.nextRequest();
    }
    assertThat(frame.body()).isEqualTo("y");
    peer.answer(frame, "200 OK");
    expects(new Answered(second, 1, new Delivered()));
  }

  @Test
  @Spec("wire: back-pressure")
  void whatIsRelayedToADeviceThatDoesNotReadIsDroppedAndNotPiledUp() throws Exception {
    TextPeer peer = bound();
    byte[] typing = "t".repeat(15_000).getBytes(StandardCharsets.UTF_8);
    int relayed = 2_000;
    for (int i = 0; i < relayed; i++) {
      endpoint.relay(new ConversationEffect.Relay(leg, "application/im-iscomposing+xml", typing));
    }
    endpoint.send(delivery(1, "written later"));

    int came = 0;
    Frame frame = peer.nextRequest();
    while (!frame.body().equals("written later")) {
      came += frame.flag() == '$' ? 1 : 0;
      frame = peer.nextRequest();
    }
    assertThat(came).isPositive().isLessThan(relayed / 2 + relayed / 4);
  }

  @Test
  void whatIsRelayedIsSentOnceAndForgotten() throws Exception {
    TextPeer peer = bound();
    byte[] body = "<isComposing/>".getBytes(StandardCharsets.UTF_8);

    endpoint.relay(new ConversationEffect.Relay(leg, "application/im-iscomposing+xml", body));

    Frame relayed = peer.nextRequest();
    assertThat(relayed.header("Content-Type")).isEqualTo("application/im-iscomposing+xml");
    peer.answer(relayed, "415 No");
    String probe = peer.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(probe, 200);
  }

  @Test
  void whatWasSentBeforeTheSessionEndedStillGoesOut() throws Exception {
    TextPeer peer = bound();
    endpoint.send(delivery(1, "last words"));

    endpoint.close(leg);

    assertThat(peer.nextRequest().body()).isEqualTo("last words");
    peer.expectsClosed();
  }

  @Test
  void aBodyThatHoldsAnEndLineArrivesWhole() throws Exception {
    TextPeer peer = bound();
    String text = "a\r\n-------abcd$\r\nb";

    endpoint.send(delivery(1, text));

    Frame send = peer.nextRequest();
    assertThat(send.body()).isEqualTo(text);
    peer.answer(send, "200 OK");
    expects(1, new Delivered());
  }
}
