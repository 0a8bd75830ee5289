package io.continuo.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/// What was counted in the measured phase.
///
/// Threading: the [Selecting] thread; read by others when it has ended.
final class Figures {
  private static final long LONGEST = Duration.ofMinutes(2).toNanos();

  /// From the moment a message was due until one of its copies has arrived, in nanoseconds.
  final Histogram copyLatency = new Histogram(LONGEST, 3);

  /// The same until the sender has its 200: the message is stored.
  final Histogram acceptLatency = new Histogram(LONGEST, 3);

  long messages;
  long copies;

  void accepted(long nanos) {
    messages++;
    acceptLatency.recordValue(Math.clamp(nanos, 0, LONGEST));
  }

  void copied(long nanos) {
    copies++;
    copyLatency.recordValue(Math.clamp(nanos, 0, LONGEST));
  }
}
