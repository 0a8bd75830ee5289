package io.continuo.server.transport.msrp;

import io.continuo.msrp.ByteRange;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What goes out on one leg while it is bound. Deliveries go one after the other, since a device
/// receives a subsequence of log order; what is relayed (is-composing) is no entry of the log and
/// passes a long delivery between its chunks. Outcomes are told in the order of the deliveries,
/// whatever the order of the device's answers.
///
/// Through relays a delivery is over when its device has reported it ([DeviceReports]).
///
/// Threading: the connection's event loop.
final class SessionOutbox {
  /// Deliveries of one leg that were not told yet; the conversation's window is far below. One more
  /// ends the binding: the device does not follow.
  static final int MAX_UNTOLD = 1024;

  /// Relayed messages waiting to be written on the leg above which the next one is dropped: it
  /// would be stale.
  static final int MAX_RELAYED_BEHIND = 32;

  private final BoundSession bound;
  private final MsrpEvents events;
  private final ArrayDeque<Delivery> untold = new ArrayDeque<>();
  private final Outflow.Lane deliveries = new Outflow.Lane();
  private final Outflow.Lane relayed = new Outflow.Lane();
  private final DeviceReports reports;

  private record Delivery(long sequence, Transfer transfer) {}

  SessionOutbox(BoundSession bound, MsrpEvents events) {
    this.bound = bound;
    this.events = events;
    this.reports = new DeviceReports(bound.connection()::after);
  }

  void send(ConversationEffect.Deliver delivery) {
    String id = WireMessageId.of(delivery.messageId());
    Chunks chunks = bound.chunks(id, delivery.contentType(), delivery.body());
    Runnable came = () -> bound.connection().advance(deliveries);
    Transfer transfer;
    if (bound.isThroughRelays()) {
      transfer = new Transfer(chunks, came, done -> decided(id, done), all -> reports.taken(id));
      reports.expect(id, delivery.body().length(), transfer);
    } else {
      transfer = new Transfer(chunks, came, this::decided);
    }
    untold.add(new Delivery(delivery.sequence(), transfer));
    if (untold.size() > MAX_UNTOLD) {
      bound.lose("more than " + MAX_UNTOLD + " deliveries unanswered");
      return;
    }
    bound.connection().send(deliveries, transfer);
  }

  void relay(ConversationEffect.Relay relay) {
    if (relayed.size() >= MAX_RELAYED_BEHIND) {
      return;
    }
    String messageId = bound.connection().freshId();
    Chunks chunks = bound.unreported(messageId, relay.contentType(), Body.of(relay.body()));
    Runnable came = () -> bound.connection().advance(relayed);
    bound.connection().send(relayed, new Transfer(chunks, came, forgotten -> {}));
  }

  /// Somebody on the way through relays reported about a message of ours.
  void reported(String messageId, int status, Optional<ByteRange> range) {
    if (!reports.reported(messageId, status, range)
        && Transfer.failure(status) instanceof DeliveryOutcome.Unreachable) {
      bound.lose("reported " + status);
    }
  }

  private void decided(String messageId, Transfer transfer) {
    reports.decided(messageId);
    decided(transfer);
  }

  private void decided(Transfer transfer) {
    DeliveryOutcome outcome = transfer.outcome().orElseThrow();
    tell();
    if (outcome instanceof DeliveryOutcome.Unreachable unreachable) {
      bound.lose("answered " + unreachable.status());
    }
  }

  private void tell() {
    @Nullable Delivery first = untold.peek();
    while (first != null && first.transfer().outcome().isPresent()) {
      untold.poll();
      events.answered(bound.leg(), first.sequence(), first.transfer().outcome().orElseThrow());
      first = untold.peek();
    }
  }

  /// The session was ended by us: nothing more is awaited.
  void forget() {
    reports.forget();
  }

  /// The binding is over: whatever has no outcome did not reach the device.
  void end() {
    for (Delivery delivery : untold.toArray(new Delivery[0])) {
      delivery.transfer().decide(new DeliveryOutcome.Unreachable(0));
    }
    bound.connection().strikeOff(deliveries);
    bound.connection().strikeOff(relayed);
  }
}
