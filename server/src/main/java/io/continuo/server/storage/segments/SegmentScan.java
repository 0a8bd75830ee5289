package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.FileFailure;
import io.continuo.server.storage.segments.Frame.Found;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Reads a segment to its last whole record, once, at open (from where its checkpoint ends) and
/// before a rewrite.
///
/// A record that is not whole ends the scan of the *last* segment when nothing of a later commit
/// group follows it: such a group was being written at the crash and nobody was told of it.
/// Anywhere else it is damage to acknowledged entries, and the store refuses to open rather than to
/// forget them. (Damage to the very last group cannot be told from a torn write.)
final class SegmentScan {
  private final Path path;
  private final boolean last;
  private final ByteBuffer bytes;

  private SegmentScan(Path path, boolean last, ByteBuffer bytes) {
    this.path = path;
    this.last = last;
    this.bytes = bytes;
  }

  /// Told of every whole record, in order.
  @FunctionalInterface
  interface Visitor {
    /// Where to begin: the offset of a record, or the end. What stands before it is not read.
    ///
    /// @param size of the file
    default long from(Segment segment, long size) throws IOException {
      return SegmentHeader.SIZE;
    }

    /// @param frame all bytes of the record, valid during the call only
    void found(Segment segment, RecordHead head, long offset, ByteBuffer frame) throws IOException;
  }

  /// How the scan ended.
  ///
  /// @param end where the last whole record ends
  /// @param size of the file; what is between is torn
  record Scanned(Segment segment, long end, long size) {}

  /// Empty when not even the header was written before the crash.
  static Optional<Scanned> scan(Path path, int number, boolean last, Visitor visitor)
      throws StoreUnavailable {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      ByteBuffer bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer();
      return new SegmentScan(path, last, bytes).scan(number, visitor);
    } catch (IOException e) {
      throw new StoreUnavailable("cannot read " + path + ": " + FileFailure.text(e), e);
    }
  }

  private Optional<Scanned> scan(int number, Visitor visitor) throws StoreUnavailable, IOException {
    SegmentHeader header;
    try {
      header = SegmentHeader.read(bytes);
    } catch (MalformedRecord e) {
      if (last && bytes.limit() <= SegmentHeader.SIZE) {
        return Optional.empty();
      }
      throw new StoreUnavailable(path + ": " + e.getMessage(), e);
    }
    if (header.format() > Frame.FORMAT) {
      throw newer(0, header.format());
    }
    if (header.number() != number) {
      throw new StoreUnavailable(path + ": holds segment " + header.number());
    }
    Segment segment = new Segment(path, number, header.salt());
    return Optional.of(new Scanned(segment, records(segment, visitor), bytes.limit()));
  }

  private long records(Segment segment, Visitor visitor) throws StoreUnavailable, IOException {
    int offset = Math.toIntExact(visitor.from(segment, bytes.limit()));
    while (offset < bytes.limit()) {
      switch (Frame.at(bytes, offset, segment.salt())) {
        case Found.Whole whole -> {
          visitor.found(segment, head(whole, offset), offset, bytes.slice(offset, whole.size()));
          offset += whole.size();
        }
        case Found.Newer found -> throw newer(offset, found.format());
        case Found.Broken broken -> {
          if (!last || laterGroupFollows(offset, segment.salt())) {
            throw new StoreUnavailable(
                path + ": damaged at offset " + offset + ": " + broken.why());
          }
          return offset;
        }
      }
    }
    return offset;
  }

  private RecordHead head(Found.Whole whole, int offset) throws StoreUnavailable {
    try {
      return RecordCodec.head(whole.body().duplicate());
    } catch (MalformedRecord e) {
      throw new StoreUnavailable(path + ": at offset " + offset + ": " + e.getMessage(), e);
    }
  }

  private boolean laterGroupFollows(int broken, long salt) {
    for (int offset = broken + 1; offset <= bytes.limit() - Frame.HEADER; offset++) {
      if (Frame.at(bytes, offset, salt) instanceof Found.Whole whole
          && offset - whole.distance() > broken) {
        return true;
      }
    }
    return false;
  }

  private StoreUnavailable newer(int offset, int format) {
    return new StoreUnavailable(
        path
            + ": at offset "
            + offset
            + ": format "
            + format
            + " was written by a newer release; this one reads up to format "
            + Frame.FORMAT);
  }
}
