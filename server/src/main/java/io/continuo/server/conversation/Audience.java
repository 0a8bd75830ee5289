package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whom an entry is for. Two conditions: the kind of the entry names its subscribers, and each of
/// them must have been in the conversation when it was logged. The device that it came from has it
/// already.
final class Audience {
  private Audience() {}

  /// Every subscriber to whose devices this entry goes.
  static Set<AddressOfRecord> of(Entry entry, Participants participants) {
    return switch (entry) {
      case Entry.Message message ->
          participants.seeing(message.sequence()).stream()
              .filter(one -> !isKeptFrom(one, message))
              .collect(Collectors.toUnmodifiableSet());
      case Entry.Disposition receipt ->
          Stream.of(receipt.toSubscriber(), receipt.reporter())
              .filter(one -> holds(one, receipt, participants))
              .collect(Collectors.toUnmodifiableSet());
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> Set.of();
    };
  }

  /// Whether this subscriber may see the entry.
  static boolean holds(AddressOfRecord subscriber, Entry entry, Participants participants) {
    return switch (entry) {
      case Entry.Message message ->
          participants.sees(subscriber, message.sequence()) && !isKeptFrom(subscriber, message);
      case Entry.Disposition receipt ->
          receipt.forwarded()
              && (subscriber.equals(receipt.toSubscriber())
                  || subscriber.equals(receipt.reporter()))
              && participants.sees(subscriber, receipt.sequence());
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> false;
    };
  }

  private static boolean isKeptFrom(AddressOfRecord subscriber, Entry.Message message) {
    return message.forOthersOnly() && subscriber.equals(message.sender());
  }

  /// Whether this device is to be sent this entry.
  static boolean includes(DeviceId device, Entry entry, Participants participants) {
    return holds(device.owner(), entry, participants)
        && source(entry).filter(device::equals).isEmpty();
  }

  /// The device that handed the entry in.
  static Optional<DeviceId> source(Entry entry) {
    return switch (entry) {
      case Entry.Message message -> Optional.of(message.senderDevice());
      case Entry.Disposition receipt -> Optional.of(receipt.reporterDevice());
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> Optional.empty();
    };
  }
}
