package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import io.continuo.server.storage.segments.LogIndex.Moved;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the space of erased conversations back: a segment without live records is deleted, one
/// that is at most half live is rewritten in place (a new file with the live records takes its
/// name), which keeps the global order. The segment that is written to is left alone, so the bytes
/// of an erased conversation may stand there until it is full. Staged bodies of an erased
/// conversation are deleted at once; what a crash leaves of them is deleted at the next open.
///
/// A failure here loses nothing and is tried again at the next erase or open.
///
/// Threading: the eraser's thread, one at a time.
final class Reclamation {
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
      for (long body : index.takeDeadBodies()) {
        directory.bodies().delete(body);
      }
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
      LOG.atWarn().setCause(e).log("log.reclaim-failed");
    } finally {
      oneAtATime.unlock();
    }
  }

  private void reclaim(Segment segment) throws IOException, StoreUnavailable {
    if (index.isEmpty(segment)) {
      index.remove(segment, () -> directory.delete(segment));
    } else {
      rewrite(segment);
    }
    // Synced before a tombstone that is no longer needed can go: else what it silenced may return.
    directory.sync();
    LOG.atInfo().addKeyValue("file", segment.path()).log("log.segment-reclaimed");
  }

  /// The copy has a salt of its own: a checkpoint of the segment as it was is recognised by it.
  private void rewrite(Segment segment) throws IOException, StoreUnavailable {
    Path unfinished =
        segment.path().resolveSibling(segment.path().getFileName() + LogDirectory.UNFINISHED);
    SegmentHeader header = LogDirectory.header(segment.number());
    Segment rewritten = new Segment(segment.path(), segment.number(), header.salt());
    SegmentCheckpoint checkpoint = new SegmentCheckpoint();
    List<Moved> moves = new ArrayList<>();
    long end;
    try (LogFile out = directory.disk().open(unfinished)) {
      out.truncate(0);
      out.write(header.bytes(), 0);
      end = copyLive(segment, rewritten, out, moves, checkpoint);
      out.force();
    }
    index.replace(
        segment,
        rewritten,
        moves,
        end - SegmentHeader.SIZE,
        () -> directory.disk().replace(unfinished, segment.path()));
    directory.keep(checkpoint, rewritten);
  }

  /// @return the length of the new file
  private long copyLive(
      Segment from, Segment to, LogFile out, List<Moved> moves, SegmentCheckpoint checkpoint)
      throws IOException, StoreUnavailable {
    long[] end = {SegmentHeader.SIZE};
    SegmentScan.scan(
        from.path(),
        from.number(),
        false,
        (_, head, offset, frame) -> {
          if (index.isLive(head, Positions.position(from.number(), offset))) {
            int size = frame.remaining();
            out.write(Frame.resalted(frame, to.salt()), end[0]);
            moves.add(new Moved(head, offset, end[0]));
            checkpoint.add(head, size);
            end[0] += size;
          }
        });
    return end[0];
  }

  /// Deletes the staged bodies that no live record refers to. At open, before anything is appended.
  ///
  /// @throws StoreUnavailable when a body that one does refer to is not there
  void removeOrphans() throws IOException, StoreUnavailable {
    StagedBodies bodies = directory.bodies();
    Set<Long> orphans = bodies.present();
    for (long needed : index.bodies()) {
      if (!orphans.remove(needed)) {
        throw new StoreUnavailable(
            bodies.path(needed) + ": is missing, and an acknowledged entry has its body there");
      }
    }
    for (long orphan : orphans) {
      bodies.delete(orphan);
    }
    index.takeDeadBodies(); // those, too, are orphans
    if (!orphans.isEmpty()) {
      LOG.atInfo().addKeyValue("files", orphans.size()).log("log.orphans-deleted");
    }
  }
}
