package io.continuo.server.storage.segments;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.storage.FileFailure;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of the log: segments `00000001.log`, `00000002.log`, …, beside each its
/// [SegmentCheckpoint] `00000001.index`, the folder `bodies` ([StagedBodies]) and `lock`.
record LogDirectory(Path path, Disk disk) {
  private static final Pattern NAME = Pattern.compile("(\\d{8})\\.log");

  /// Behind the name of a file that takes another's place when it is whole.
  static final String UNFINISHED = ".rewrite";

  private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);
  private static final SecureRandom SALTS = new SecureRandom();

  /// The segment that is written to.
  record Active(Segment segment, LogFile file, long end) {}

  /// Segment files by number.
  TreeMap<Integer, Path> segments() throws StoreUnavailable {
    try {
      return list();
    } catch (IOException e) {
      throw new StoreUnavailable("cannot read " + path + ": " + FileFailure.text(e), e);
    }
  }

  private TreeMap<Integer, Path> list() throws IOException {
    TreeMap<Integer, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          found.put(Integer.parseInt(name.group(1)), file);
        }
      }
      return found;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  StagedBodies bodies() {
    return new StagedBodies(path.resolve("bodies"), disk);
  }

  private Path checkpoint(Segment segment) {
    return path.resolve("%08d.index".formatted(segment.number()));
  }

  /// Keeps what the next open will not have to scan. A failure costs that open time, nothing else.
  void keep(SegmentCheckpoint checkpoint, Segment segment) {
    Path unfinished = path.resolve(checkpoint(segment).getFileName() + UNFINISHED);
    try {
      try (LogFile file = disk.open(unfinished)) {
        file.truncate(0);
        file.write(checkpoint.bytes(segment), 0);
      }
      disk.replace(unfinished, checkpoint(segment));
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("file", checkpoint(segment))
          .setCause(e)
          .log("log.checkpoint-not-kept");
    }
  }

  /// What is known of a segment without scanning it; nothing when there is no checkpoint, or none
  /// that can be believed.
  SegmentCheckpoint.Content known(Segment segment, long size) throws IOException {
    Path file = checkpoint(segment);
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      SegmentCheckpoint.Content content = SegmentCheckpoint.read(bytes, segment, size);
      if (!content.records().isEmpty()) {
        SegmentCheckpoint.Known last = content.records().getLast();
        segment.body(
            last.offset(), last.size()); // else the file was cut, or put back from elsewhere
      }
      return content;
    } catch (NoSuchFileException e) {
      LOG.atDebug().addKeyValue("file", file).log("log.checkpoint-missing");
    } catch (MalformedRecord e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("reason", e.getMessage())
          .log("log.checkpoint-unusable");
    }
    return new SegmentCheckpoint.Content(List.of(), SegmentHeader.SIZE);
  }

  void delete(Segment segment) throws IOException {
    disk.delete(segment.path());
    disk.delete(checkpoint(segment));
  }

  /// Deletes what a crash left half made.
  void removeUnfinished() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(path, "*" + UNFINISHED)) {
      for (Path file : left) {
        disk.delete(file);
      }
    }
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
