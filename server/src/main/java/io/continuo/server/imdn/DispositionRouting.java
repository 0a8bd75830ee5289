package io.continuo.server.imdn;

import io.continuo.server.configuration.ImdnSettings.Policy;
import io.continuo.server.identity.AddressOfRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where a disposition notification goes (RFC 5438 §8.3, §9): to every device of whoever wrote the
/// message that it speaks of, and to the siblings of the device that reports. Pure.
///
/// Only messages can be reported on: a notification is none, so there is never a notification for a
/// notification.
public final class DispositionRouting {

  /// What a subscriber has done with a message as a whole, however many devices say so: the first
  /// one tells it all. A refusal or an error is each device's own.
  private static final Set<String> ONCE_PER_SUBSCRIBER =
      Set.of("delivered", "displayed", "processed", "stored");

  private DispositionRouting() {}

  /// A message of the id that was reported on. Clients invent the ids, so there may be several.
  ///
  /// @param reporterSaw whether the reporting subscriber was in its audience
  public record Candidate(AddressOfRecord sender, boolean reporterSaw) {}

  /// What is reported.
  ///
  /// @param named whom the notification itself is addressed to, when it says so: tells candidates
  ///   apart, and nothing else
  /// @param toldBefore whether the sender knows the same of that subscriber already
  public record Report(
      AddressOfRecord reporter,
      String disposition,
      Set<AddressOfRecord> named,
      List<Candidate> candidates,
      boolean toldBefore) {
    public Report {
      named = Set.copyOf(named);
      candidates = List.copyOf(candidates);
    }
  }

  /// What becomes of a report.
  public sealed interface Route {
    /// To all devices of this sender, and to the siblings of the reporting device.
    record Forward(AddressOfRecord sender) implements Route {}

    /// Kept in the log as that device's truth; nobody is told.
    record RecordOnly(AddressOfRecord sender) implements Route {}

    /// Nobody wrote such a message, or it is forgotten by now.
    record UnknownMessage() implements Route {}

    /// The reporter cannot have seen that message.
    record NotInAudience() implements Route {}
  }

  public static Route route(Report report, Policy policy) {
    if (report.candidates().isEmpty()) {
      return new Route.UnknownMessage();
    }
    List<Candidate> seen = report.candidates().stream().filter(Candidate::reporterSaw).toList();
    if (seen.isEmpty()) {
      return new Route.NotInAudience();
    }
    Optional<AddressOfRecord> sender = sender(report, seen);
    if (sender.isEmpty()) {
      return new Route.RecordOnly(report.reporter());
    }
    return isSuppressed(report, policy)
        ? new Route.RecordOnly(sender.get())
        : new Route.Forward(sender.get());
  }

  /// The sender that is told: never the reporter's own subscriber, whose device got a copy only.
  private static Optional<AddressOfRecord> sender(Report report, List<Candidate> seen) {
    List<AddressOfRecord> others =
        seen.stream().map(Candidate::sender).filter(s -> !s.equals(report.reporter())).toList();
    return others.stream()
        .filter(report.named()::contains)
        .findFirst()
        .or(() -> others.stream().findFirst());
  }

  private static boolean isSuppressed(Report report, Policy policy) {
    return switch (policy) {
      case FIRST_PER_SUBSCRIBER -> report.toldBefore() && isOncePerSubscriber(report.disposition());
      case EVERY_DEVICE -> false;
    };
  }

  /// Whether one report says it for all devices of the subscriber.
  public static boolean isOncePerSubscriber(String disposition) {
    return ONCE_PER_SUBSCRIBER.contains(disposition);
  }
}
