package io.continuo.server.storage.segments;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A segment file as the writer uses it: the seam where tests put a disk that fails. Used by the
/// writer's own thread only, which nobody can interrupt: an interrupt would close the channel.
interface SegmentFile extends Closeable {
  /// Writes all of `bytes` at `position`.
  void write(ByteBuffer bytes, long position) throws IOException;

  /// Returns when what was written survives the loss of power.
  void force() throws IOException;

  void truncate(long size) throws IOException;

  /// Opens segment files for writing; makes them when missing.
  @FunctionalInterface
  interface Opener {
    SegmentFile open(Path path) throws IOException;
  }

  /// The real one.
  static SegmentFile onDisk(Path path) throws IOException {
    return new OnDisk(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  /// A file on a disk.
  record OnDisk(FileChannel channel) implements SegmentFile {
    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      long at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
