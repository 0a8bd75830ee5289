package io.continuo.server.conversation;

import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the committed entries add up to. Nothing that is still on its way to the disk is in here,
/// so a failed append has nothing to undo. Threading: the conversation's loop.
final class LogState {
  final Dedup dedup;
  final Receipts receipts;
  final Tail tail = new Tail();
  private final ImdnSettings.OwnCopies ownCopies;
  private final Map<AddressOfRecord, Newest> newest = new HashMap<>();
  private Participants participants = Participants.NONE;
  private long last;
  private long entries;

  LogState(SessionSettings session, ImdnSettings imdn) {
    dedup = new Dedup(session.dedupWindow());
    receipts = new Receipts(imdn.memory());
    ownCopies = imdn.ownCopies();
  }

  /// Takes the next committed entry; returns who may see it.
  Set<AddressOfRecord> add(Entry entry) {
    participants = participants.with(entry);
    last = entry.sequence();
    entries++;
    dedup.keep(entry);
    receipts.keep(entry);
    tail.add(render(entry));
    Set<AddressOfRecord> audience = Audience.of(entry, participants);
    Audience.source(entry).ifPresent(source -> audience.forEach(one -> newer(one, source)));
    return audience;
  }

  private void newer(AddressOfRecord subscriber, DeviceId source) {
    Newest known = newest.get(subscriber);
    newest.put(subscriber, known == null ? new Newest(last, source, 0) : known.with(last, source));
  }

  Rendering render(Entry entry) {
    return new Rendering(entry, participants, ownCopies);
  }

  Participants participants() {
    return participants;
  }

  /// The newest sequence number, 0 when the log is empty.
  long last() {
    return last;
  }

  long entries() {
    return entries;
  }

  /// The newest entry that this device is to get, 0 when there is none.
  long newestFor(DeviceId device) {
    return Optional.ofNullable(newest.get(device.owner()))
        .map(known -> known.notFrom(device))
        .orElse(0L);
  }
}
