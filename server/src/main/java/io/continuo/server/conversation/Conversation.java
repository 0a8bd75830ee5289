package io.continuo.server.conversation;

import io.continuo.msrp.ContentType;
import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.conversation.ConversationEffect.Append;
import io.continuo.server.conversation.ConversationEffect.Appended;
import io.continuo.server.conversation.ConversationEffect.Count;
import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.ConversationEffect.Relay;
import io.continuo.server.conversation.ConversationEffect.Respond;
import io.continuo.server.conversation.ConversationEvent.Submit;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.imdn.DispositionRouting;
import io.continuo.server.imdn.DispositionRouting.Candidate;
import io.continuo.server.imdn.DispositionRouting.Report;
import io.continuo.server.imdn.DispositionRouting.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One conversation: an append-only log, and a cursor in it for each device.
///
/// State is what is committed plus what is pending. An entry is made pending with the next sequence
/// number and an [Append]; when the store says [ConversationEvent.Committed] it becomes visible, its
/// sender is answered, and every cursor at the tail moves. A failed append fails all pending ones,
/// and the state is the committed one again. A change of membership that is lost this way is not
/// tried again by itself: [#participants] tells, and [ConversationEvent.Open] may be said as often
/// as one likes.
///
/// Pure: time comes in, effects go out in the order in which they are to be done.
/// Threading: the conversation's loop.
public final class Conversation {
  private final ConversationId id;
  private final ImdnSettings imdn;
  private final MessageIds ids;
  private final LogState log;
  private final Fanout fanout;
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
    this.imdn = imdn;
    this.ids = ids;
    this.log = new LogState(session, imdn);
    this.fanout = new Fanout(log);
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
      case Submit submit -> submit(submit, now, out);
      case ConversationEvent.Attach attach -> fanout.attach(attach, now, out);
      case ConversationEvent.Detach detach -> fanout.detach(detach.leg());
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
    append(Pending.Append.of(membership), out);
    expected = expected.with(membership);
  }

  private boolean nothingSaid() {
    return nextSequence() == 1;
  }

  // Submissions

  private void submit(Submit submit, Instant now, List<ConversationEffect> out) {
    AddressOfRecord sender = submit.device().owner();
    if (nothingSaid()) {
      unavailable(submit, "conversation not open", out);
    } else if (!expected.isIn(sender)) {
      refuse(submit, StatusCode.FORBIDDEN, "not a participant", out);
    } else {
      switch (Submission.read(submit)) {
        case Submission.Chat chat -> chat(chat, submit, now, out);
        case Submission.Receipt receipt -> receipt(receipt, submit, now, out);
        case Submission.Typing typing -> typing(typing, submit, out);
        case Submission.Unacceptable no -> refuse(submit, no.status(), no.reason(), out);
      }
    }
  }

  private void chat(
      Submission.Chat chat, Submit submit, Instant now, List<ConversationEffect> out) {
    AddressOfRecord sender = submit.device().owner();
    SubmissionKey key =
        chat.messageId()
            .<SubmissionKey>map(given -> new SubmissionKey.ByMessageId(sender, given))
            .orElseGet(() -> SubmissionKey.ByTransport.of(submit));
    if (isRepeated(key, submit, now, out) || mustWait(submit, out)) {
      return;
    }
    Entry.Message entry =
        new Entry.Message(
            nextSequence(),
            now,
            sender,
            submit.device(),
            chat.messageId().orElseGet(ids::next),
            submit.contentType(),
            submit.body());
    append(Pending.Append.of(entry, List.of(key), submit.reply()), out);
  }

  private void receipt(
      Submission.Receipt receipt, Submit submit, Instant now, List<ConversationEffect> out) {
    List<SubmissionKey> keys = keys(receipt, submit);
    for (SubmissionKey key : keys) {
      if (isRepeated(key, submit, now, out)) {
        return;
      }
    }
    switch (DispositionRouting.route(report(receipt, submit, now), imdn.policy())) {
      case Route.Forward to -> record(receipt, submit, to.sender(), true, keys, now, out);
      case Route.RecordOnly of -> record(receipt, submit, of.sender(), false, keys, now, out);
      case Route.UnknownMessage _ ->
          drop(submit, Counted.DISPOSITION_DROPPED_UNKNOWN_MESSAGE, out);
      case Route.NotInAudience _ ->
          drop(submit, Counted.DISPOSITION_DROPPED_NOT_IN_AUDIENCE, out);
    }
  }

  private static List<SubmissionKey> keys(Submission.Receipt receipt, Submit submit) {
    List<SubmissionKey> keys = new ArrayList<>();
    receipt
        .messageId()
        .ifPresent(
            given -> keys.add(new SubmissionKey.ByMessageId(submit.device().owner(), given)));
    String status = receipt.imdn().status();
    if (DispositionRouting.isOncePerSubscriber(status)) {
      keys.add(
          new SubmissionKey.ByReport(submit.device(), receipt.imdn().messageId(), status));
    }
    return keys.isEmpty() ? List.of(SubmissionKey.ByTransport.of(submit)) : keys;
  }

  private Report report(Submission.Receipt receipt, Submit submit, Instant now) {
    AddressOfRecord reporter = submit.device().owner();
    String reported = receipt.imdn().messageId();
    List<Candidate> candidates =
        log.receipts.sent(reported, now).stream()
            .map(
                sent ->
                    new Candidate(
                        sent.sender(), log.participants().sees(reporter, sent.sequence())))
            .toList();
    String status = receipt.imdn().status();
    boolean toldBefore =
        log.receipts.wasReported(reporter, reported, status, now)
            || pending.reports(reporter, reported, status);
    return new Report(reporter, status, receipt.named(), candidates, toldBefore);
  }

  private void record(
      Submission.Receipt receipt,
      Submit submit,
      AddressOfRecord toSubscriber,
      boolean forwarded,
      List<SubmissionKey> keys,
      Instant now,
      List<ConversationEffect> out) {
    if (mustWait(submit, out)) {
      return;
    }
    String messageId = receipt.messageId().orElseGet(ids::next);
    boolean bare = !receipt.inCpim();
    Entry.Disposition entry =
        new Entry.Disposition(
            nextSequence(),
            now,
            submit.device().owner(),
            submit.device(),
            messageId,
            receipt.imdn().messageId(),
            receipt.imdn().status(),
            toSubscriber,
            forwarded,
            bare ? ContentType.CPIM : submit.contentType(),
            bare ? wrapped(submit, toSubscriber, messageId, now) : submit.body());
    append(Pending.Append.of(entry, keys, submit.reply()), out);
  }

  private static byte[] wrapped(
      Submit bare, AddressOfRecord toSubscriber, String messageId, Instant now) {
    return CpimMessage.builder()
        .from(bare.device().owner().uri())
        .to(toSubscriber.uri())
        .dateTime(now)
        .imdn("Message-ID", messageId)
        .content(bare.contentType(), bare.body())
        .build()
        .toBytes();
  }

  /// The reporter did its part: it is answered as if all were well (RFC 5438 §8.3), so that it does
  /// not try again.
  private static void drop(Submit submit, Counted why, List<ConversationEffect> out) {
    out.add(new Count(why));
    out.add(new Respond(submit.reply(), new SubmitResult.Accepted()));
  }

  private void typing(
      Submission.Typing typing, Submit submit, List<ConversationEffect> out) {
    out.add(new Respond(submit.reply(), new SubmitResult.Accepted()));
    AddressOfRecord writer = submit.device().owner();
    CpimNames names =
        new CpimNames(isGroup(), imdn.ownCopies(), writer, log.participants().otherThan(writer));
    for (Cursor cursor : fanout.attached()) {
      AddressOfRecord reader = cursor.device().owner();
      Cursor.Leg leg = cursor.leg();
      if (leg != null && !reader.equals(writer) && log.participants().isIn(reader)) {
        relay(typing, submit, names, reader, leg).ifPresent(out::add);
      }
    }
  }

  private static Optional<Relay> relay(
      Submission.Typing typing,
      Submit submit,
      CpimNames names,
      AddressOfRecord reader,
      Cursor.Leg leg) {
    boolean takes =
        typing.cpim().isPresent()
            ? leg.profile.takesInCpim(ContentType.IS_COMPOSING)
            : leg.profile.takes(ContentType.IS_COMPOSING);
    byte[] body =
        typing
            .cpim()
            .map(received -> names.shownTo(reader, received))
            .filter(shown -> shown != typing.cpim().get())
            .map(CpimMessage::toBytes)
            .orElse(submit.body());
    return takes && body.length <= leg.profile.maxSize()
        ? Optional.of(new Relay(leg.id, submit.contentType(), body))
        : Optional.empty();
  }

  /// Whether this was said before. It is answered at once when that is in the log, else together
  /// with the first one.
  private boolean isRepeated(
      SubmissionKey key, Submit submit, Instant now, List<ConversationEffect> out) {
    Optional<Pending.Append> waiting = pending.find(key);
    if (waiting.isPresent()) {
      waiting.get().senders().add(submit.reply());
    } else if (log.dedup.knows(key, now)) {
      out.add(new Respond(submit.reply(), new SubmitResult.Duplicate()));
    } else {
      return false;
    }
    out.add(new Count(Counted.DUPLICATE_SUPPRESSED));
    return true;
  }

  private boolean mustWait(Submit submit, List<ConversationEffect> out) {
    boolean must = pending.isSettling() || pending.isFull();
    if (must) {
      unavailable(submit, "store is behind", out);
    }
    return must;
  }

  private static void unavailable(
      Submit submit, String reason, List<ConversationEffect> out) {
    out.add(new Count(Counted.SUBMISSION_UNAVAILABLE));
    out.add(new Respond(submit.reply(), new SubmitResult.Unavailable(reason)));
  }

  private static void refuse(
      Submit submit, int status, String reason, List<ConversationEffect> out) {
    out.add(new Count(Counted.SUBMISSION_REFUSED));
    out.add(new Respond(submit.reply(), new SubmitResult.Refused(status, reason)));
  }

  /// A barrier: answered behind everything that is pending now.
  private void probe(Reply reply, List<ConversationEffect> out) {
    pending
        .newest()
        .ifPresentOrElse(
            newest -> newest.barriers().add(reply),
            () -> out.add(new Respond(reply, new SubmitResult.Accepted())));
  }

  // The store

  private long nextSequence() {
    return pending.newest().map(newest -> newest.entry().sequence()).orElse(log.last()) + 1;
  }

  private void append(Pending.Append append, List<ConversationEffect> out) {
    pending.add(append);
    out.add(new Append(append.entry()));
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

  /// Whether a message of this id is remembered here, for receipts that name no conversation.
  public boolean knowsMessage(String messageId) {
    return log.receipts.knowsMessage(messageId) || pending.knowsMessage(messageId);
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
    return new Stats(
        log.entries(), pending.size(), fanout.attached().size(), fanout.lags());
  }
}
