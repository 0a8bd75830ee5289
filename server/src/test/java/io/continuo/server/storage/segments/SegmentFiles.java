package io.continuo.server.storage.segments;

import io.continuo.server.configuration.StorageSettings;
import java.io.IOException;
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
