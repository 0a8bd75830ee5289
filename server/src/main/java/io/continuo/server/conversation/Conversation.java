package io.continuo.server.conversation;

import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.conversation.ConversationEffect.Append;
import io.continuo.server.conversation.ConversationEffect.Appended;
import io.continuo.server.conversation.ConversationEffect.Count;
import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.ConversationEffect.Respond;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One conversation: an append-only log, and a cursor in it for each device.
///
/// State is what is committed plus what is pending. An entry is made pending with the next sequence
/// number and an [Append]; when the store says [ConversationEvent.Committed] it becomes visible,
/// its sender is answered, and every cursor at the tail moves. A failed append fails all pending
/// ones, and the state is the committed one again. A change of membership that is lost this way is
/// not tried again by itself: [#participants] tells, and [ConversationEvent.Open] may be said as
/// often as one likes.
///
/// Pure: time comes in, effects go out in the order in which they are to be done. Threading: the
/// conversation's loop.
public final class Conversation {
  private final ConversationId id;
  private final LogState log;
  private final Fanout fanout;
  private final Intake intake;
  private final Pending pending = new Pending();

  /// The membership as it will be when everything pending is committed.
  private Participants expected = Participants.NONE;

  /// What an operator sees of a conversation.
  ///
  /// @param entries committed
  /// @param pending appends on their way to the disk
  /// @param attached legs
  /// @param lag by device: how many entries its cursor is behind what it may see
  public record Stats(long entries, int pending, int attached, Map<DeviceId, Long> lag) {
    public Stats {
      lag = Map.copyOf(lag);
    }
  }

  public Conversation(
      ConversationId id, SessionSettings session, ImdnSettings imdn, MessageIds ids) {
    this.id = id;
    this.log = new LogState(session, imdn);
    this.fanout = new Fanout(log);
    this.intake = new Intake(log, pending, fanout, imdn, ids);
  }

  /// The conversation that this log tells of, every record of it in log order. No leg is attached.
  public static Conversation restore(
      ConversationId id,
      SessionSettings session,
      ImdnSettings imdn,
      MessageIds ids,
      List<LogRecord> log) {
    Conversation conversation = new Conversation(id, session, imdn, ids);
    for (LogRecord each : log) {
      if (each instanceof Entry entry) {
        conversation.log.add(entry);
      }
    }
    conversation.expected = conversation.log.participants();
    conversation.fanout.restore(log);
    return conversation;
  }

  /// Takes one event; returns what is to be done, in this order.
  public List<ConversationEffect> on(ConversationEvent event, Instant now) {
    List<ConversationEffect> out = new ArrayList<>();
    switch (event) {
      case ConversationEvent.Open open -> open(open, now, out);
      case ConversationEvent.Submit submit -> intake.take(submit, expected, now, out);
      case ConversationEvent.Attach attach -> fanout.attach(attach, now, out);
      case ConversationEvent.Detach detach -> fanout.detached(detach.leg(), now, out);
      case ConversationEvent.Direction direction -> fanout.directed(direction, now, out);
      case ConversationEvent.Forget forget -> fanout.forget(forget.device(), now, out);
      case ConversationEvent.Delivered delivered -> fanout.delivered(delivered, now, out);
      case ConversationEvent.Committed committed -> committed(committed.sequence(), now, out);
      case ConversationEvent.AppendFailed failed -> failed(failed, out);
      case ConversationEvent.ReadBack read -> fanout.readBack(read, now, out);
      case ConversationEvent.Leave leave -> leave(leave.subscriber(), now, out);
      case ConversationEvent.Probe probe -> probe(probe.reply(), out);
      case ConversationEvent.EndSession _ -> endSession(now, out);
    }
    return out;
  }

  // Membership

  private void open(ConversationEvent.Open open, Instant now, List<ConversationEffect> out) {
    List<AddressOfRecord> all = open.participants().stream().distinct().toList();
    if (nothingSaid()) {
      change(new Entry.Opened(nextSequence(), now, open.group(), all), out);
      return;
    }
    for (AddressOfRecord subscriber : all) {
      if (!expected.isIn(subscriber)) {
        change(new Entry.Joined(nextSequence(), now, subscriber), out);
      }
    }
  }

