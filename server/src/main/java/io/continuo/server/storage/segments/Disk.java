package io.continuo.server.storage.segments;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Everything that changes a file of the log goes through here: the seam where tests put a disk
/// that fails, waits or loses power. Reading goes past it.
@FunctionalInterface
interface Disk {
  /// The real one.
  Disk REAL = LogFile::onDisk;

  /// Opens a file for writing; makes it when missing.
  LogFile open(Path path) throws IOException;

  /// Puts a file in the place of another at once, and the other is gone.
  default void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Bytes that the file system of this folder still takes; 0 when it does not say. Cheap, as it is
  /// asked for every piece of a body.
  default long usable(Path folder) {
    return folder.toFile().getUsableSpace();
  }

  /// Deletes a file; nothing happens when it is not there.
  default void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  /// Returns when files that were made, moved or deleted in this folder stay so after a loss of
  /// power.
  default void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
