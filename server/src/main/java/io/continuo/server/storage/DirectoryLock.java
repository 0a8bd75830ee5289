package io.continuo.server.storage;

import io.continuo.server.conversation.StoreUnavailable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps a second server, of another process or of this one, from writing to a store's directory.
/// The system takes the lock away with the process, however it ends.
///
/// Threading: any thread.
public final class DirectoryLock implements AutoCloseable {
  // Asked before the file is opened: closing a second channel of a locked file would let the
  // system drop the first one's lock (POSIX).
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path held;
  private final FileChannel channel;

  private DirectoryLock(Path held, FileChannel channel) {
    this.held = held;
    this.channel = channel;
  }

  /// Locks a directory, which must exist.
  ///
  /// @param name of the file in it that is locked, made when missing
  /// @throws StoreUnavailable when somebody has it, or it cannot be written; for the operator
  public static DirectoryLock take(Path directory, String name) throws StoreUnavailable {
    try {
      Path file = directory.toRealPath().resolve(name);
      if (!HELD_HERE.add(file)) {
        throw inUse(directory);
      }
      return new DirectoryLock(file, locked(directory, file));
    } catch (IOException unusable) {
      throw new StoreUnavailable(
          "cannot lock " + directory + ": " + FileFailure.text(unusable), unusable);
    }
  }

  private static FileChannel locked(Path directory, Path file)
      throws IOException, StoreUnavailable {
    FileChannel channel = null;
    boolean locked = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      locked = channel.tryLock() != null;
      if (!locked) {
        throw inUse(directory);
      }
      return channel;
    } finally {
      if (!locked) {
        release(file, channel);
      }
    }
  }

  private static StoreUnavailable inUse(Path directory) {
    return new StoreUnavailable(directory + " is in use by another Continuo server");
  }

  /// Lets go; once, as somebody else may have it afterwards.
  @Override
  public void close() throws StoreUnavailable {
    try {
      if (channel.isOpen()) {
        release(held, channel);
      }
    } catch (IOException failed) {
      throw new StoreUnavailable(
          "cannot release " + held + ": " + FileFailure.text(failed), failed);
    }
  }

  // In this order: whoever finds that it is free here must find the file free, too.
  private static void release(Path file, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD_HERE.remove(file);
    }
  }
}
