package io.continuo.server.telemetry;

import io.continuo.server.conversation.Answer;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What became of one message, from the log: who sent it, which devices answered what, and its
/// disposition notifications. Never its body.
///
/// @param messageId `imdn.Message-ID`
/// @param answers of devices to the message's copies, in log order
/// @param notifications that speak of it, in log order
public record MessageStory(
    String messageId,
    ConversationId conversation,
    Sent sent,
    List<Answered> answers,
    List<Notified> notifications) {
  public MessageStory {
    answers = List.copyOf(answers);
    notifications = List.copyOf(notifications);
  }

  /// The message was accepted.
  ///
  /// @param bytes of its body
  public record Sent(
      long sequence,
      Instant at,
      AddressOfRecord sender,
      DeviceId device,
      String contentType,
      long bytes) {}

  /// A device answered a copy.
  public record Answered(DeviceId device, DeliveryOutcome outcome, Instant at) {}

  /// A disposition notification was accepted.
  ///
  /// @param forwarded whether it went to the original sender's devices
  /// @param answers of devices to its copies
  public record Notified(
      long sequence,
      Instant at,
      AddressOfRecord reporter,
      DeviceId device,
      String disposition,
      boolean forwarded,
      List<Answered> answers) {
    public Notified {
      answers = List.copyOf(answers);
    }
  }

  /// The stories of every message with this id: one, unless clients used an id twice. Reads the
  /// conversations that the store names for it; when it names none, every one there is, as the
  /// message may be older than the store remembers. Blocks.
  public static List<MessageStory> find(ConversationLog log, String messageId)
      throws StoreUnavailable {
    List<ConversationId> named = log.conversationsWith(messageId);
    return find(log, named.isEmpty() ? log.conversations() : named, messageId);
  }

  private static List<MessageStory> find(
      ConversationLog log, List<ConversationId> conversations, String messageId)
      throws StoreUnavailable {
    List<MessageStory> stories = new ArrayList<>();
    for (ConversationId conversation : conversations) {
      List<LogRecord> records = log.load(conversation);
      for (LogRecord logged : records) {
        if (logged instanceof Entry.Message message && message.messageId().equals(messageId)) {
          stories.add(story(conversation, message, records));
        }
      }
    }
    return stories;
  }

  private static MessageStory story(
      ConversationId conversation, Entry.Message message, List<LogRecord> records) {
    return new MessageStory(
        message.messageId(),
        conversation,
        new Sent(
            message.sequence(),
            message.at(),
            message.sender(),
            message.senderDevice(),
            message.contentType(),
            message.body().length()),
        answers(message.sequence(), records),
        notifications(message, records));
  }

  private static List<Answered> answers(long sequence, List<LogRecord> records) {
    List<Answered> answers = new ArrayList<>();
    for (LogRecord logged : records) {
      if (logged instanceof Answer answer && answer.sequence() == sequence) {
        answers.add(new Answered(answer.device(), answer.outcome(), answer.at()));
      }
    }
    return answers;
  }

  private static List<Notified> notifications(Entry.Message message, List<LogRecord> records) {
    List<Notified> notifications = new ArrayList<>();
    for (LogRecord logged : records) {
      if (logged instanceof Entry.Disposition told
          && told.reported().equals(message.messageId())
          && told.toSubscriber().equals(message.sender())) {
        notifications.add(
            new Notified(
                told.sequence(),
                told.at(),
                told.reporter(),
                told.reporterDevice(),
                told.disposition(),
                told.forwarded(),
                answers(told.sequence(), records)));
      }
    }
    return notifications;
  }
}
