package io.continuo.device.sip;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Something that was waited for did not come.
public final class NotInTime extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotInTime(String what, Duration patience) {
    super("waited " + patience.toMillis() + " ms for " + what + ": it did not come");
  }

  /// Waits for a future.
  ///
  /// @param what said when it does not come
  public static <T> T await(CompletableFuture<T> future, Duration patience, String what) {
    try {
      return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new NotInTime(what, patience);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("waiting for " + what, failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted waiting for " + what, stopped);
    }
  }
}
