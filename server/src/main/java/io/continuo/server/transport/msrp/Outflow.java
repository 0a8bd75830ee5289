package io.continuo.server.transport.msrp;

import io.continuo.msrp.Chunker;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.netty.channel.Channel;
import java.util.ArrayDeque;

/// What goes out on one connection. Chunks of messages are written while the channel takes them,
/// one of each leg in turn: on the connection of an intermediary a long message to one device does
/// not hold up the others (RFC 4975 §5.1). What answers something is written at once.
///
/// Limits: each leg's deliveries by [SessionOutbox#MAX_UNTOLD], what is relayed on it by
/// [SessionOutbox#MAX_RELAYED_BEHIND], answers by [#MAX_UNREAD_ANSWERS].
///
/// Threading: the connection's event loop.
final class Outflow {
  /// Answers written while the peer reads nothing; more end the connection.
  static final int MAX_UNREAD_ANSWERS = 4096;

  private final Channel channel;
  private final Transactions transactions;
  private final Chunker chunker;
  private final Runnable peerReadsNothing;
  private final ArrayDeque<Lane> waiting = new ArrayDeque<>();
  private int unreadAnswers;

  /// One leg's messages that are not wholly written yet, in the order in which they were sent.
  static final class Lane {
    private final ArrayDeque<Transfer> transfers = new ArrayDeque<>();

    int size() {
      return transfers.size();
    }
  }

  /// @param peerReadsNothing told when too many answers were not taken
  Outflow(Channel channel, Transactions transactions, Chunker chunker, Runnable peerReadsNothing) {
    this.channel = channel;
    this.transactions = transactions;
    this.chunker = chunker;
    this.peerReadsNothing = peerReadsNothing;
  }

  void send(Lane lane, Transfer transfer) {
    lane.transfers.add(transfer);
    if (lane.size() == 1) {
      waiting.add(lane);
    }
    pump();
  }

  /// Writes chunks while the channel takes them; the rest waits until it does again.
  private void pump() {
    while (channel.isWritable() && !waiting.isEmpty()) {
      Lane lane = waiting.remove();
      writeChunk(lane);
      if (lane.size() > 0) {
        waiting.add(lane);
      }
    }
    channel.flush();
  }

  private void writeChunk(Lane lane) {
    Transfer first = lane.transfers.element();
    if (first.hasNext()) {
      MsrpRequest chunk = first.next();
      transactions.await(chunk.transactionId(), first::answered);
      channel.write(chunk);
    }
    if (!first.hasNext()) {
      lane.transfers.remove();
      first.cutShortAfter().ifPresent(last -> channel.write(chunker.giveUp(last)));
    }
  }

  void writableAgain() {
    unreadAnswers = 0;
    pump();
  }

  void write(MsrpMessage message) {
    channel.writeAndFlush(message);
    if (!channel.isWritable() && ++unreadAnswers > MAX_UNREAD_ANSWERS) {
      peerReadsNothing.run();
    }
  }

  /// Whether every message was handed to the channel.
  boolean isIdle() {
    return waiting.isEmpty();
  }

  /// The connection is gone, and whoever sent something has been told.
  void closed() {
    waiting.clear();
  }
}
