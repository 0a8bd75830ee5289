package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import java.util.List;
import java.util.Set;

/// What a conversation is told, one at a time, on its own loop.
public sealed interface ConversationEvent {

  /// These subscribers take part. Opens the log when it is empty; afterwards whoever is not in it
  /// now joins (or, after having left, joins again).
  record Open(boolean group, List<AddressOfRecord> participants) implements ConversationEvent {
    public Open {
      participants = List.copyOf(participants);
    }
  }

  /// A device handed something in: a message, a disposition notification, or an is-composing
  /// indication.
  ///
  /// @param ownAddresses every address of the device's subscriber, the primary one included: what a
  ///   CPIM From may name
  /// @param transportId the id that the transport gave it (MSRP Message-ID, SIP Call-ID): the
  ///   message's id of last resort
  /// @param contentType as received, with parameters
  /// @param body whole; in memory it is owned by the receiver from here on. A staged one belongs to
  ///   whoever handed it in until it is appended
  /// @param anonymous whether others must not be told who it is from (RFC 3323 §4.2)
  /// @param noFork whether it was not to be forked (RFC 3841 §9.1)
  record Submit(
      DeviceId device,
      Set<AddressOfRecord> ownAddresses,
      String transportId,
      String contentType,
      Body body,
      boolean anonymous,
      boolean noFork,
      Reply reply)
      implements ConversationEvent {
    public Submit {
      ownAddresses = Set.copyOf(ownAddresses);
    }

    /// One that may be forked.
    public Submit(
        DeviceId device,
        Set<AddressOfRecord> ownAddresses,
        String transportId,
        String contentType,
        Body body,
        boolean anonymous,
        Reply reply) {
      this(device, ownAddresses, transportId, contentType, body, anonymous, false, reply);
    }

    /// One that hides nothing.
    public Submit(
        DeviceId device,
        Set<AddressOfRecord> ownAddresses,
        String transportId,
        String contentType,
        byte[] body,
        Reply reply) {
      this(device, ownAddresses, transportId, contentType, Body.of(body), false, reply);
    }
  }

  /// A device can be delivered to on this leg from now on. Replaces the device's earlier leg, if
  /// any.
  record Attach(DeviceId device, LegId leg, LegProfile profile) implements ConversationEvent {}

  /// The leg is gone; unanswered deliveries on it count as not made.
  record Detach(LegId leg) implements ConversationEvent {}

  /// The device on this leg says whether it takes messages from now on (RFC 3264 §8.4). While it
  /// does not, its cursor stays where it is; what was sent before may still be answered.
  record Direction(LegId leg, boolean receives) implements ConversationEvent {}

  /// The device has not been bound for `session.device-forget-after`: its cursor dies.
  record Forget(DeviceId device) implements ConversationEvent {}

  /// A device answered a delivery. Ignored when the leg is no longer that device's.
  record Delivered(LegId leg, long sequence, DeliveryOutcome outcome)
      implements ConversationEvent {}

  /// The store committed the oldest pending append.
  record Committed(long sequence) implements ConversationEvent {}

  /// The store failed this append: every pending append of the conversation fails with it.
  record AppendFailed(long sequence, String reason) implements ConversationEvent {}

  /// The store read what [ConversationEffect.Read] asked for.
  ///
  /// @param from as asked: an answer to a reading of the time before the leg was attached anew is
  ///   told by it
  /// @param entries empty when it could not read; asked again with the next commit, answer or
  ///   attach
  record ReadBack(LegId leg, long from, List<Entry> entries) implements ConversationEvent {
    public ReadBack {
      entries = List.copyOf(entries);
    }
  }

  /// The subscriber left for good: nothing after this is visible to it.
  record Leave(AddressOfRecord subscriber) implements ConversationEvent {}

  /// A bodiless SEND: its answer passes behind every append that is pending now, which makes it a
  /// barrier.
  record Probe(Reply reply) implements ConversationEvent {}

  /// The chat session ended for everybody.
  record EndSession() implements ConversationEvent {}
}
