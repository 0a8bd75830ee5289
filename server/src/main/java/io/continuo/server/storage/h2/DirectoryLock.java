package io.continuo.server.storage.h2;

import io.continuo.server.conversation.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Holds a storage directory for one server: H2 alone would let a second store in this process in.
/// The operating system frees it when the process ends, however it ends.
final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "continuo.lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  static DirectoryLock take(Path directory) throws StoreUnavailable {
    Path file = directory.resolve(FILE);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new StoreUnavailable(
            "storage.directory " + directory + " is in use by another Continuo server");
      }
      return new DirectoryLock(channel);
    } catch (IOException unusable) {
      throw new StoreUnavailable("cannot lock " + file + ": " + unusable.getMessage(), unusable);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException thisProcessHasIt) {
      return null;
    }
  }

  @Override
  public void close() throws StoreUnavailable {
    try {
      channel.close();
    } catch (IOException failed) {
      throw new StoreUnavailable("cannot release the storage directory", failed);
    }
  }
}
