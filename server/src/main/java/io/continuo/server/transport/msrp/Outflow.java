package io.continuo.server.transport.msrp;

import io.continuo.msrp.Chunker;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.server.conversation.DeliveryOutcome;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/// What goes out on one connection. Chunks of messages are written while the channel takes them,
/// one of each lane in turn, so a long message to one device does not hold up the others on the
/// connection of an intermediary (RFC 4975 §5.1). What answers, reports or asks for a sign of life
/// is written at once, before every chunk that the channel has not taken yet.
///
/// So a message waits, beside those before it in its lane, for at most `msrp.send-buffer` bytes and
/// one chunk, and then for one chunk of each other lane.
///
/// Limits: what the channel holds by `msrp.send-buffer`, what a lane's device has not answered by
/// [Lane#WINDOW], a leg's deliveries by [SessionOutbox#MAX_UNTOLD], what is relayed on it by
/// [SessionOutbox#MAX_RELAYED_BEHIND], answers that are not read by [#MAX_UNREAD].
///
/// Threading: the connection's event loop.
final class Outflow {
  /// Bytes above `msrp.send-buffer` that wait while the peer reads nothing; more end the
  /// connection.
  static final int MAX_UNREAD = 1 << 20;

  private final Channel channel;
  private final Transactions transactions;
  private final Chunker chunker;
  private final Runnable peerReadsNothing;
  private final ArrayDeque<Lane> ready = new ArrayDeque<>();
  private final Set<Lane> lanes = new HashSet<>();
  private int unwritten;

  /// Messages of one leg that are sent one after the other. What is not wholly written waits here.
  static final class Lane {
    /// Bytes of chunks that the device may leave unanswered before the next one waits: a device
    /// that answers nothing holds up its own lane only.
    static final int WINDOW = 256 * 1024;

    private final ArrayDeque<Transfer> transfers = new ArrayDeque<>();
    private long unanswered;
    private boolean queued;

    int size() {
      return transfers.size();
    }

    /// Whether a chunk of it may be written now, or a message be struck off.
    private boolean isReady() {
      Transfer first = transfers.peek();
      return first != null && (!first.hasNext() || unanswered < WINDOW && first.isReady());
    }
  }

  /// @param peerReadsNothing told when too much was not taken
  Outflow(Channel channel, Transactions transactions, Chunker chunker, Runnable peerReadsNothing) {
    this.channel = channel;
    this.transactions = transactions;
    this.chunker = chunker;
    this.peerReadsNothing = peerReadsNothing;
  }

  void send(Lane lane, Transfer transfer) {
    lane.transfers.add(transfer);
    lanes.add(lane);
    unwritten++;
    advance(lane);
  }

  /// Something of this lane was answered or given up.
  void advance(Lane lane) {
    if (!lane.queued && lane.isReady()) {
      lane.queued = true;
      ready.add(lane);
    }
    pump();
  }

  /// Writes chunks while the channel takes them; the rest waits until it does again.
  private void pump() {
    boolean wrote = false;
    while (channel.isWritable() && !ready.isEmpty()) {
      Lane lane = ready.remove();
      writeChunk(lane);
      wrote = true;
      lane.queued = lane.isReady();
      if (lane.queued) {
        ready.add(lane);
      }
    }
    if (wrote) {
      channel.flush();
    }
  }

  private void writeChunk(Lane lane) {
    Transfer first = lane.transfers.element();
    if (first.hasNext()) {
      MsrpRequest chunk = first.next();
      long bytes = BoundSession.bytes(chunk);
      lane.unanswered += bytes;
      transactions.await(
          chunk.transactionId(),
          status -> {
            lane.unanswered -= bytes;
            first.answered(status);
            advance(lane);
          });
      channel.write(chunk);
    }
    if (!first.hasNext()) {
      lane.transfers.remove();
      if (lane.transfers.isEmpty()) {
        lanes.remove(lane);
      }
      unwritten--;
      first.cutShortAfter().ifPresent(last -> channel.write(chunker.giveUp(last)));
    }
  }

  /// Nothing more of this lane goes out, except that no more comes of a message that was begun.
  void strikeOff(Lane lane) {
    lane.transfers.forEach(transfer -> transfer.decide(new DeliveryOutcome.Unreachable(0)));
    advance(lane);
  }

  void writableAgain() {
    pump();
  }

  void write(MsrpMessage message) {
    channel.writeAndFlush(message);
    if (channel.isActive() && channel.bytesBeforeWritable() > MAX_UNREAD + chunker.maxChunk()) {
      peerReadsNothing.run();
    }
  }

  /// Whether every message was handed to the channel.
  boolean isIdle() {
    return unwritten == 0;
  }

  /// The connection is gone, and whoever sent something has been told.
  void closed() {
    ready.clear();
    lanes.forEach(lane -> lane.transfers.forEach(Transfer::abandon));
    lanes.clear();
  }
}
