package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Who wrote which message, and what has been reported to its sender: what is remembered of
/// messages for their receipts, longer than the bodies. Threading: the conversation's loop.
final class Receipts {
  /// Messages, and reports, remembered for one conversation; the eldest are forgotten first, and
  /// receipts for them are dropped as unknown.
  static final int MAX_REMEMBERED = 100_000;

  private final Remembered<String, List<Sent>> sent;
  private final Remembered<Reported, Boolean> reported;

  /// A message by its sender. Two senders may have used one id.
  record Sent(AddressOfRecord sender, long sequence) {}

  private record Reported(AddressOfRecord reporter, String messageId, String disposition) {}

  Receipts(Duration memory) {
    sent = new Remembered<>(memory, MAX_REMEMBERED);
    reported = new Remembered<>(memory, MAX_REMEMBERED);
  }

  void keep(Entry entry) {
    switch (entry) {
      case Entry.Message message -> keep(message);
      case Entry.Disposition receipt -> {
        if (receipt.forwarded()) {
          reported.keep(of(receipt), true, receipt.at());
        }
      }
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> {}
    }
  }

  private void keep(Entry.Message message) {
    List<Sent> all = new ArrayList<>(sent(message.messageId(), message.at()));
    all.add(new Sent(message.sender(), message.sequence()));
    sent.keep(message.messageId(), List.copyOf(all), message.at());
  }

  List<Sent> sent(String messageId, Instant now) {
    return sent.find(messageId, now).orElse(List.of());
  }

  /// Whether the sender was told the same by another (or this) device of that subscriber.
  boolean wasReported(AddressOfRecord reporter, String messageId, String disposition, Instant now) {
    return reported.knows(new Reported(reporter, messageId, disposition), now);
  }

  private static Reported of(Entry.Disposition receipt) {
    return new Reported(receipt.reporter(), receipt.reported(), receipt.disposition());
  }
}
