package io.continuo.server.storage.segments;

import io.continuo.server.configuration.StorageSettings;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.DirectoryLock;
import io.continuo.server.storage.FileFailure;
import io.continuo.server.storage.segments.SegmentScan.Scanned;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a directory to an open [SegmentLog]: read every segment's checkpoint, scan what none tells
/// of, cut off a torn end, start the writer.
final class LogOpening {
  /// Positions leave 40 bits for an offset, and a scan maps a whole segment into one buffer.
  private static final long MAX_SEGMENT = 1L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(LogOpening.class);

  private final LogDirectory directory;
  private final LogIndex index = new LogIndex();
  private Optional<Path> headless = Optional.empty();

  /// Of the segment that is being read; in the end, of the active one.
  private SegmentCheckpoint checkpoint = new SegmentCheckpoint();

  private long known;
  private long scanned;
  private long scannedBytes;

  private LogOpening(LogDirectory directory) {
    this.directory = directory;
  }

  static SegmentLog forWriting(StorageSettings settings, LogObserver observer, Disk disk)
      throws StoreUnavailable {
    Path path = folder(settings.directory());
    LogDirectory directory = new LogDirectory(path, disk);
    try {
      make(directory.bodies().folder().toAbsolutePath(), disk);
    } catch (IOException e) {
      throw new StoreUnavailable("cannot make " + path + ": " + FileFailure.text(e), e);
    }
    DirectoryLock lock = DirectoryLock.take(path, "lock");
    SegmentLog opened = null;
    try {
      opened = new LogOpening(directory).start(settings, observer, lock);
      return opened;
    } catch (IOException e) {
      throw new StoreUnavailable("cannot open the log in " + path + ": " + FileFailure.text(e), e);
    } finally {
      if (opened == null) {
        release(lock);
      }
    }
  }

  /// Makes the folder and those above it so that they survive the loss of power.
  private static void make(Path path, Disk disk) throws IOException {
    Path above = path.getParent();
    if (above != null && !Files.isDirectory(path)) {
      make(above, disk);
      Files.createDirectories(path);
      disk.sync(above);
    }
  }

  static SegmentLog forReading(Path storage) throws StoreUnavailable {
    Path path = folder(storage);
    if (!Files.isDirectory(path)) {
      throw new StoreUnavailable("there is no log in " + storage);
    }
    LogOpening opening = new LogOpening(new LogDirectory(path, Disk.REAL));
    opening.scan(_ -> {});
    CommitQueue queue = new CommitQueue(0, opening.index);
    queue.refuse(new StoreUnavailable("the log is open for reading only"));
    queue.close();
    return new SegmentLog(
        opening.index,
        queue,
        LogObserver.NONE,
        opening.reclamation(),
        opening.stager(queue),
        opening.staging(),
        null);
  }

  private static Path folder(Path storage) {
    return storage.resolve("log");
  }

  private SegmentLog start(StorageSettings settings, LogObserver observer, DirectoryLock lock)
      throws StoreUnavailable, IOException {
    Reclamation reclamation = reclamation();
    directory.removeUnfinished();
    LogDirectory.Active active = writable(scan(segment -> directory.keep(checkpoint, segment)));
    observer.opened(known, scanned, scannedBytes);
    reclamation.removeOrphans();
    reclamation.run();
    CommitQueue queue = new CommitQueue(settings.maxPendingBytes(), index);
    long segmentSize = Math.min(settings.segmentSize(), MAX_SEGMENT);
    GroupWriter writer =
        new GroupWriter(queue, index, observer, directory, segmentSize, active, checkpoint);
    Thread thread = Thread.ofPlatform().name("log-writer").daemon().start(writer);
    return new SegmentLog(
        index,
        queue,
        observer,
        reclamation,
        stager(queue),
        staging(),
        new SegmentLog.Owned(thread, lock));
  }

  private Staging staging() {
    return new Staging(directory.bodies());
  }

  private Stager stager(CommitQueue queue) {
    return new Stager(queue, directory.bodies());
  }

  private Reclamation reclamation() {
    return new Reclamation(directory, index);
  }

  /// The last segment; null when there is none that has a header.
  ///
  /// @param full told of every full segment that had to be scanned, when [#checkpoint] is its own
  private @Nullable Scanned scan(Consumer<Segment> full) throws StoreUnavailable {
    TreeMap<Integer, Path> files = directory.segments();
    Scanned latest = null;
    for (Map.Entry<Integer, Path> file : files.entrySet()) {
      int number = file.getKey();
      boolean last = number == files.lastKey();
      long before = scanned;
      Optional<Scanned> found = SegmentScan.scan(file.getValue(), number, last, new IntoIndex());
      if (found.isPresent()) {
        latest = found.get();
        if (!last && scanned > before) {
          full.accept(latest.segment());
        }
      } else {
        headless = Optional.of(file.getValue());
      }
    }
    index.requireWhole();
    return latest;
  }

  /// Takes a segment's records in: those before its checkpoint's end from there, the others as the
  /// scan finds them.
  private final class IntoIndex implements SegmentScan.Visitor {
    @Override
    public long from(Segment segment, long size) throws IOException {
      index.add(segment);
      checkpoint = new SegmentCheckpoint();
      SegmentCheckpoint.Content content = directory.known(segment, size);
      for (SegmentCheckpoint.Known record : content.records()) {
        take(segment, record.head(), record.offset(), record.size());
        known++;
      }
      return content.end();
    }

    @Override
    public void found(Segment segment, RecordHead head, long offset, ByteBuffer frame) {
      take(segment, head, offset, frame.remaining());
      scanned++;
      scannedBytes += frame.remaining();
    }

    private void take(Segment segment, RecordHead head, long offset, int size) {
      index.add(head, segment.number(), offset, size);
      checkpoint.add(head, size);
    }
  }

  private LogDirectory.Active writable(@Nullable Scanned last) throws IOException {
    if (headless.isPresent()) { // else the one before it, written to again, would not be the last
      Files.delete(headless.get());
      directory.sync();
    }
    if (last == null) {
      return created(1);
    }
    LogFile file = directory.disk().open(last.segment().path());
    if (last.end() < last.size()) {
      LOG.atWarn()
          .addKeyValue("file", last.segment().path())
          .addKeyValue("offset", last.end())
          .addKeyValue("bytes", last.size() - last.end())
          .log("log.tail-truncated");
      file.truncate(last.end());
      file.force();
    }
    return new LogDirectory.Active(last.segment(), file, last.end());
  }

  private LogDirectory.Active created(int number) throws IOException {
    LogDirectory.Active active = directory.create(number);
    index.add(active.segment());
    return active;
  }

  private static void release(DirectoryLock lock) {
    try {
      lock.close();
    } catch (StoreUnavailable e) {
      LOG.atWarn().setCause(e).log("log.lock-release-failed");
    }
  }
}
