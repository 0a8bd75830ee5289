package io.continuo.server.configuration;

import java.nio.file.Path;

/// The embedded store (`storage.*`).
///
/// @param directory where H2 and the log segments live; made when missing (default `data`)
/// @param segmentSize a log segment is closed when it reaches this many bytes (default 64 MiB)
/// @param maxPendingBytes entries that wait for the disk; more is refused as unavailable (default
///   64 MiB)
/// @param subscribersFile a YAML file of subscribers, read at start; empty path: none (default
///   `subscribers.yaml` beside the configuration file when that exists)
public record StorageSettings(
    Path directory, @Bytes long segmentSize, @Bytes long maxPendingBytes, Path subscribersFile) {
  public StorageSettings {
    new Check()
        .notBlank("storage.directory", directory.toString())
        .between("storage.segment-size", segmentSize, 1, 1L << 32)
        .between("storage.max-pending-bytes", maxPendingBytes, 1, 1L << 32)
        .done();
  }

  public static final StorageSettings DEFAULT =
      new StorageSettings(Path.of("data"), 64L << 20, 64L << 20, Path.of(""));
}
