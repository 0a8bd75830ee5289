package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A log on a disk that can fail, and the files of large bodies beside it.
abstract class BodyFilesFixture {
  @TempDir Path directory;
  final FaultyDisk disk = new FaultyDisk();
  SegmentLog log;

  @BeforeEach
  void open() throws StoreUnavailable {
    log =
        SegmentLog.open(
            SegmentFiles.settings(directory, 64 << 20, 1 << 20), LogObserver.NONE, disk);
  }

  @AfterEach
  void close() {
    disk.release();
    log.close();
  }

  void reopen() throws StoreUnavailable {
    log.close();
    open();
  }

  List<Path> bodies() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("log").resolve("bodies"))) {
      return files.toList();
    }
  }
}
