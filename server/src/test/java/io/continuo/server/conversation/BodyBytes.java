package io.continuo.server.conversation;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Reads all of a body, wherever it is, as a delivery does.
public final class BodyBytes {
  private BodyBytes() {}

  public static byte[] of(Body body) {
    return switch (body) {
      case Body.Inline inline -> inline.head();
      case Body.Staged staged -> read(staged).orTimeout(60, TimeUnit.SECONDS).join();
    };
  }

  /// Fails when it cannot be read.
  public static CompletableFuture<byte[]> read(Body.Staged body) {
    return new Reader(body).begin();
  }

  private static final class Reader implements StagedBody.Listener {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final StagedBody.Reading reading;
    private final byte[] bytes;
    private int at;

    Reader(Body.Staged body) {
      bytes = Arrays.copyOf(body.head(), (int) body.length());
      at = body.head().length;
      reading = body.file().read(body.from(), this);
    }

    CompletableFuture<byte[]> begin() {
      reading.next(10_000);
      return whole.whenComplete((all, failed) -> reading.close());
    }

    @Override
    public void read(byte[] more) {
      System.arraycopy(more, 0, bytes, at, more.length);
      at += more.length;
      if (at == bytes.length) {
        whole.complete(bytes);
      } else {
        reading.next(10_000);
      }
    }

    @Override
    public void failed(StoreUnavailable why) {
      whole.completeExceptionally(why);
    }
  }
}
