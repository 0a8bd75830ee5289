package io.continuo.server.storage.segments;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.StagedBody;
import io.continuo.server.storage.segments.StagedBodies.Reference;
import java.util.concurrent.atomic.AtomicBoolean;

/// A whole body in its file. Belongs to whoever uploaded it until a log adopts it; then the file
/// goes with the entry.
///
/// Threading: any thread.
final class StoredBody implements StagedBody {
  private final Staging staging;
  private final Reference reference;
  private final AtomicBoolean owned;

  /// @param adopted whether an entry refers to it
  StoredBody(Staging staging, Reference reference, boolean adopted) {
    this.staging = staging;
    this.reference = reference;
    this.owned = new AtomicBoolean(adopted);
  }

  /// @throws IllegalArgumentException when it is no body of this store as it was uploaded
  static StoredBody of(Body.Staged staged) {
    if (staged.file() instanceof StoredBody stored && staged.from() == staged.head().length) {
      return stored;
    }
    throw new IllegalArgumentException("not a body that was staged here: " + staged);
  }

  Reference reference() {
    return reference;
  }

  @Override
  public long length() {
    return reference.length();
  }

  @Override
  public int checksum() {
    return reference.checksum();
  }

  /// From here on the log says when it goes.
  ///
  /// @throws IllegalStateException when it was adopted or discarded before
  void adopt() {
    if (!owned.compareAndSet(false, true)) {
      throw new IllegalStateException("a body that is part of another entry, or was discarded");
    }
  }

  @Override
  public void discard() {
    if (owned.compareAndSet(false, true)) {
      staging.delete(reference.number());
    }
  }

  @Override
  public Reading read(long from, Listener listener) {
    return staging.read(reference, from, listener);
  }
}
