package io.continuo.msrp.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.continuo.conformance.Spec;
import io.continuo.msrp.Chunker;
import io.continuo.msrp.Continuation;
import io.continuo.msrp.MsrpBody;
import io.continuo.msrp.MsrpHeader;
import io.continuo.msrp.MsrpLimits;
import io.continuo.msrp.MsrpRequest;
import io.continuo.msrp.MsrpUri;
import io.continuo.msrp.TransactionIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.EncoderException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// A message of any size goes through encoder and decoder in bounded memory. What is held is
/// counted, not timed: bytes that went in and did not come out, and bytes of live buffers.
class StreamingTest {
  private static final long GIGABYTE = 1L << 30;
  private static final int PIECE = 64 << 10;
  private static final MsrpUri PEER = MsrpUri.of("192.0.2.1", 2855, "peer");
  private static final MsrpUri OWN = MsrpUri.of("192.0.2.2", 2855, "own");
  private static final MsrpLimits LIMITS = MsrpLimits.DEFAULT.streaming(PIECE);

  /// A buffer of Netty grows by doubling, and for a moment there are the old one and the new one.
  private static final long MOST_IN_BUFFERS = 4L * PIECE;

  @Test
  @Spec("RFC 4975 §5.1")
  void aGigabyteInOneChunkNeverTakesMoreMemoryThanAPiece() {
    assertThat(throughWire(new OneChunk(GIGABYTE), GIGABYTE)).isEqualTo(GIGABYTE);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aGigabyteInChunksNeverTakesMoreMemoryThanAChunk() {
    Iterator<MsrpRequest> chunks =
        new Chunker(PIECE, TransactionIds.seeded()::next)
            .chunks(
                List.of(PEER), OWN, "big", "a/b", new Noise(GIGABYTE), OptionalLong.of(GIGABYTE));
    assertThat(throughWire(chunks, GIGABYTE)).isEqualTo(GIGABYTE);
  }

  /// Encodes and decodes; checks on the way what is held, and at the end that every byte came.
  private static long throughWire(Iterator<MsrpRequest> requests, long total) {
    var allocator = new UnpooledByteBufAllocator(false);
    var out = new EmbeddedChannel(new MsrpEncoder());
    var in = new EmbeddedChannel(new MsrpDecoder(LIMITS));
    out.config().setAllocator(allocator);
    in.config().setAllocator(allocator);
    var sent = new CRC32();
    var received = new CRC32();
    long bytesSent = 0;
    long bytesReceived = 0;
    Continuation last = Continuation.MORE;
    while (requests.hasNext()) {
      MsrpRequest request = requests.next();
      bytesSent += add(request, sent);
      out.writeOutbound(request);
      for (ByteBuf wire = out.readOutbound(); wire != null; wire = out.readOutbound()) {
        in.writeInbound(wire);
      }
      for (MsrpRequest got = in.readInbound(); got != null; got = in.readInbound()) {
        bytesReceived += add(got, received);
        last = got.continuation();
      }
      assertThat(bytesSent - bytesReceived).as("held back").isLessThanOrEqualTo(PIECE + 64);
      assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
          .as("in buffers")
          .isLessThanOrEqualTo(MOST_IN_BUFFERS);
    }
    assertThat(bytesSent).isEqualTo(total);
    assertThat(received.getValue()).isEqualTo(sent.getValue());
    assertThat(last).isEqualTo(Continuation.COMPLETE);
    assertThat(in.finish()).as("anything left").isFalse();
    assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
        .as("in buffers at the end")
        .isZero();
    return bytesReceived;
  }

  private static int add(MsrpRequest request, CRC32 crc) {
    byte[] bytes =
        switch (request.body()) {
          case MsrpBody.Bytes body -> body.bytes();
          case MsrpBody.Piece piece -> piece.bytes();
          case MsrpBody.None none -> throw new AssertionError("no body");
          case MsrpBody.TooLarge tooLarge -> throw new AssertionError("too large");
        };
    assertThat(bytes.length).isLessThanOrEqualTo(PIECE);
    crc.update(bytes);
    return bytes.length;
  }

  /// The pieces of one chunk, made while they are asked for.
  private static final class OneChunk implements Iterator<MsrpRequest> {
    private final long total;
    private final Noise noise;
    private long at;

    OneChunk(long total) {
      this.total = total;
      this.noise = new Noise(total);
    }

    @Override
    public boolean hasNext() {
      return at < total;
    }

    @Override
    public MsrpRequest next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      byte[] bytes = new byte[(int) Math.min(PIECE, total - at)];
      noise.read(bytes, 0, bytes.length);
      MsrpRequest piece = piece("abcd", bytes, at, at + bytes.length == total);
      at += bytes.length;
      return piece;
    }
  }