  private void leave(AddressOfRecord subscriber, Instant now, List<ConversationEffect> out) {
    if (expected.isIn(subscriber)) {
      change(new Entry.Left(nextSequence(), now, subscriber), out);
    }
  }

  private void endSession(Instant now, List<ConversationEffect> out) {
    if (!nothingSaid()) {
      change(new Entry.SessionEnded(nextSequence(), now), out);
    }
  }

  private void change(Entry membership, List<ConversationEffect> out) {
    if (pending.isSettling() || pending.isFull()) {
      out.add(new Count(Counted.MEMBERSHIP_CHANGE_LOST));
      return;
    }
    pending.add(Pending.Append.of(membership));
    out.add(new Append(membership));
    expected = expected.with(membership);
  }

  private boolean nothingSaid() {
    return nextSequence() == 1;
  }

  private long nextSequence() {
    return pending.nextSequence(log.last());
  }

  // The store

  /// A barrier: answered behind everything that is pending now.
  private void probe(Reply reply, List<ConversationEffect> out) {
    pending
        .newest()
        .ifPresentOrElse(
            newest -> newest.barriers().add(reply),
            () -> out.add(new Respond(reply, new SubmitResult.Accepted())));
  }

  /// Answers first, copies then: a sender's answer does not wait for the fan-out.
  private void committed(long sequence, Instant now, List<ConversationEffect> out) {
    Pending.Append append = pending.committed(sequence);
    Set<AddressOfRecord> audience = log.add(append.entry());
    append.keys().forEach(key -> log.dedup.keep(key, append.entry().at()));
    expected = pending.foldOnto(log.participants());
    out.addAll(append.succeeded());
    count(append.entry(), out);
    out.add(new Appended(append.entry(), audience));
    fanout.followAll(now, out);
  }

  private static void count(Entry entry, List<ConversationEffect> out) {
    switch (entry) {
      case Entry.Message _ -> out.add(new Count(Counted.MESSAGE_ACCEPTED));
      case Entry.Disposition receipt -> {
        out.add(new Count(Counted.DISPOSITION_ACCEPTED));
        if (!receipt.forwarded()) {
          out.add(new Count(Counted.DISPOSITION_NOT_FORWARDED));
        }
      }
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> {}
    }
  }

  private void failed(ConversationEvent.AppendFailed failed, List<ConversationEffect> out) {
    for (Pending.Append lost : pending.failed(failed.sequence())) {
      lost.senders().forEach(_ -> out.add(new Count(Counted.SUBMISSION_UNAVAILABLE)));
      if (lost.senders().isEmpty()) {
        out.add(new Count(Counted.MEMBERSHIP_CHANGE_LOST));
      }
      out.addAll(lost.failed(failed.reason()));
    }
    expected = pending.foldOnto(log.participants());
  }

  // Looking at it

  public ConversationId id() {
    return id;
  }

  /// Whether it has been opened: its log is not empty.
  public boolean isOpen() {
    return log.last() > 0;
  }

  public boolean isGroup() {
    return expected.group();
  }

  /// Who takes part now (joined and not left), those included whose joining is still pending.
  public Set<AddressOfRecord> participants() {
    return expected.current();
  }

  /// Whether this subscriber ever took part.
  public boolean has(AddressOfRecord subscriber) {
    return expected.everTookPart(subscriber);
  }

  /// Whether a committed entry waits for this device: one that it may see, did not send itself and
  /// has not answered. False for a device of somebody who left.
  public boolean owesTo(DeviceId device, AddressOfRecord owner) {
    return device.owner().equals(owner) && fanout.owesTo(device);
  }

  /// Whether this entry is one that the subscriber may see.
  public boolean maySee(AddressOfRecord subscriber, Entry entry) {
    return Audience.holds(subscriber, entry, log.participants());
  }

  /// How many log entries the device is behind the newest one it is to get.
  public long lag(DeviceId device) {
    return fanout.lag(device);
  }

  public Stats stats() {
    return new Stats(log.entries(), pending.size(), fanout.attached().size(), fanout.lags());
  }
}
