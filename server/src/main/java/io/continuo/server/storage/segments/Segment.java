package io.continuo.server.storage.segments;

import io.continuo.server.storage.segments.Frame.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// One segment file as readers see it.
///
/// Threading: any thread reads, with positional reads on a channel of the readers' own. A reader's
/// interrupt closes that channel under all of them; whoever finds it closed opens it again.
final class Segment {
  private final int number;
  private final Path path;
  private final long salt;
  private @Nullable FileChannel channel;
  private boolean retired;

  Segment(Path path, int number, long salt) {
    this.path = path;
    this.number = number;
    this.salt = salt;
  }

  int number() {
    return number;
  }

  Path path() {
    return path;
  }

  long salt() {
    return salt;
  }

  /// The body of the record that stands there.
  ///
  /// @param size with its header
  /// @throws Retired when the file was replaced or deleted: look the place up again
  ByteBuffer body(long offset, int size) throws IOException {
    ByteBuffer frame = read(offset, size);
    return switch (Frame.at(frame, 0, salt)) {
      case Found.Whole whole -> whole.body();
      case Found.Broken broken -> throw new MalformedRecord(broken.why());
      case Found.Newer newer -> throw new MalformedRecord("format " + newer.format());
    };
  }

  /// From now on reads fail with [Retired].
  synchronized void retire() throws IOException {
    retired = true;
    if (channel != null) {
      channel.close();
    }
  }

  private ByteBuffer read(long offset, int size) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return readOnce(offset, size);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        } catch (ClosedChannelException e) {
          // Another reader's interrupt closed it, or it is retired, which channel() tells.
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ByteBuffer readOnce(long offset, int size) throws IOException {
    FileChannel open = channel();
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (open.read(bytes, offset + bytes.position()) < 0) {
        throw new MalformedRecord("the file ends within it");
      }
    }
    return bytes.flip();
  }

  private synchronized FileChannel channel() throws IOException {
    if (retired) {
      throw new Retired();
    }
    FileChannel open = channel;
    if (open == null || !open.isOpen()) {
      open = FileChannel.open(path, StandardOpenOption.READ);
      channel = open;
    }
    return open;
  }

  /// The file was replaced by its rewritten form, deleted, or the log is closed.
  static final class Retired extends IOException {
    private static final long serialVersionUID = 1;

    Retired() {
      super("the segment is no longer there");
    }
  }
}
