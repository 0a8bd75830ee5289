package io.continuo.server.storage.segments;

import io.continuo.server.conversation.Body;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Bodies too large for a record, each in a file of its own (`bodies/0123456789abcdef.body`), which
/// is whole and synced before the record that refers to it is appended. A file that no live record
/// refers to is an orphan: of an upload or an append that a crash or a failure cut short, or of a
/// conversation that was erased.
///
/// Threading: any thread; a file is written by one thread at a time.
record StagedBodies(Path folder, Disk disk) {
  /// A body of up to this many bytes stands in its record.
  static final int MAX_INLINE = Body.MAX_IN_MEMORY;

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})\\.body");
  private static final SecureRandom NUMBERS = new SecureRandom();

  /// What a record says of its body.
  ///
  /// @param number of the file, random so that no number is ever used again
  /// @param checksum CRC32C of the body
  record Reference(long number, long length, int checksum) {
    static Reference to(byte[] body) {
      CRC32C crc = new CRC32C();
      crc.update(body);
      return new Reference(freshNumber(), body.length, (int) crc.getValue());
    }
  }

  static long freshNumber() {
    return NUMBERS.nextLong() >>> 1 | 1;
  }

  /// Returns when the body survives the loss of power.
  void write(Reference reference, byte[] body) throws IOException {
    try (LogFile file = disk.open(path(reference.number()))) {
      file.write(ByteBuffer.wrap(body), 0);
      file.force();
    }
    disk.sync(folder);
  }

  /// The first bytes of a body that is larger. What they say is checked when the body is read to
  /// its end ([BodyReading]).
  ///
  /// @throws java.io.FileNotFoundException when there is no such file
  /// @throws MalformedRecord when it has not the length that was written
  byte[] head(Reference reference) throws IOException {
    File file = path(reference.number()).toFile();
    // Not a channel: a reader's interrupt would close that.
    try (InputStream in = new FileInputStream(file)) {
      byte[] head = in.readNBytes((int) Math.min(Body.HEAD, reference.length()));
      if (file.length() != reference.length()) {
        throw damaged(reference);
      }
      return head;
    }
  }

  MalformedRecord damaged(Reference reference) {
    return new MalformedRecord("its body in " + path(reference.number()) + " is damaged");
  }

  void delete(long number) throws IOException {
    disk.delete(path(number));
  }

  /// The numbers of the files that are there.
  Set<Long> present() throws IOException {
    Set<Long> present = new HashSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          present.add(Long.parseUnsignedLong(name.group(1), 16));
        }
      }
      return present;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  Path path(long number) {
    return folder.resolve("%016x.body".formatted(number));
  }
}
