package io.continuo.server.transport.msrp;

import io.continuo.msrp.Coverage;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.StoreUnavailable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One message on its way to a file of the store. Bytes that are not written yet count as
/// unanswered on the connection, so a disk that is slower than the network slows the network.
///
/// Threading: the connection's event loop; what the store tells is brought there.
final class LargeMessage {
  private final String contentType;
  private final MsrpConnection connection;
  private final Uploads account;
  private final BodyStaging.Upload upload;
  private final Coverage coverage = new Coverage();
  private final AtomicLong written = new AtomicLong();
  private final Watcher watcher;
  private long touched;
  private long size;
  private boolean ended;
  private @Nullable Consumer<Body> whole;

  /// Told on the connection's event loop.
  interface Watcher {
    /// So many bytes more wait for the disk; fewer when negative.
    void waiting(long bytes);

    /// It cannot be stored, and is gone.
    void lost(LargeMessage message);
  }

  /// Counts in `account` until it ends.
  LargeMessage(String contentType, MsrpConnection connection, Uploads account, Watcher watcher) {
    this.contentType = contentType;
    this.connection = connection;
    this.account = account;
    this.watcher = watcher;
    this.upload = account.staging().begin(new FromStore());
  }

  String contentType() {
    return contentType;
  }

  Coverage coverage() {
    return coverage;
  }

  /// Bytes that its file takes, holes included.
  long size() {
    return size;
  }

  boolean isIdleSince(long limit, long now) {
    return now - touched >= limit;
  }

  /// Whether there is room for it to reach up to `to`.
  boolean grow(long to) {
    long growth = Math.max(0, to - size);
    boolean room = account.grow(growth);
    size += room ? growth : 0;
    return room;
  }

  void write(long at, byte[] bytes, boolean last, long now) {
    touched = now;
    coverage.add(at, at + bytes.length, last);
    if (bytes.length > 0) {
      connection.hold(bytes.length);
      watcher.waiting(bytes.length);
      upload.write(at, bytes);
    }
  }

  /// All of it has come.
  ///
  /// @param told on the loop when it is safe; when it cannot be, the watcher is told
  void seal(Consumer<Body> told) {
    whole = told;
    upload.seal(coverage.end().orElseThrow());
  }

  /// Its sender gave it up, or it was refused.
  void discard() {
    if (!ended) {
      end();
      upload.discard();
    }
  }

  private void end() {
    ended = true;
    account.end(size);
  }

  private final class FromStore implements BodyStaging.Listener {
    /// One task for all that was written until it runs.
    @Override
    public void written(long bytes) {
      if (written.getAndAdd(bytes) == 0) {
        connection.post(LargeMessage.this::settleWritten);
      }
    }

    @Override
    public void sealed(Body body) {
      connection.post(() -> stored(body));
    }

    @Override
    public void failed(StoreUnavailable why) {
      connection.post(LargeMessage.this::failedToStore);
    }
  }

  private void settleWritten() {
    long bytes = written.getAndSet(0);
    connection.release(bytes);
    watcher.waiting(-bytes);
  }

  private void stored(Body body) {
    if (ended || whole == null) {
      discarded(body);
      return;
    }
    end();
    whole.accept(body);
  }

  /// Sealed after nobody wanted it any more.
  static void discarded(Body body) {
    if (body instanceof Body.Staged staged) {
      staged.file().discard();
    }
  }

  private void failedToStore() {
    if (!ended) {
      end();
      watcher.lost(this);
    }
  }
}
