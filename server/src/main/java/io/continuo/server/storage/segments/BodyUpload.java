package io.continuo.server.storage.segments;

import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.BodyStaging;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.FileFailure;
import io.continuo.server.storage.segments.StagedBodies.Reference;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One body on its way to its file, `bodies/0123456789abcdef.body`. The file is made with the first
/// bytes, and synced now and then, so that little is left to sync at the end, when its sender
/// waits. The checksum is made on the way while bytes come in order, else by reading the file once.
///
/// A body that turns out to be no larger than [StagedBodies#MAX_INLINE] is taken back into memory.
///
/// Threading: what is asked of it comes from any thread; it is done in order, on a thread of
/// [Staging].
final class BodyUpload implements BodyStaging.Upload {
  /// Bytes written between two syncs.
  static final long SYNC_EVERY = 8L << 20;

  /// Bytes of the disk that uploads leave to the log; with less than that they fail.
  static final long MIN_FREE = 64L << 20;

  private static final int READ_AT_ONCE = 64 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(BodyUpload.class);

  private final Staging staging;
  private final StagedBodies bodies;
  private final Turns turns;
  private final BodyStaging.Listener listener;
  private final long number = StagedBodies.freshNumber();
  private final CRC32C crc = new CRC32C();
  private @Nullable LogFile file;
  private long inOrder;
  private boolean outOfOrder;
  private long unsynced;
  private boolean over;

  BodyUpload(Staging staging, StagedBodies bodies, Turns turns, BodyStaging.Listener listener) {
    this.staging = staging;
    this.bodies = bodies;
    this.turns = turns;
    this.listener = listener;
  }

  @Override
  public void write(long at, byte[] bytes) {
    turns.add(() -> {
      orFail(() -> put(at, bytes));
      listener.written(bytes.length);
    });
  }

  @Override
  public void seal(long length) {
    turns.add(() -> orFail(() -> finish(length)));
  }

  @Override
  public void discard() {
    turns.add(this::remove);
  }

  private interface Work {
    void run() throws IOException;
  }

  private void orFail(Work work) {
    if (over) {
      return;
    }
    try {
      work.run();
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      LOG.atError().addKeyValue("file", bodies.path(number)).setCause(e).log("log.upload-failed");
      remove();
      listener.failed(new StoreUnavailable("a body cannot be written: " + FileFailure.text(e), e));
    }
  }

  private void put(long at, byte[] bytes) throws IOException {
    requireRoom();
    LogFile out = file == null ? create() : file;
    out.write(ByteBuffer.wrap(bytes), at);
    if (at == inOrder && !outOfOrder) {
      crc.update(bytes);
      inOrder += bytes.length;
    } else {
      outOfOrder = true;
    }
    unsynced += bytes.length;
    if (unsynced >= SYNC_EVERY) {
      out.force();
      unsynced = 0;
    }
  }

  private LogFile create() throws IOException {
    LogFile made = bodies.disk().open(bodies.path(number));
    file = made;
    return made;
  }

  /// Before every piece: many uploads at once would fill the rest of the disk between two looks,
  /// and a log that cannot write takes nothing more.
  private void requireRoom() throws IOException {
    if (bodies.disk().usable(bodies.folder()) < MIN_FREE) {
      throw new IOException("less than " + MIN_FREE + " bytes free");
    }
  }

  private void finish(long length) throws IOException {
    LogFile out = file == null ? create() : file;
    if (length <= StagedBodies.MAX_INLINE) {
      byte[] bytes = Files.readAllBytes(bodies.path(number));
      remove();
      listener.sealed(Body.of(bytes));
      return;
    }
    out.force();
    Reference reference =
        new Reference(number, length, outOfOrder ? checksum() : (int) crc.getValue());
    out.close();
    file = null;
    bodies.disk().sync(bodies.folder());
    Body body = staging.uploaded(reference);
    over = true;
    listener.sealed(body);
  }

  private int checksum() throws IOException {
    CRC32C whole = new CRC32C();
    byte[] buffer = new byte[READ_AT_ONCE];
    try (InputStream in = new FileInputStream(bodies.path(number).toFile())) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        whole.update(buffer, 0, count);
      }
    }
    return (int) whole.getValue();
  }

  private void remove() {
    if (over) {
      return;
    }
    over = true;
    try (LogFile closing = file) {
      file = null;
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", bodies.path(number)).setCause(e).log("log.close-failed");
    }
    staging.deleteNow(number);
  }
}
