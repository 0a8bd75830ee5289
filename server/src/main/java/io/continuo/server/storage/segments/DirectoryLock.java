package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a second process, or a second log of this one, from writing to the same directory. The
/// system takes the lock away with the process, however it ends.
record DirectoryLock(Path directory, FileChannel channel) implements AutoCloseable {
  // Asked before the file is opened: closing a second channel of a locked file would let the
  // system drop the first one's lock (POSIX).
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  static DirectoryLock take(Path directory) throws StoreUnavailable {
    Path file = directory.resolve("lock");
    try {
      Path real = directory.toRealPath();
      if (!HELD_HERE.add(real)) {
        throw inUse(directory, "by this process");
      }
      return new DirectoryLock(real, locked(directory, file, real));
    } catch (IOException e) {
      throw new StoreUnavailable("cannot lock " + file + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel locked(Path directory, Path file, Path real)
      throws IOException, StoreUnavailable {
    boolean held = false;
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      held = channel.tryLock() != null;
      if (!held) {
        throw inUse(directory, "by another process");
      }
      return channel;
    } finally {
      if (!held) {
        HELD_HERE.remove(real);
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static StoreUnavailable inUse(Path directory, String byWhom) {
    return new StoreUnavailable("the log in " + directory + " is in use " + byWhom);
  }

  @Override
  public void close() throws IOException {
    HELD_HERE.remove(directory);
    channel.close();
  }
}
