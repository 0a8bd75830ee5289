package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Reply;
import io.continuo.server.identity.LegId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Keeps what it is told, in order.
final class RecordingEvents implements MsrpEvents {
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  private volatile Meanwhile meanwhile = () -> {};

  /// Something that happens while an answer is being told, on the thread that tells.
  interface Meanwhile {
    void happens() throws Exception;
  }

  void whileTellingAnswers(Meanwhile something) {
    meanwhile = something;
  }

  sealed interface Event {}

  record Bound(LegId leg) implements Event {}

  record Probed(LegId leg, Reply reply) implements Event {}

  record Received(LegId leg, String messageId, String contentType, Body content, Reply reply)
      implements Event {
    byte[] body() {
      return content.whole();
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }
  }

  record Answered(LegId leg, long sequence, DeliveryOutcome outcome) implements Event {}

  record Unbound(LegId leg, String reason) implements Event {}

  record NotDialled(LegId leg, boolean peerConnectsNext, String reason) implements Event {}

  @Override
  public void bound(LegId leg) {
    events.add(new Bound(leg));
  }

  @Override
  public void probed(LegId leg, Reply reply) {
    events.add(new Probed(leg, reply));
  }

  @Override
  public void received(LegId leg, String messageId, String contentType, Body body, Reply reply) {
    events.add(new Received(leg, messageId, contentType, body, reply));
  }

  @Override
  public void answered(LegId leg, long sequence, DeliveryOutcome outcome) {
    events.add(new Answered(leg, sequence, outcome));
    try {
      meanwhile.happens();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void unbound(LegId leg, String reason) {
    events.add(new Unbound(leg, reason));
  }

  @Override
  public void notDialled(LegId leg, boolean peerConnectsNext, String reason) {
    events.add(new NotDialled(leg, peerConnectsNext, reason));
  }

  /// The next event, which must be of this kind.
  <E extends Event> E next(Class<E> kind) throws InterruptedException {
    Event event = events.poll(TextPeer.WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(event).as("the next event").isInstanceOf(kind);
    return kind.cast(event);
  }

  int waiting() {
    return events.size();
  }

  boolean hasNothing() {
    return events.isEmpty();
  }
}
