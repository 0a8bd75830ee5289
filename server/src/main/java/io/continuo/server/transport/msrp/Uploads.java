package io.continuo.server.transport.msrp;

import io.continuo.server.configuration.MsrpSettings;
import io.continuo.server.conversation.BodyStaging;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The account of messages that are too large for memory and unfinished, of all legs together:
/// their number by `msrp.uploads`, their bytes by `msrp.upload-bytes`.
///
/// Threading: any thread.
final class Uploads {
  private final BodyStaging staging;
  private final int maxOpen;
  private final long maxBytes;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Uploads(BodyStaging staging, MsrpSettings settings) {
    this.staging = staging;
    this.maxOpen = settings.uploads();
    this.maxBytes = settings.uploadBytes();
  }

  BodyStaging staging() {
    return staging;
  }

  /// Whether one more may begin; it then counts until [#end].
  boolean begin() {
    boolean room = open.incrementAndGet() <= maxOpen;
    if (!room) {
      open.decrementAndGet();
    }
    return room;
  }

  /// Whether one may grow by so many bytes; they then count until [#end].
  boolean grow(long more) {
    boolean room = bytes.addAndGet(more) <= maxBytes;
    if (!room) {
      bytes.addAndGet(-more);
    }
    return room;
  }

  /// @param size what it grew by, all together
  void end(long size) {
    open.decrementAndGet();
    bytes.addAndGet(-size);
  }

  /// How many there are.
  int open() {
    return open.get();
  }

  /// What their files take, all together.
  long bytes() {
    return bytes.get();
  }
}
