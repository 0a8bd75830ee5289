package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.ByteRange;
import io.continuo.msrp.Chunker;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpMessage;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpUri;
import io.continuo.msrp.TransactionIds;
import io.continuo.msrp.netty.MsrpEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Counts what goes out, over a socket that takes one message at a time when the test says so.
class OutflowTest {
  private static final MsrpUri OWN = MsrpUri.of("127.0.0.1", 2855, "ours");
  private static final MsrpUri PEER = MsrpUri.of("127.0.0.1", 9, "theirs");
  private static final int CHUNK = 2048;
  private static final int HUNDRED_MEGABYTES = 100 << 20;

  private final TransactionIds ids = TransactionIds.seeded();
  private final Chunker chunker = new Chunker(CHUNK, ids::next);
  private final Socket socket = new Socket();
  private final EmbeddedChannel channel = new EmbeddedChannel(socket);
  private final Transactions transactions =
      new Transactions(channel.eventLoop(), Duration.ofMinutes(1));
  private final Outflow outflow = new Outflow(channel, transactions, chunker, () -> {});

  /// Holds what is written, up to a send buffer.
  private static final class Socket extends ChannelOutboundHandlerAdapter {
    static final int SEND_BUFFER = 64 * 1024;

    private final ArrayDeque<MsrpMessage> held = new ArrayDeque<>();
    private long bytes;
    private long most;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      held.add((MsrpMessage) message);
      bytes += size((MsrpMessage) message);
      most = Math.max(most, bytes);
      writable(context.channel(), bytes < SEND_BUFFER);
      promise.setSuccess();
    }

