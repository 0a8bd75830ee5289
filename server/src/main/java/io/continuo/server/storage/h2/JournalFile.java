package io.continuo.server.storage.h2;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The file of a [BindingJournal] as it is written. An interrupt of who writes closes it.
///
/// Threading: one thread at a time.
interface JournalFile extends Closeable {
  /// Writes all of `bytes` at `position`.
  void write(ByteBuffer bytes, int position) throws IOException;

  /// Returns when what was written survives the loss of power.
  void force() throws IOException;

  /// Opens a file that is there.
  interface Opening {
    JournalFile open(Path path) throws IOException;
  }

  static JournalFile onDisk(Path path) throws IOException {
    return new OnDisk(FileChannel.open(path, StandardOpenOption.WRITE));
  }

  /// See [#onDisk].
  record OnDisk(FileChannel channel) implements JournalFile {
    @Override
    public void write(ByteBuffer bytes, int position) throws IOException {
      int at = position;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