  private static MsrpRequest piece(String id, byte[] bytes, long offset, boolean last) {
    return new MsrpRequest(
        id,
        MsrpRequest.SEND,
        List.of(PEER),
        List.of(OWN),
        List.of(new MsrpHeader(MsrpHeader.MESSAGE_ID, "big")),
        new MsrpBody.Piece(bytes, offset, last),
        last ? Continuation.COMPLETE : Continuation.MORE);
  }

  /// Bytes that differ from place to place, with much that looks like an end-line.
  private static final class Noise extends InputStream {
    private final byte[] block = new byte[PIECE + 977];
    private long left;
    private int at;

    Noise(long size) {
      left = size;
      new Random(4975).nextBytes(block);
      byte[] trap =
          "\r\n-------abcd?\r\n-------abc".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      for (int i = 0; i + trap.length < block.length; i += 4096) {
        System.arraycopy(trap, 0, block, i, trap.length);
      }
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int count) {
      if (left == 0 && count > 0) {
        return -1;
      }
      int given = (int) Math.min(count, left);
      for (int done = 0; done < given; ) {
        int part = Math.min(given - done, block.length - at);
        System.arraycopy(block, at, target, from + done, part);
        at = (at + part) % block.length;
        done += part;
      }
      left -= given;
      return given;
    }
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void aChunkOverTheLimitEndsInTooLargeAfterItsPiecesAndTheNextIsRead() {
    MsrpLimits limits = new MsrpLimits(200, 600, 8, 10, 25, Long.MAX_VALUE);
    String head = "MSRP abcd SEND\r\nTo-Path: " + PEER + "\r\nFrom-Path: " + OWN + "\r\n\r\n";
    String end = "\r\n-------abcd$\r\n";
    byte[] wire =
        (head + "x".repeat(30) + end + head + "y".repeat(25) + end)
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    Feed whole = Feed.whole(wire, limits);

    assertThat(whole.messages())
        .extracting(m -> ((MsrpRequest) m).body().toString())
        .containsExactly(
            "Piece[10 at 0]",
            "Piece[10 at 10]",
            "TooLarge[]",
            "Piece[10 at 0]",
            "Piece[10 at 10]",
            "Piece[5 at 20, last]");
    assertThat(Feed.byteByByte(wire, limits).words()).isEqualTo(whole.words());
  }

  @Test
  void nothingIsWrittenBetweenThePiecesOfAChunk() {
    var out = new EmbeddedChannel(new MsrpEncoder());
    out.writeOutbound(piece("abcd", new byte[5], 0, false));
    MsrpRequest other = new Chunker(9, () -> "efgh").bodiless(List.of(PEER), OWN, "m");

    assertThatThrownBy(() -> out.writeOutbound(other))
        .isInstanceOf(EncoderException.class)
        .hasMessageContaining("the open chunk is abcd");
    assertThatThrownBy(() -> out.writeOutbound(piece("abcd", new byte[5], 4, true)))
        .isInstanceOf(EncoderException.class);
    assertThatThrownBy(() -> out.writeOutbound(piece("ijkl", new byte[5], 5, true)))
        .isInstanceOf(EncoderException.class);

    assertThat(out.writeOutbound(piece("abcd", new byte[0], 5, true))).isTrue();
    assertThat(out.writeOutbound(other)).isTrue();
    assertThatThrownBy(() -> out.writeOutbound(piece("abcd", new byte[5], 5, true)))
        .isInstanceOf(EncoderException.class);
    out.finishAndReleaseAll();
  }
}
