package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Whom an entry is for. Two conditions: the kind of the entry names its subscribers, and each of
/// them must have been in the conversation when it was logged. The device that it came from has it
/// already.
final class Audience {
  private Audience() {}

  /// Every subscriber to whose devices this entry goes.
  static Set<AddressOfRecord> of(Entry entry, Participants participants) {
    return switch (entry) {
      case Entry.Message message -> participants.seeing(message.sequence());
      case Entry.Disposition receipt -> of(receipt, participants);
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> Set.of();
    };
  }

  private static Set<AddressOfRecord> of(Entry.Disposition receipt, Participants participants) {
    Set<AddressOfRecord> both = new LinkedHashSet<>();
    if (receipt.forwarded()) {
      both.add(receipt.toSubscriber());
      both.add(receipt.reporter());
      both.removeIf(one -> !participants.sees(one, receipt.sequence()));
    }
    return both;
  }

  static boolean holds(AddressOfRecord subscriber, Entry entry, Participants participants) {
    return switch (entry) {
      case Entry.Message message -> participants.sees(subscriber, message.sequence());
      case Entry.Disposition receipt -> of(receipt, participants).contains(subscriber);
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> false;
    };
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
