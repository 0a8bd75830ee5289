package io.continuo.server.telemetry;

import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.telemetry.MessageStory.Answered;
import io.continuo.server.telemetry.MessageStory.Notified;
import io.continuo.server.telemetry.MessageStory.Sent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A [MessageStory] for people and for programs: what `continuo trace` and `/trace` print.
public final class StoryText {
  private StoryText() {}

  /// Lines for people.
  public static String text(List<MessageStory> stories) {
    StringBuilder out = new StringBuilder();
    stories.forEach(story -> text(story, out));
    return out.toString();
  }

  private static void text(MessageStory story, StringBuilder out) {
    Sent sent = story.sent();
    out.append("message ").append(printable(story.messageId()));
    out.append(" in conversation ").append(story.conversation()).append('\n');
    line(out, 1, sent.at(), sent.at())
        .append(sent.sender())
        .append(" sent it from ")
        .append(printable(sent.device().instance()))
        .append(" (entry %d, %s, ".formatted(sent.sequence(), printable(sent.contentType())))
        .append("%d bytes)%n".formatted(sent.bytes()));
    answers(story.answers(), 1, sent.at(), out);
    story.notifications().forEach(notified -> text(notified, sent.at(), out));
  }

  private static void text(Notified notified, Instant sentAt, StringBuilder out) {
    line(out, 1, notified.at(), sentAt)
        .append(notified.reporter())
        .append(" reports '")
        .append(printable(notified.disposition()))
        .append("' from ")
        .append(printable(notified.device().instance()))
        .append(" (entry %d, ".formatted(notified.sequence()))
        .append(notified.forwarded() ? "forwarded to the sender)" : "not forwarded)")
        .append('\n');
    answers(notified.answers(), 2, sentAt, out);
  }

  private static void answers(
      List<Answered> answers, int depth, Instant sentAt, StringBuilder out) {
    if (answers.isEmpty()) {
      out.append("  ".repeat(depth)).append("no device has answered a copy\n");
    }
    for (Answered answered : answers) {
      line(out, depth, answered.at(), sentAt)
          .append(answered.device().owner())
          .append(' ')
          .append(printable(answered.device().instance()))
          .append(": ")
          .append(outcome(answered.outcome()))
          .append('\n');
    }
  }

  private static StringBuilder line(StringBuilder out, int depth, Instant at, Instant sentAt) {
    long millis = Duration.between(sentAt, at).toMillis();
    return out.append("  ".repeat(depth))
        .append(at.truncatedTo(ChronoUnit.MILLIS))
        .append(at.equals(sentAt) ? "  " : " +%d ms  ".formatted(millis));
  }

  private static String outcome(DeliveryOutcome outcome) {
    return switch (outcome) {
      case DeliveryOutcome.Delivered _ -> "has it";
      case DeliveryOutcome.Refused refused -> "refused it with " + refused.status();
      case DeliveryOutcome.Unreachable gone ->
          gone.status() == 0 ? "was gone" : "was not reached, " + gone.status();
    };
  }

  // Ids are peers' text: no control character of theirs reaches a terminal.
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  /// Lists and maps for a JSON writer.
  static List<Map<String, Object>> values(List<MessageStory> stories) {
    return stories.stream().map(StoryText::values).toList();
  }

  private static Map<String, Object> values(MessageStory story) {
    Sent sent = story.sent();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("messageId", story.messageId());
    values.put("conversation", story.conversation().value());
    values.put("sequence", sent.sequence());
    values.put("at", sent.at().toString());
    values.put("sender", sent.sender().uri());
    values.put("device", sent.device().instance());
    values.put("contentType", sent.contentType());
    values.put("bytes", sent.bytes());
    values.put("answers", story.answers().stream().map(StoryText::values).toList());
    values.put("notifications", story.notifications().stream().map(StoryText::values).toList());
    return values;
  }

  private static Map<String, Object> values(Notified notified) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("disposition", notified.disposition());
    values.put("sequence", notified.sequence());
    values.put("at", notified.at().toString());
    values.put("reporter", notified.reporter().uri());
    values.put("device", notified.device().instance());
    values.put("forwarded", notified.forwarded());
    values.put("answers", notified.answers().stream().map(StoryText::values).toList());
    return values;
  }

  private static Map<String, Object> values(Answered answered) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("subscriber", answered.device().owner().uri());
    values.put("device", answered.device().instance());
    values.put("at", answered.at().toString());
    switch (answered.outcome()) {
      case DeliveryOutcome.Delivered _ -> values.put("outcome", "delivered");
      case DeliveryOutcome.Refused refused -> {
        values.put("outcome", "refused");
        values.put("status", refused.status());
      }
      case DeliveryOutcome.Unreachable gone -> {
        values.put("outcome", "unreachable");
        values.put("status", gone.status());
      }
    }
    return values;
  }
}
