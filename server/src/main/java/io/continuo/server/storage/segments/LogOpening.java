package io.continuo.server.storage.segments;

import io.continuo.server.configuration.StorageSettings;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.segments.SegmentScan.Scanned;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a directory to an open [SegmentLog]: scan all segments, cut off a torn end, start the
/// writer.
final class LogOpening {
  /// Positions leave 40 bits for an offset, and a scan maps a whole segment into one buffer.
  private static final long MAX_SEGMENT = 1L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(LogOpening.class);

  private final LogDirectory directory;
  private final LogIndex index = new LogIndex();
  private Optional<Path> headless = Optional.empty();

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
      throw new StoreUnavailable("cannot make " + path + ": " + e.getMessage(), e);
    }
    DirectoryLock lock = DirectoryLock.take(path);
    SegmentLog opened = null;
    try {
      opened = new LogOpening(directory).start(settings, observer, lock);
      return opened;
    } catch (IOException e) {
      throw new StoreUnavailable("cannot open the log in " + path + ": " + e.getMessage(), e);
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
    opening.scan();
    CommitQueue queue = new CommitQueue(0, opening.index);
    queue.refuse(new StoreUnavailable("the log is open for reading only"));
    queue.close();
    return new SegmentLog(
        opening.index, queue, LogObserver.NONE, opening.reclamation(), opening.stager(queue), null);
  }

  private static Path folder(Path storage) {
    return storage.resolve("log");
  }

  private SegmentLog start(StorageSettings settings, LogObserver observer, DirectoryLock lock)
      throws StoreUnavailable, IOException {
    Reclamation reclamation = reclamation();
    reclamation.removeUnfinished();
    LogDirectory.Active active = writable(scan());
    reclamation.removeOrphans();
    reclamation.run();
    CommitQueue queue = new CommitQueue(settings.maxPendingBytes(), index);
    long segmentSize = Math.min(settings.segmentSize(), MAX_SEGMENT);
    GroupWriter writer = new GroupWriter(queue, index, observer, directory, segmentSize, active);
    Thread thread = Thread.ofPlatform().name("log-writer").daemon().start(writer);
    return new SegmentLog(
        index, queue, observer, reclamation, stager(queue), new SegmentLog.Owned(thread, lock));
  }

  private Stager stager(CommitQueue queue) {
    return new Stager(queue, directory.bodies());
  }

  private Reclamation reclamation() {
    return new Reclamation(directory, index);
  }

  /// The last segment; null when there is none that has a header.
  private @Nullable Scanned scan() throws StoreUnavailable {
    TreeMap<Integer, Path> files = directory.segments();
    Scanned latest = null;
    for (Map.Entry<Integer, Path> file : files.entrySet()) {
      int number = file.getKey();
      boolean last = number == files.lastKey();
      Optional<Scanned> scanned = SegmentScan.scan(file.getValue(), number, last, this::take);
      if (scanned.isPresent()) {
        latest = scanned.get();
        index.add(latest.segment());
      } else {
        headless = Optional.of(file.getValue());
      }
    }
    return latest;
  }

  private void take(Segment segment, RecordHead head, long offset, ByteBuffer frame)
      throws StoreUnavailable {
    index.add(segment);
    try {
      index.add(head, segment.number(), offset, frame.remaining());
    } catch (StoreUnavailable e) {
      throw new StoreUnavailable(
          segment.path() + ": at offset " + offset + ": " + e.getMessage(), e);
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
          .log("log.tail.truncated");
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
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("log.lock.release.failed");
    }
  }
}
