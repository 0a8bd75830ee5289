package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpStatus;
import io.continuo.server.conversation.DeliveryOutcome;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One message on its way to a device, cut into chunks while it is written. Its outcome is that of
/// all its chunks: delivered when each was, else the first other answer. Through relays it is what
/// [DeviceReports] hears of it.
///
/// Threading: the connection's event loop.
final class Transfer {
  private final Chunks chunks;
  private final Consumer<Transfer> onOutcome;
  private final Consumer<Transfer> onTaken;
  private int unanswered;
  private @Nullable MsrpRequest last;
  private @Nullable DeliveryOutcome outcome;

  /// @param came told when bytes that were awaited have come
  Transfer(Chunks chunks, Runnable came, Consumer<Transfer> onOutcome) {
    this(chunks, came, onOutcome, taken -> taken.decide(new DeliveryOutcome.Delivered()));
  }

  /// @param onTaken told when every chunk was answered with 200, instead of the outcome
  Transfer(Chunks chunks, Runnable came, Consumer<Transfer> onOutcome, Consumer<Transfer> onTaken) {
    this.chunks = chunks;
    this.onOutcome = onOutcome;
    this.onTaken = onTaken;
    // What cannot be read now does not reach the device this time.
    chunks.tell(came, () -> decide(new DeliveryOutcome.Unreachable(0)));
  }

  /// Whether the next chunk can be written now. Asks for its bytes when they are not there.
  boolean isReady() {
    return chunks.isReady();
  }

  /// Nobody is left to be told: lets go of what its chunks are made of.
  void abandon() {
    chunks.close();
  }

  /// Whether another chunk should be written: none after a refusal.
  boolean hasNext() {
    return outcome == null && chunks.hasNext();
  }

  MsrpRequest next() {
    unanswered++;
    MsrpRequest next = chunks.next();
    last = next;
    if (!chunks.hasNext()) {
      chunks.close();
    }
    return next;
  }

  /// Ends it without a further chunk.
  void decide(DeliveryOutcome decided) {
    if (outcome == null) {
      outcome = decided;
      chunks.close();
      onOutcome.accept(this);
    }
  }

  /// One chunk was answered.
  void answered(int status) {
    unanswered--;
    if (!MsrpStatus.isSuccess(status)) {
      decide(failure(status));
    } else if (unanswered == 0 && !chunks.hasNext()) {
      onTaken.accept(this);
    }
  }

  /// A status that RFC 4975 has not counts as refused: the same message would meet it again.
  static DeliveryOutcome failure(int status) {
    if (status == Transactions.CLOSED) {
      return new DeliveryOutcome.Unreachable(0);
    }
    Optional<MsrpStatus> known = MsrpStatus.of(status);
    return switch (known.orElse(MsrpStatus.BAD_REQUEST)) {
      case REQUEST_TIMEOUT, SESSION_DOES_NOT_EXIST, BOUND_ELSEWHERE ->
          new DeliveryOutcome.Unreachable(status);
      case OK,
          BAD_REQUEST,
          FORBIDDEN,
          STOP_SENDING,
          UNSUPPORTED_MEDIA_TYPE,
          PARAMETER_OUT_OF_BOUNDS,
          UNKNOWN_METHOD ->
          new DeliveryOutcome.Refused(status);
    };
  }

  Optional<DeliveryOutcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  /// The last chunk written of a message that was cut short: the device must be told that no more
  /// comes.
  Optional<MsrpRequest> cutShortAfter() {
    return outcome != null && chunks.hasNext() ? Optional.ofNullable(last) : Optional.empty();
  }
}
