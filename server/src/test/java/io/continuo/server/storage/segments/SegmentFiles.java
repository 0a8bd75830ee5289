package io.continuo.server.storage.segments;

import io.continuo.server.configuration.StorageSettings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Settings and files of a log under test.
final class SegmentFiles {
  private SegmentFiles() {}

  static StorageSettings settings(Path directory) {
    return settings(directory, 64 << 20, 64 << 20);
  }

  static StorageSettings settings(Path directory, long segmentSize, long maxPending) {
    return new StorageSettings(directory, segmentSize, maxPending, Path.of(""));
  }

  static Path first(Path directory) {
    return directory.resolve("log").resolve("00000001.log");
  }

  static Path checkpoint(Path directory, int segment) {
    return directory.resolve("log").resolve("%08d.index".formatted(segment));
  }

  /// The next open has to scan every segment.
  static void deleteCheckpoints(Path directory) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory.resolve("log"), "*.index")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /// What a process that is killed now leaves behind.
  static void copyLog(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from.resolve("log"))) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  /// Names of the segment files, in order.
  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("log"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".log"))
          .sorted()
          .toList();
    }
  }
}
