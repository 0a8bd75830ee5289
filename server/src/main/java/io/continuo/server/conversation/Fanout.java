package io.continuo.server.conversation;

import io.continuo.server.conversation.ConversationEffect.Count;
import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.ConversationEffect.Deliver;
import io.continuo.server.conversation.ConversationEffect.Note;
import io.continuo.server.conversation.ConversationEffect.Read;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every device's cursor, and the legs of those that are attached. One way for everybody: a cursor
/// moves along the log as far as its leg's window lets it, out of memory near the tail and out of
/// the store further back. Threading: the conversation's loop.
final class Fanout {
  private final LogState log;
  private final Map<DeviceId, Cursor> cursors = new LinkedHashMap<>();
  private final Map<LegId, Cursor> attached = new LinkedHashMap<>();

  Fanout(LogState log) {
    this.log = log;
  }

  /// Puts the cursors where the devices' answers leave them, after a restart.
  void restore(List<LogRecord> records) {
    for (LogRecord each : records) {
      if (each instanceof CursorRecord told) {
        restore(told);
      }
    }
    cursors.values().forEach(cursor -> settle(cursor, records));
  }

  private void restore(CursorRecord told) {
    switch (told) {
      case Answer answer -> {
        if (isFinal(answer.outcome())) {
          cursor(answer.device()).remember(answer.sequence());
        }
      }
      case Settled settled -> cursor(settled.device()).rememberSettled(settled.sequence());
      case Forgotten forgotten -> cursors.remove(forgotten.device());
    }
  }

  private void settle(Cursor cursor, List<LogRecord> records) {
    for (LogRecord each : records) {
      if (each instanceof Entry entry
          && !cursor.movesOver(
              entry.sequence(), Audience.includes(cursor.device(), entry, log.participants()))) {
        return;
      }
    }
  }

  private static boolean isFinal(DeliveryOutcome outcome) {
    return switch (outcome) {
      case DeliveryOutcome.Delivered _, DeliveryOutcome.Refused _ -> true;
      case DeliveryOutcome.Unreachable _ -> false;
    };
  }

  void attach(ConversationEvent.Attach attach, Instant now, List<ConversationEffect> out) {
    detach(attach.leg());
    Cursor cursor = cursor(attach.device());
    Cursor.Leg earlier = cursor.leg();
    if (earlier != null) {
      detach(earlier.id);
    }
    cursor.attach(attach.leg(), attach.profile());
    attached.put(attach.leg(), cursor);
    follow(cursor, now, out);
  }

  void directed(ConversationEvent.Direction direction, Instant now, List<ConversationEffect> out) {
    Cursor cursor = attached.get(direction.leg());
    Cursor.Leg leg = cursor == null ? null : cursor.leg();
    if (cursor != null && leg != null) {
      leg.receives(direction.receives());
      follow(cursor, now, out);
    }
  }

  private Cursor cursor(DeviceId device) {
    return cursors.computeIfAbsent(device, Cursor::new);
  }

  /// A device goes. When it is owed nothing, the log is told.
  void detached(LegId leg, Instant now, List<ConversationEffect> out) {
    Cursor cursor = attached.get(leg);
    detach(leg);
    if (cursor == null) {
      return;
    }
    DeviceId device = cursor.device();
    if (log.participants().isIn(device.owner())
        && lag(device) == 0
        && cursor.settlesInLog(log.last())) {
      out.add(new Note(new Settled(device, log.last(), now)));
    }
  }

  /// A device that has long been gone has no place here any more; one that is attached is not gone.
  void forget(DeviceId device, Instant now, List<ConversationEffect> out) {
    Cursor cursor = cursors.get(device);
    if (cursor != null && cursor.leg() == null) {
      cursors.remove(device);
      out.add(new Note(new Forgotten(device, now)));
    }
  }

  private void detach(LegId leg) {
    Cursor cursor = attached.remove(leg);
    if (cursor != null) {
      cursor.detach();
    }
  }

  void delivered(ConversationEvent.Delivered answer, Instant now, List<ConversationEffect> out) {
    Cursor cursor = attached.get(answer.leg());
    Cursor.Leg leg = cursor == null ? null : cursor.leg();
    if (cursor == null || leg == null) {
      out.add(new Count(Counted.STALE_ANSWER));
      return;
    }
    if (!isFinal(answer.outcome())) {
      detach(answer.leg());
    } else if (cursor.answered(leg, answer.sequence())) {
      note(cursor, answer.sequence(), answer.outcome(), now, out);
      follow(cursor, now, out);
    } else {
      out.add(new Count(Counted.STALE_ANSWER));
    }
  }

