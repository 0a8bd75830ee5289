package io.continuo.server.transport.msrp;

import io.continuo.msrp.MsrpRequest;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.StagedBody;
import io.continuo.server.conversation.StoreUnavailable;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The chunks of a message whose body is in a file. Reading begins when the first chunk is wanted,
/// and keeps so many bytes ahead that writing seldom waits: at most [#BLOCK] and two chunks, and
/// one block more that is being read, are in memory.
///
/// Threading: the connection's event loop.
final class StagedChunks implements Chunks {
  /// Bytes that are read at once.
  static final int BLOCK = 64 << 10;

  private final Body.Staged body;
  private final int enough;
  private final Consumer<Runnable> loop;
  private Runnable came = () -> {};
  private Runnable failed = () -> {};
  private final Iterator<MsrpRequest> chunks;
  private final Arrived arrived = new Arrived();
  private StagedBody.@Nullable Reading reading;
  private boolean asked;
  private boolean closed;

  /// @param maxChunk body bytes of one chunk
  /// @param loop runs something on the connection's event loop
  /// @param cutter makes chunks of a stream
  StagedChunks(
      Body.Staged body,
      int maxChunk,
      Consumer<Runnable> loop,
      Function<InputStream, Iterator<MsrpRequest>> cutter) {
    this.body = body;
    // The cutter reads one chunk ahead, to know which is the last.
    this.enough = 2 * maxChunk;
    this.loop = loop;
    this.chunks = cutter.apply(arrived);
    arrived.add(body.head());
  }

  @Override
  public boolean hasNext() {
    return chunks.hasNext();
  }

  @Override
  public MsrpRequest next() {
    return chunks.next();
  }

  @Override
  public void tell(Runnable whenCome, Runnable whenFailed) {
    came = whenCome;
    failed = whenFailed;
  }

  @Override
  public boolean isReady() {
    boolean ends = arrived.taken + arrived.available() == body.length();
    if (!ends && arrived.available() < enough + BLOCK) {
      ask();
    }
    return ends || arrived.available() >= enough;
  }

  private void ask() {
    if (asked || closed) {
      return;
    }
    asked = true;
    StagedBody.Reading open = reading == null ? body.file().read(body.from(), listener()) : reading;
    reading = open;
    open.next(BLOCK);
  }

  private StagedBody.Listener listener() {
    return new StagedBody.Listener() {
      @Override
      public void read(byte[] bytes) {
        loop.accept(() -> take(bytes));
      }

      @Override
      public void failed(StoreUnavailable why) {
        loop.accept(() -> giveUp());
      }
    };
  }

  private void take(byte[] bytes) {
    asked = false;
    if (!closed) {
      arrived.add(bytes);
      came.run();
    }
  }

  private void giveUp() {
    if (!closed) {
      failed.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    arrived.blocks.clear();
    if (reading != null) {
      reading.close();
    }
  }

  /// What was read and not taken yet. Never waits: whoever takes more than is there gets less.
  private static final class Arrived extends InputStream {
    private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
    private int at;
    private int here;
    private long taken;

    void add(byte[] bytes) {
      blocks.add(bytes);
      here += bytes.length;
    }

    @Override
    public int available() {
      return here;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      byte[] first = blocks.peek();
      while (first != null && at == first.length) {
        blocks.remove();
        at = 0;
        first = blocks.peek();
      }
      if (first == null) {
        return -1;
      }
      int count = Math.min(length, first.length - at);
      System.arraycopy(first, at, into, offset, count);
      at += count;
      here -= count;
      taken += count;
      return count;
    }
  }
}
