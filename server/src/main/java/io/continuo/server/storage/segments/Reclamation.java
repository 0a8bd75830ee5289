package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import io.continuo.server.storage.segments.LogIndex.Moved;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the space of erased conversations back: a segment without live records is deleted, one
/// that is at most half live is rewritten in place (a new file with the live records takes its
/// name), which keeps the global order. The segment that is written to is left alone, so the bytes
/// of an erased conversation may stand there until it is full.
///
/// A failure here loses nothing and is tried again at the next erase or open.
///
/// Threading: the eraser's thread, one at a time.
final class Reclamation {
  private static final String UNFINISHED = ".rewrite";
  private static final Logger LOG = LoggerFactory.getLogger(Reclamation.class);

  private final LogDirectory directory;
  private final LogIndex index;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  Reclamation(LogDirectory directory, LogIndex index) {
    this.directory = directory;
    this.index = index;
  }

  void run() {
    oneAtATime.lock();
    try {
      // One segment's end can free a tombstone in another: oldest first, and again while it helps.
      List<Segment> before = List.of();
      List<Segment> dead = index.mostlyDead();
      while (!dead.isEmpty() && !dead.equals(before)) {
        for (Segment segment : dead) {
          reclaim(segment);
        }
        before = dead;
        dead = index.mostlyDead();
      }
    } catch (IOException | StoreUnavailable e) {
      LOG.atWarn().setCause(e).log("log.reclaim.failed");
    } finally {
      oneAtATime.unlock();
    }
  }

  private void reclaim(Segment segment) throws IOException, StoreUnavailable {
    if (index.isEmpty(segment)) {
      index.remove(segment, () -> Files.delete(segment.path()));
    } else {
      rewrite(segment);
    }
    // Synced before a tombstone that is no longer needed can go: else what it silenced may return.
    directory.sync();
    LOG.atInfo().addKeyValue("file", segment.path()).log("log.segment.reclaimed");
  }

  private void rewrite(Segment segment) throws IOException, StoreUnavailable {
    Path unfinished = segment.path().resolveSibling(segment.path().getFileName() + UNFINISHED);
    List<Moved> moves = new ArrayList<>();
    long end = copyLive(segment, unfinished, moves);
    Segment rewritten = new Segment(segment.path(), segment.number(), segment.salt());
    index.replace(
        segment,
        rewritten,
        moves,
        end - SegmentHeader.SIZE,
        () ->
            Files.move(
                unfinished,
                segment.path(),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING));
  }

  /// @return the length of the new file
  private long copyLive(Segment segment, Path to, List<Moved> moves)
      throws IOException, StoreUnavailable {
    try (FileChannel out =
        FileChannel.open(
            to,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      SegmentHeader header = new SegmentHeader(Frame.FORMAT, segment.number(), segment.salt());
      write(out, header.bytes());
      SegmentScan.scan(
          segment.path(),
          segment.number(),
          false,
          (_, head, offset, frame) -> {
            if (index.isLive(head, Positions.position(segment.number(), offset))) {
              moves.add(new Moved(head, offset, out.position()));
              write(out, frame);
            }
          });
      out.force(true);
      return out.position();
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  void removeUnfinished() throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(directory.path(), "*" + UNFINISHED)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }
}