  private static void note(
      Cursor cursor,
      long sequence,
      DeliveryOutcome outcome,
      Instant now,
      List<ConversationEffect> out) {
    out.add(new Note(new Answer(cursor.device(), sequence, outcome, now)));
    if (outcome instanceof DeliveryOutcome.Refused) {
      out.add(new Count(Counted.COPY_REFUSED_BY_DEVICE));
    }
  }

  void readBack(ConversationEvent.ReadBack read, Instant now, List<ConversationEffect> out) {
    Cursor cursor = attached.get(read.leg());
    Cursor.Leg leg = cursor == null ? null : cursor.leg();
    if (cursor == null || leg == null || !leg.endsReading(read.from())) {
      return;
    }
    for (Entry entry : read.entries()) {
      if (entry.sequence() <= log.last()) {
        leg.readBack().addLast(log.render(entry));
      }
    }
    if (!leg.readBack().isEmpty()) {
      follow(cursor, now, out);
    }
  }

  /// Something was committed: whoever is at the tail gets it.
  void followAll(Instant now, List<ConversationEffect> out) {
    attached.values().forEach(cursor -> follow(cursor, now, out));
  }

  private void follow(Cursor cursor, Instant now, List<ConversationEffect> out) {
    Cursor.Leg leg = cursor.leg();
    while (leg != null && leg.mayTakeAnother()) {
      Optional<Rendering> next = next(cursor, leg, out);
      if (next.isEmpty()) {
        return;
      }
      offer(next.get(), cursor, leg, now, out);
    }
  }

  /// The next entry that this device may see; empty at the end of the log, or when the store has to
  /// be asked first. Somebody who left gets nothing, not even what was said before.
  private Optional<Rendering> next(Cursor cursor, Cursor.Leg leg, List<ConversationEffect> out) {
    AddressOfRecord owner = cursor.device().owner();
    if (!log.participants().isIn(owner)) {
      return Optional.empty();
    }
    long next = Math.min(log.participants().nextSeen(owner, leg.next()), log.last() + 1);
    cursor.movedTo(leg, next);
    if (next > log.last()) {
      return Optional.empty();
    }
    Optional<Rendering> read = leg.nextReadBack();
    if (read.isPresent() || log.tail.covers(next)) {
      return read.or(() -> log.tail.at(next));
    }
    if (leg.beginsReading(next)) {
      out.add(new Read(leg.id, next));
    }
    return Optional.empty();
  }

  private void offer(
      Rendering entry, Cursor cursor, Cursor.Leg leg, Instant now, List<ConversationEffect> out) {
    long sequence = entry.sequence();
    if (cursor.hasAnswered(sequence)
        || !Audience.includes(cursor.device(), entry.entry(), log.participants())) {
      cursor.movedTo(leg, sequence + 1);
      return;
    }
    switch (entry.on(cursor.device(), leg.profile)) {
      case Rendered.Copy copy -> {
        cursor.sent(leg, sequence);
        out.add(
            new Deliver(
                leg.id,
                sequence,
                entry.messageId(),
                copy.contentType(),
                copy.body(),
                entry.hidesAuthorFrom(cursor.device().owner())));
      }
      case Rendered.Unfit unfit -> {
        cursor.passedOver(leg, sequence);
        passedOver(cursor, sequence, unfit, now, out);
      }
    }
  }

  private static void passedOver(
      Cursor cursor,
      long sequence,
      Rendered.Unfit unfit,
      Instant now,
      List<ConversationEffect> out) {
    DeliveryOutcome refused = new DeliveryOutcome.Refused(unfit.status());
    if (unfit.expected()) {
      out.add(new Note(new Answer(cursor.device(), sequence, refused, now)));
    } else {
      note(cursor, sequence, refused, now, out);
    }
  }

  /// The cursors of attached devices, with a leg each.
  Collection<Cursor> attached() {
    return attached.values();
  }

  boolean owesTo(DeviceId device) {
    return lag(device) > 0;
  }

  /// How many log entries the device is behind the newest one that it is to get.
  long lag(DeviceId device) {
    if (!log.participants().isIn(device.owner())) {
      return 0;
    }
    Cursor cursor = cursors.get(device);
    return Math.max(0, log.newestFor(device) - (cursor == null ? 0 : cursor.position()));
  }

  Map<DeviceId, Long> lags() {
    Map<DeviceId, Long> lags = new HashMap<>();
    cursors.keySet().forEach(device -> lags.put(device, lag(device)));
    return lags;
  }
}
