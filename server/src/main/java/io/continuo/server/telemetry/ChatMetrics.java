package io.continuo.server.telemetry;

import io.continuo.server.conversation.ConversationEffect.Counted;
import io.continuo.server.conversation.DeliveryOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// What happens in chats (`chat.*`). Called by the effect runner and the channels.
///
/// Threading: any thread; a counter is a few nanoseconds. The suppliers are called by a scrape, on
/// a thread of the operations server, so they must be safe there and quick.
public final class ChatMetrics {
  private final MeterRegistry registry;
  private final Counter messagesAccepted;
  private final Counter dispositionsAccepted;
  private final Counter duplicatesSuppressed;
  private final Counter unknownMessage;
  private final Counter notInAudience;
  private final Counter dispositionsNotForwarded;
  private final Counter staleAnswers;
  private final Counter copiesSent;
  private final Counter copiesRefused;
  private final Counter submissionsRefused;
  private final Counter submissionsUnavailable;
  private final Counter membershipLost;
  private final Counter copiesDelivered;
  private final Counter copiesUnreachable;
  private final Counter gaps;
  private final Timer latency;
  private volatile Supplier<CursorLag> lagSource = () -> CursorLag.NONE;
  private volatile CursorLag lag = CursorLag.NONE;

  ChatMetrics(MeterRegistry registry) {
    this.registry = registry;
    messagesAccepted = counter("chat.messages.accepted", "messages made durable");
    dispositionsAccepted =
        counter("chat.dispositions.accepted", "disposition notifications made durable");
    duplicatesSuppressed =
        counter("chat.duplicates.suppressed", "messages handed in again, answered, not logged");
    unknownMessage = dropped("unknown-message");
    notInAudience = dropped("not-in-audience");
    dispositionsNotForwarded =
        counter("chat.dispositions.not.forwarded", "notifications recorded only");
    staleAnswers = counter("chat.delivery.stale.answers", "answers of a leg that was replaced");
    copiesSent = counter("chat.delivery.copies.sent", "copies that were written to a device");
    copiesRefused =
        counter("chat.delivery.copies.refused", "copies that a device refused for good");
    submissionsRefused = counter("chat.submissions.refused", "what devices handed in, refused");
    submissionsUnavailable =
        counter("chat.submissions.unavailable", "what devices handed in, not kept by the store");
    membershipLost =
        counter("chat.membership.lost", "joins and leaves that the store could not keep");
    copiesDelivered = counter("chat.delivery.copies.delivered", "copies that a device took");
    copiesUnreachable =
        counter(
            "chat.delivery.copies.unreachable", "copies whose device was gone; sent again later");
    gaps = counter("chat.delivery.gaps", "entries missing between two copies to one device");
    latency =
        Timer.builder("chat.delivery.latency")
            .description("from handing a copy to a device's channel to its answer")
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1))
            .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Counter dropped(String reason) {
    return Counter.builder("chat.dispositions.dropped")
        .description("notifications that went nowhere")
        .tag("reason", reason)
        .register(registry);
  }

  /// For [io.continuo.server.conversation.ConversationEffect.Count].
  public void count(Counted what) {
    counterOf(what).increment();
  }

  private Counter counterOf(Counted what) {
    return switch (what) {
      case MESSAGE_ACCEPTED -> messagesAccepted;
      case DISPOSITION_ACCEPTED -> dispositionsAccepted;
      case DUPLICATE_SUPPRESSED -> duplicatesSuppressed;
      case DISPOSITION_DROPPED_UNKNOWN_MESSAGE -> unknownMessage;
      case DISPOSITION_DROPPED_NOT_IN_AUDIENCE -> notInAudience;
      case DISPOSITION_NOT_FORWARDED -> dispositionsNotForwarded;
      case STALE_ANSWER -> staleAnswers;
      case COPY_REFUSED_BY_DEVICE -> copiesRefused;
      case SUBMISSION_REFUSED -> submissionsRefused;
      case SUBMISSION_UNAVAILABLE -> submissionsUnavailable;
      case MEMBERSHIP_CHANGE_LOST -> membershipLost;
    };
  }

  /// A copy was handed to a device's channel.
  public void copySent() {
    copiesSent.increment();
  }

  /// What a device answered to a copy, so long after it was handed to the device's channel;
  /// [Counted#COPY_REFUSED_BY_DEVICE] counts refusals.
  public void copyAnswered(DeliveryOutcome outcome, Duration took) {
    switch (outcome) {
      case DeliveryOutcome.Delivered _ -> {
        copiesDelivered.increment();
        latency.record(took);
      }
      case DeliveryOutcome.Unreachable _ -> copiesUnreachable.increment();
      case DeliveryOutcome.Refused _ -> {}
    }
  }

  /// Entries that a device should have got before the one it got. Always 0, or something is wrong.
  public void gap(long entries) {
    gaps.increment(entries);
  }

  /// Chat sessions that are live.
  public void liveSessions(LongSupplier live) {
    Gauge.builder("chat.sessions.live", live, LongSupplier::getAsLong)
        .description("chat sessions with a leg")
        .strongReference(true)
        .register(registry);
  }

  /// Messages that are too large for memory and unfinished.
  ///
  /// @param open how many
  /// @param bytes what their files take
  public void uploads(LongSupplier open, LongSupplier bytes) {
    Gauge.builder("chat.uploads.open", open, LongSupplier::getAsLong)
        .description("large messages that are unfinished")
        .strongReference(true)
        .register(registry);
    Gauge.builder("chat.uploads.bytes", bytes, LongSupplier::getAsLong)
        .description("bytes that their files take")
        .strongReference(true)
        .register(registry);
  }

  /// How far the cursors of attached and waiting devices are behind the ends of their logs. The
  /// supplier may wait for the loops: it is asked once a scrape, not once a gauge.
  public void cursorLag(Supplier<CursorLag> lag) {
    lagGauge("chat.cursor.lag.max", "entries the slowest device is behind", CursorLag::max);
    lagGauge("chat.cursor.lag", "entries all devices are behind", CursorLag::total);
    lagGauge("chat.cursor.lag.behind", "devices that are behind", CursorLag::behind);
    lagSource = lag;
  }

  private void lagGauge(String name, String description, ToLongFunction<CursorLag> part) {
    Gauge.builder(name, this, chat -> part.applyAsLong(chat.lag))
        .description(description)
        .register(registry);
  }

  /// Before a scrape.
  void measure() {
    lag = lagSource.get();
  }

  /// The lag of all cursors in loaded conversations. Not one gauge a device: there may be millions.
  ///
  /// @param max entries that the slowest is behind
  /// @param total entries that all are behind, together
  /// @param behind cursors that are behind at all
  public record CursorLag(long max, long total, long behind) {
    public static final CursorLag NONE = new CursorLag(0, 0, 0);
  }
}
