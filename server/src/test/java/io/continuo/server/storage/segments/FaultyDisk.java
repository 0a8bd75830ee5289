package io.continuo.server.storage.segments;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A real disk that fails or waits when a test says so.
final class FaultyDisk implements Disk {
  /// What goes wrong next.
  enum Fault {
    NONE,
    /// Half of the bytes are written, then the disk is full.
    WRITE,
    FORCE,
    /// The sync fails and the file cannot be cut either.
    FORCE_AND_TRUNCATE
  }

  final AtomicInteger forces = new AtomicInteger();

  /// What is said to be left of the disk.
  volatile long usable = Long.MAX_VALUE;

  private final Semaphore held = new Semaphore(0);
  private final Semaphore reached = new Semaphore(0);
  private volatile boolean holding;
  private volatile Fault fault = Fault.NONE;
  private volatile String failing = "";
  private volatile String waiting = "";

  void failWith(Fault next) {
    failWith(next, "");
  }

  /// @param suffix of the files that fail
  void failWith(Fault next, String suffix) {
    failing = suffix;
    fault = next;
  }

  /// From now on every sync waits for [#release].
  void hold() {
    hold("");
  }

  /// @param suffix of the files whose sync waits
  void hold(String suffix) {
    waiting = suffix;
    held.drainPermits();
    holding = true;
  }

  /// Returns when a sync waits.
  void awaitHeld() throws InterruptedException {
    if (!reached.tryAcquire(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no sync");
    }
  }

  void release() {
    holding = false;
    held.release(1_000_000);
  }

  @Override
  public long usable(Path folder) {
    return usable;
  }

  @Override
  public LogFile open(Path path) throws IOException {
    LogFile disk = LogFile.onDisk(path);
    return new LogFile() {
      private boolean fails(Fault how) {
        return fault == how && path.toString().endsWith(failing);
      }

      @Override
      public void write(ByteBuffer bytes, long position) throws IOException {
        if (fails(Fault.WRITE)) {
          disk.write(bytes.slice(0, bytes.remaining() / 2), position);
          throw new IOException("No space left on device");
        }
        disk.write(bytes, position);
      }

      @Override
      public void force() throws IOException {
        if (holding && path.toString().endsWith(waiting)) {
          reached.release();
          held.acquireUninterruptibly();
        }
        if (fails(Fault.FORCE) || fails(Fault.FORCE_AND_TRUNCATE)) {
          throw new IOException("Input/output error");
        }
        disk.force();
        forces.incrementAndGet();
      }

      @Override
      public void truncate(long size) throws IOException {
        if (fails(Fault.FORCE_AND_TRUNCATE)) {
          throw new IOException("Input/output error");
        }
        disk.truncate(size);
      }

      @Override
      public void close() throws IOException {
        disk.close();
      }
    };
  }
}
