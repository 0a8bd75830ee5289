package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The folder of the segment files: `00000001.log`, `00000002.log`, …, and `lock`.
///
/// @param opener how files are opened for writing
record LogDirectory(Path path, SegmentFile.Opener opener) {
  private static final Pattern NAME = Pattern.compile("(\\d{8})\\.log");
  private static final SecureRandom SALTS = new SecureRandom();

  /// The segment that is written to.
  record Active(Segment segment, SegmentFile file, long end) {}

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

  /// Makes an empty segment that is there after a crash.
  Active create(int number) throws IOException {
    Path file = path.resolve("%08d.log".formatted(number));
    SegmentHeader header = new SegmentHeader(Frame.FORMAT, number, SALTS.nextLong());
    SegmentFile open = opener.open(file);
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

  /// Makes additions and removals of files survive the loss of power.
  void sync() throws IOException {
    sync(path);
  }

  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
