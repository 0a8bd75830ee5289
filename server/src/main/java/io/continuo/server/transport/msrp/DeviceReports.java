package io.continuo.server.transport.msrp;

import io.continuo.msrp.ByteRange;
import io.continuo.msrp.Coverage;
import io.continuo.msrp.MsrpStatus;
import io.continuo.server.conversation.DeliveryOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// What becomes of messages that reach their device through relays. The answer to a SEND is then
/// the nearest relay's receipt and no more (RFC 4976 §6.4.1), so a message is delivered when the
/// device has reported every byte of it (`Success-Report: yes`), and failed when anybody on the way
/// reports that.
///
/// A relay has to report what it could not hand on, and after 30 s without an answer at the latest,
/// so what nobody has reported in [#PATIENCE] counts as delivered. A device that let one message
/// pass like that is not waited for again until it reports something: not every client does.
///
/// Limit: deliveries of one leg, which [SessionOutbox#MAX_UNTOLD] bounds, and [#MAX_PIECES] of
/// each.
///
/// Threading: the connection's event loop.
final class DeviceReports {
  /// From the last receipt on: the 30 s that a relay waits, and the way there and back.
  static final Duration PATIENCE = Duration.ofSeconds(40);

  /// Separate parts of one message that the device reported; one more is not noted.
  static final int MAX_PIECES = 1024;

  private final Timers timers;
  private final Map<String, Awaited> awaited = new HashMap<>();
  private boolean reportsNothing;

  /// Where time comes from.
  interface Timers {
    Future<?> after(Duration delay, Runnable work);
  }

  private static final class Awaited {
    private final Transfer transfer;
    private final long length;
    private final Coverage reported = new Coverage();
    private boolean taken;
    private @Nullable Future<?> patience;

    Awaited(Transfer transfer, long length) {
      this.transfer = transfer;
      this.length = length;
      reported.add(length, length, true);
    }
  }

  DeviceReports(Timers timers) {
    this.timers = timers;
  }

  /// A message begins to be sent.
  ///
  /// @param length of its body, in bytes
  void expect(String messageId, long length, Transfer transfer) {
    awaited.put(messageId, new Awaited(transfer, length));
  }

  /// The nearest relay has all of it.
  void taken(String messageId) {
    @Nullable Awaited one = awaited.get(messageId);
    if (one == null) {
      return;
    }
    one.taken = true;
    if (reportsNothing || one.reported.isWhole()) {
      one.transfer.decide(new DeliveryOutcome.Delivered());
    } else {
      one.patience = timers.after(PATIENCE, () -> unreported(one));
    }
  }

  private void unreported(Awaited one) {
    reportsNothing = reportsNothing || one.reported.pieces() == 0;
    one.transfer.decide(new DeliveryOutcome.Delivered());
  }

  /// Its outcome is known: nothing more is awaited of it.
  void decided(String messageId) {
    @Nullable Awaited one = awaited.remove(messageId);
    if (one != null && one.patience != null) {
      one.patience.cancel(false);
    }
  }

  /// Nothing more is awaited of any.
  void forget() {
    List.copyOf(awaited.keySet()).forEach(this::decided);
  }

  /// A REPORT came.
  ///
  /// @return false when it tells of a failure that no outcome here stands for
  boolean reported(String messageId, int status, Optional<ByteRange> range) {
    boolean success = MsrpStatus.isSuccess(status);
    reportsNothing = reportsNothing && !success;
    @Nullable Awaited one = awaited.get(messageId);
    if (one == null) {
      return success;
    }
    if (success) {
      cover(one, range.orElse(ByteRange.UNSAID));
    } else {
      one.transfer.decide(Transfer.failure(status));
    }
    return true;
  }

  /// A range that ends at its own total ends where the message does: there are clients that count
  /// characters.
  private static void cover(Awaited one, ByteRange range) {
    boolean toTheEnd = range.end().isEmpty() || range.end().equals(range.total());
    long from = Math.min(range.start() - 1, one.length);
    long to = toTheEnd ? one.length : Math.min(range.end().getAsLong(), one.length);
    if (one.reported.pieces() < MAX_PIECES) {
      one.reported.add(from, Math.max(from, to), false);
    }
    if (one.taken && one.reported.isWhole()) {
      one.transfer.decide(new DeliveryOutcome.Delivered());
    }
  }
}