    private static void writable(io.netty.channel.Channel channel, boolean writable) {
      channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
    }
  }

  private static int size(MsrpMessage message) {
    ByteBuf wire = Unpooled.buffer();
    MsrpEncoder.write(message, wire);
    return wire.readableBytes();
  }

  /// The peer reads the next message.
  private MsrpMessage reads() {
    MsrpMessage next = socket.held.remove();
    socket.bytes -= size(next);
    Socket.writable(channel, socket.bytes < Socket.SEND_BUFFER);
    outflow.writableAgain();
    return next;
  }

  /// The peer reads the next chunk and answers it.
  private MsrpRequest takes() {
    MsrpRequest chunk = (MsrpRequest) reads();
    transactions.answered(chunk.transactionId(), 200);
    return chunk;
  }

  /// Chunks that share one piece of memory.
  private Iterator<MsrpRequest> message(String id, long bytes) {
    var piece = new MsrpBody.Bytes(new byte[(int) Math.min(CHUNK, bytes)]);
    return new Iterator<>() {
      private long at;

      @Override
      public boolean hasNext() {
        return at < bytes;
      }

      @Override
      public MsrpRequest next() {
        long from = at + 1;
        at += piece.bytes().length;
        return new MsrpRequest(
            ids.next(),
            MsrpRequest.SEND,
            List.of(PEER),
            List.of(OWN),
            List.of(
                new MsrpHeader(MsrpHeader.MESSAGE_ID, id),
                new MsrpHeader(MsrpHeader.BYTE_RANGE, ByteRange.of(from, at, bytes).toString())),
            piece,
            at < bytes ? Continuation.MORE : Continuation.COMPLETE);
      }
    };
  }

  private Transfer sends(Outflow.Lane lane, String id, long bytes) {
    var transfer = new Transfer(Chunks.of(message(id, bytes)), () -> {}, done -> {});
    outflow.send(lane, transfer);
    return transfer;
  }

  private static String id(MsrpMessage message) {
    return ((MsrpRequest) message).header(MsrpHeader.MESSAGE_ID).orElseThrow();
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aSmallMessagePassesHundredMegabytesAfterASendBufferOfChunks() {
    sends(new Outflow.Lane(), "large", HUNDRED_MEGABYTES);
    for (int i = 0; i < 1000; i++) {
      assertThat(id(takes())).isEqualTo("large");
    }

    sends(new Outflow.Lane(), "small", 10);

    int most = Socket.SEND_BUFFER / CHUNK + 1;
    int passed = 0;
    while (passed <= most && !id(takes()).equals("small")) {
      passed++;
    }
    assertThat(passed).isBetween(1, most);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aSmallMessageWaitsForOneChunkOfEachOfAThousandLongOnes() {
    int legs = 1000;
    for (int i = 0; i < legs; i++) {
      sends(new Outflow.Lane(), "large" + i, HUNDRED_MEGABYTES);
    }

    sends(new Outflow.Lane(), "small", 10);

    int ahead = Socket.SEND_BUFFER / CHUNK + 1;
    List<String> passed = new ArrayList<>();
    for (String next = id(takes()); !next.equals("small"); next = id(takes())) {
      passed.add(next);
      assertThat(passed).hasSizeLessThanOrEqualTo(legs + ahead);
    }
    assertThat(passed.subList(ahead, passed.size())).doesNotHaveDuplicates();
  }

  @Test
  @Spec("architecture: log order")
  void messagesOfOneLegStayInOrder() {
    var lane = new Outflow.Lane();
    sends(lane, "first", 10L * CHUNK);
    sends(lane, "second", 10);

    for (int i = 0; i < 10; i++) {
      assertThat(id(takes())).isEqualTo("first");
    }
    assertThat(id(takes())).isEqualTo("second");
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void anAnswerPassesEverythingThatTheSocketHasNotTaken() {
    sends(new Outflow.Lane(), "large", HUNDRED_MEGABYTES);
    int ahead = socket.held.size();
    MsrpRequest bodiless = chunker.bodiless(List.of(PEER), OWN, "sign-of-life");

    outflow.write(bodiless);

    for (int i = 0; i < ahead; i++) {
      assertThat(id(takes())).isEqualTo("large");
    }
    assertThat(reads()).isSameAs(bodiless);
  }

  @Test
  @Spec("wire: back-pressure")
  void aLegWhoseDeviceAnswersNothingStopsAndTheOthersGoOn() {
    sends(new Outflow.Lane(), "unanswered", HUNDRED_MEGABYTES);
    int most = Outflow.Lane.WINDOW / (CHUNK + BoundSession.HEAD_BYTES) + 1;
    int written = 0;
    while (!socket.held.isEmpty() && written <= most) {
      reads();
      written++;
    }
    assertThat(written).isBetween(2, most);

    Transfer other = sends(new Outflow.Lane(), "other", 20L * CHUNK);
    for (int i = 0; i < 20; i++) {
      assertThat(id(takes())).isEqualTo("other");
    }
    assertThat(other.outcome()).isPresent();
    assertThat(socket.held).isEmpty();
  }

  @Test
  @Spec("wire: back-pressure")
  void anAnswerOpensTheWindowAgain() {
    sends(new Outflow.Lane(), "slow", HUNDRED_MEGABYTES);
    MsrpRequest last = (MsrpRequest) reads();
    while (!socket.held.isEmpty()) {
      last = (MsrpRequest) reads();
    }

    transactions.answered(last.transactionId(), 200);

    assertThat(id(reads())).isEqualTo("slow");
    assertThat(socket.held).isEmpty();
  }

  @Test
  @Spec("wire: back-pressure")
  void aPeerThatReadsNothingCostsASendBufferHoweverManyLegsItCarries() {
    for (int i = 0; i < 1000; i++) {
      sends(new Outflow.Lane(), "large" + i, HUNDRED_MEGABYTES);
    }

    assertThat(socket.most).isLessThan(Socket.SEND_BUFFER + 2 * CHUNK);
    assertThat(outflow.isIdle()).isFalse();
  }

  @Test
  void whatWasBegunOnALostLegIsGivenUpAndTheRestNeverGoesOut() {
    var lane = new Outflow.Lane();
    sends(lane, "begun", HUNDRED_MEGABYTES);
    sends(lane, "behind", 10);
    reads();

    outflow.strikeOff(lane);

    MsrpRequest last = (MsrpRequest) reads();
    while (!socket.held.isEmpty()) {
      last = (MsrpRequest) reads();
    }
    assertThat(id(last)).isEqualTo("begun");
    assertThat(last.continuation()).isEqualTo(Continuation.ABORTED);
    assertThat(outflow.isIdle()).isTrue();
  }
}
