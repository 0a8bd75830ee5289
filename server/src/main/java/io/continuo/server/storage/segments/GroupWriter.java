package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes everything that waits, writes it as one buffer, syncs once, then tells the listeners in
/// order.
///
/// When the disk fails, the group is cut off again, its listeners and all that wait are failed, and
/// nothing more is taken in until the log is opened anew: after a failed sync nobody knows what the
/// system still holds, so trying again would acknowledge what may be lost.
///
/// Threading: [#run] is the writer thread, the only one that writes to the active segment.
final class GroupWriter implements Runnable {
  /// A group is at most this long, or one record.
  static final int MAX_GROUP = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

  private final CommitQueue queue;
  private final LogIndex index;
  private final LogObserver observer;
  private final LogDirectory directory;
  private final long segmentSize;
  private final ByteBuffer usual = ByteBuffer.allocateDirect(MAX_GROUP);
  private Segment active;
  private LogFile file;
  private long end;
  private SegmentCheckpoint checkpoint;
  private boolean failed;

  /// @param active the last segment, whole up to `end`
  /// @param checkpoint of its records
  GroupWriter(
      CommitQueue queue,
      LogIndex index,
      LogObserver observer,
      LogDirectory directory,
      long segmentSize,
      LogDirectory.Active active,
      SegmentCheckpoint checkpoint) {
    this.queue = queue;
    this.index = index;
    this.observer = observer;
    this.directory = directory;
    this.segmentSize = segmentSize;
    this.active = active.segment();
    this.file = active.file();
    this.end = active.end();
    this.checkpoint = checkpoint;
  }

  @Override
  public void run() {
    try {
      for (List<Waiting> group = take(); !group.isEmpty(); group = take()) {
        commit(group);
      }
    } finally {
      closeFile();
      if (!failed) {
        directory.keep(checkpoint, active);
      }
    }
  }

  private List<Waiting> take() {
    while (true) {
      try {
        return queue.take(MAX_GROUP);
      } catch (InterruptedException e) {
        // Nobody has this thread to interrupt it; the flag would close the file, so it stays off.
        LOG.atWarn().log("log.writer-interrupted");
      }
    }
  }

  private void commit(List<Waiting> group) {
    try {
      write(group);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      fail(group, new StoreUnavailable("the log cannot be written: " + FileFailure.text(e), e));
      return;
    }
    queue.written(group);
    group.forEach(item -> tell(() -> succeed(item)));
    queue.told(group);
  }

  private void write(List<Waiting> group) throws IOException {
    int size = Math.toIntExact(group.stream().mapToLong(Waiting::size).sum());
    if (size == 0) {
      return;
    }
    if (end >= segmentSize) {
      roll();
    }
    long began = System.nanoTime();
    long start = end;
    ByteBuffer buffer = framed(group, size);
    file.write(buffer, start);
    file.force();
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    end += size;
    int records = keep(group, start);
    tell(() -> observer.committed(records, size, took));
  }

  private ByteBuffer framed(List<Waiting> group, int size) {
    ByteBuffer buffer = size <= MAX_GROUP ? usual.clear() : ByteBuffer.allocate(size);
    for (Waiting item : group) {
      if (item instanceof Waiting.ForTheFile written) {
        Frame.write(buffer, written.body(), buffer.position(), active.salt());
      }
    }
    return buffer.flip();
  }

  private int keep(List<Waiting> group, long start) throws IOException {
    long offset = start;
    int records = 0;
    for (Waiting item : group) {
      if (item instanceof Waiting.ForTheFile written) {
        RecordHead head = RecordCodec.head(written.body().duplicate());
        index.add(head, active.number(), offset, written.size());
        checkpoint.add(head, written.size());
        offset += written.size();
        records++;
      }
    }
    return records;
  }

  private void roll() throws IOException {
    LogDirectory.Active next = directory.create(active.number() + 1);
    file.close();
    directory.keep(checkpoint, active);
    checkpoint = new SegmentCheckpoint();
    index.add(next.segment());
    active = next.segment();
    file = next.file();
    end = next.end();
  }

  private void fail(List<Waiting> group, StoreUnavailable why) {
    LOG.atError().addKeyValue("file", active.path()).setCause(why).log("log.write-failed");
    failed = true;
    try {
      file.truncate(end);
      file.force();
    } catch (IOException e) {
      // The next open finds a torn group there, or one that nobody was told of.
      LOG.atError().addKeyValue("file", active.path()).setCause(e).log("log.truncate-failed");
    }
    List<Waiting> all = new ArrayList<>(group);
    all.addAll(queue.refuse(why));
    queue.written(all);
    all.forEach(item -> tell(() -> fail(item, why)));
    queue.told(all);
  }

  private static void succeed(Waiting item) {
    switch (item) {
      case Waiting.Append append -> append.listener().committed();
      case Waiting.Erase erase -> erase.done().succeed();
      case Waiting.Barrier barrier -> barrier.done().succeed();
      case Waiting.Refused refused -> refused.listener().failed(refused.why());
      case Waiting.Note _ -> {}
    }
  }

  private static void fail(Waiting item, StoreUnavailable why) {
    switch (item) {
      case Waiting.Append append -> append.listener().failed(why);
      case Waiting.Erase erase -> erase.done().fail(why);
      case Waiting.Barrier barrier -> barrier.done().fail(why);
      case Waiting.Refused refused -> refused.listener().failed(refused.why());
      case Waiting.Note _ -> {}
    }
  }

  // A listener's bug must not stop the log for everybody else.
  private static void tell(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("log.listener-failed");
    }
  }

  private void closeFile() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("file", active.path()).setCause(e).log("log.close-failed");
    }
  }
}
