package io.continuo.server.conversation;

import io.continuo.msrp.ContentType;
import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.server.configuration.ImdnSettings;
import io.continuo.server.configuration.ImdnSettings.NoForkCopies;
import io.continuo.server.conversation.ConversationEffect.Append;
import io.continuo.server.conversation.ConversationEffect.Count;
import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.ConversationEffect.Respond;
import io.continuo.server.conversation.ConversationEvent.Submit;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.AnonymousUri;
import io.continuo.server.imdn.DispositionRouting;
import io.continuo.server.imdn.DispositionRouting.Candidate;
import io.continuo.server.imdn.DispositionRouting.Report;
import io.continuo.server.imdn.DispositionRouting.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The way of a submission up to its append: refused, recognised as one of before, relayed, or made
/// an entry that is pending. Threading: the conversation's loop.
final class Intake {
  private final LogState log;
  private final Pending pending;
  private final Fanout fanout;
  private final ImdnSettings imdn;
  private final MessageIds ids;

  Intake(LogState log, Pending pending, Fanout fanout, ImdnSettings imdn, MessageIds ids) {
    this.log = log;
    this.pending = pending;
    this.fanout = fanout;
    this.imdn = imdn;
    this.ids = ids;
  }

  /// Takes or refuses what a device handed in.
  ///
  /// @param expected the membership when everything pending is committed
  void take(Submit submit, Participants expected, Instant now, List<ConversationEffect> out) {
    if (nextSequence() == 1) {
      unavailable(submit, "conversation not open", out);
      return;
    }
    Submission submission = Submission.read(submit);
    // Who has left may still say what became of a message that it got.
    boolean needsNoPart = submission instanceof Submission.Receipt;
    if (!needsNoPart && !expected.isIn(submit.device().owner())) {
      refuse(submit, StatusCode.FORBIDDEN, "not a participant", out);
      return;
    }
    switch (submission) {
      case Submission.Chat chat -> chat(chat, submit, now, out);
      case Submission.Receipt receipt -> receipt(receipt, submit, now, out);
      case Submission.Typing typing -> typing(typing, submit, now, out);
      case Submission.Unacceptable no -> refuse(submit, no.status(), no.reason(), out);
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
            submit.body(),
            submit.anonymous(),
            submit.noFork() && imdn.noForkCopies() == NoForkCopies.WITHHOLD);
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
      case Route.UnknownMessage _ -> drop(submit, Counted.DISPOSITION_DROPPED_UNKNOWN_MESSAGE, out);
      case Route.NotInAudience _ -> drop(submit, Counted.DISPOSITION_DROPPED_NOT_IN_AUDIENCE, out);
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
      keys.add(new SubmissionKey.ByReport(submit.device(), receipt.imdn().messageId(), status));
    }
    return keys.isEmpty() ? List.of(SubmissionKey.ByTransport.of(submit)) : keys;
  }

  private Report report(Submission.Receipt receipt, Submit submit, Instant now) {
    AddressOfRecord reporter = submit.device().owner();
    String reported = receipt.imdn().messageId();
    List<Candidate> candidates =
        log.receipts.sent(reported, now).stream()
            .map(sent ->
                new Candidate(sent.sender(), log.participants().sees(reporter, sent.sequence())))
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
            bare ? Body.of(wrapped(submit, toSubscriber, messageId, now)) : submit.body(),
            submit.anonymous());
    append(Pending.Append.of(entry, keys, submit.reply()), out);
  }

  private static byte[] wrapped(
      Submit bare, AddressOfRecord toSubscriber, String messageId, Instant now) {
    return CpimMessage.builder()
        .from(bare.anonymous() ? AnonymousUri.TEXT : bare.device().owner().uri())
        .to(toSubscriber.uri())
        .dateTime(now)
        .imdn("Message-ID", messageId)
        .content(bare.contentType(), bare.body().whole())
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
      Submission.Typing typing, Submit submit, Instant now, List<ConversationEffect> out) {
    out.add(new Respond(submit.reply(), new SubmitResult.Accepted()));
    AddressOfRecord writer = submit.device().owner();
    Participants participants = log.participants();
    CpimNames names =
        new CpimNames(
            participants.group(),
            imdn.ownCopies(),
            writer,
            participants.otherThan(writer),
            submit.anonymous());
    Indication indication = new Indication(submit, typing.cpim(), names, now);
    for (Cursor cursor : fanout.attached()) {
      AddressOfRecord reader = cursor.device().owner();
      Cursor.Leg leg = cursor.leg();
      if (leg != null && !reader.equals(writer) && participants.isIn(reader)) {
        indication.on(leg, reader).ifPresent(out::add);
      }
    }
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

  private static void unavailable(Submit submit, String reason, List<ConversationEffect> out) {
    out.add(new Count(Counted.SUBMISSION_UNAVAILABLE));
    out.add(new Respond(submit.reply(), new SubmitResult.Unavailable(reason)));
  }

  private static void refuse(
      Submit submit, int status, String reason, List<ConversationEffect> out) {
    out.add(new Count(Counted.SUBMISSION_REFUSED));
    out.add(new Respond(submit.reply(), new SubmitResult.Refused(status, reason)));
  }

  private long nextSequence() {
    return pending.nextSequence(log.last());
  }

  private void append(Pending.Append append, List<ConversationEffect> out) {
    pending.add(append);
    out.add(new Append(append.entry()));
  }
}
