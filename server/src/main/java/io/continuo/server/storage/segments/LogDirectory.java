package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The folder of the log: segments `00000001.log`, `00000002.log`, …, the folder `bodies`
/// ([StagedBodies]) and `lock`.
record LogDirectory(Path path, Disk disk) {
  private static final Pattern NAME = Pattern.compile("(\\d{8})\\.log");
  private static final SecureRandom SALTS = new SecureRandom();

  /// The segment that is written to.
  record Active(Segment segment, LogFile file, long end) {}

  /// Segment files by number.
  TreeMap<Integer, Path> segments() throws StoreUnavailable {
    TreeMap<Integer, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          found.put(Integer.parseInt(name.group(1)), file);
        }
      }
      return found;
    } catch (IOException | DirectoryIteratorException e) {
      throw new StoreUnavailable("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  StagedBodies bodies() {
    return new StagedBodies(path.resolve("bodies"), disk);
  }

  /// Makes an empty segment that is there after a crash.
  Active create(int number) throws IOException {
    Path file = path.resolve("%08d.log".formatted(number));
    SegmentHeader header = header(number);
    LogFile open = disk.open(file);
    try {
      open.truncate(0);
      open.write(header.bytes(), 0);
      open.force();
      sync();
    } catch (IOException e) {
      open.close();
      throw e;
    }
    return new Active(new Segment(file, number, header.salt()), open, SegmentHeader.SIZE);
  }

  /// The head of a new file, with a salt of its own.
  static SegmentHeader header(int number) {
    return new SegmentHeader(Frame.FORMAT, number, SALTS.nextLong());
  }

  /// Makes additions and removals of files survive the loss of power.
  void sync() throws IOException {
    disk.sync(path);
  }
}
