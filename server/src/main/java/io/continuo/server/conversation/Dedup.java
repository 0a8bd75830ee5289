package io.continuo.server.conversation;

import io.continuo.server.imdn.DispositionRouting;
import java.time.Duration;
import java.time.Instant;

/// Which submissions are in the log already. Threading: the conversation's loop.
final class Dedup {
  /// Keys remembered for one conversation; the eldest are forgotten first.
  static final int MAX_KEYS = 100_000;

  /// How long a message without an id is recognised when it is sent again: a client that did not
  /// see the answer tries within minutes. Not kept over a restart.
  static final Duration RESEND_WINDOW = Duration.ofMinutes(10);

  /// Messages without an id that are remembered; the eldest are forgotten first.
  static final int MAX_RESENDS = 1_000;

  private final Remembered<SubmissionKey, Boolean> logged;
  private final Remembered<SubmissionKey, Boolean> resends =
      new Remembered<>(RESEND_WINDOW, MAX_RESENDS);

  Dedup(Duration window) {
    logged = new Remembered<>(window, MAX_KEYS);
  }

  boolean knows(SubmissionKey key, Instant now) {
    return of(key).knows(key, now);
  }

  void keep(SubmissionKey key, Instant at) {
    of(key).keep(key, true, at);
  }

  /// Remembers what the entry itself tells, which is all there is after a restart.
  void keep(Entry entry) {
    switch (entry) {
      case Entry.Message message ->
          keep(new SubmissionKey.ByMessageId(message.sender(), message.messageId()), message.at());
      case Entry.Disposition receipt -> keep(receipt);
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> {}
    }
  }

  private void keep(Entry.Disposition receipt) {
    keep(new SubmissionKey.ByMessageId(receipt.reporter(), receipt.messageId()), receipt.at());
    if (DispositionRouting.isOncePerSubscriber(receipt.disposition())) {
      keep(
          new SubmissionKey.ByReport(
              receipt.reporterDevice(), receipt.reported(), receipt.disposition()),
          receipt.at());
    }
  }

  private Remembered<SubmissionKey, Boolean> of(SubmissionKey key) {
    return switch (key) {
      case SubmissionKey.ByMessageId _, SubmissionKey.ByReport _ -> logged;
      case SubmissionKey.ByTransport _ -> resends;
    };
  }
}
