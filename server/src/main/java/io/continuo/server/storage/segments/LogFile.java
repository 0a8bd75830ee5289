package io.continuo.server.storage.segments;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of the log as it is written: a segment, a staged body, a checkpoint. Opened by [Disk].
/// Used by the log's own threads and an eraser's, one at a time; an interrupt would close it.
interface LogFile extends Closeable {
  /// Writes all of `bytes` at `position`.
  void write(ByteBuffer bytes, long position) throws IOException;

  /// Returns when what was written survives the loss of power.
  void force() throws IOException;

  void truncate(long size) throws IOException;

  /// A file on a disk, made when missing.
  static LogFile onDisk(Path path) throws IOException {
    return new OnDisk(FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  /// See [#onDisk].
  record OnDisk(FileChannel channel) implements LogFile {
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
