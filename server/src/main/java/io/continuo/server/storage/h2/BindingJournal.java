package io.continuo.server.storage.h2;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.storage.FileFailure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/// A file of fixed size with the changes of bindings that the tables do not have yet, one record
/// for each batch, each synced before the next one begins. Numbers in network order:
///
/// | where | what |
/// |---|---|
/// | 0 and 512 | two headers; the valid one with the higher generation counts |
/// | from 1,024 | records: `BIND`, length of the body, CRC32C, body ([BindingRecords]) |
///
/// A header is `CONTBIND`, format version, generation, salt, CRC32C. The checksum of a record
/// covers the salt of its generation, so that a new header empties the file, whatever stands behind
/// it, and nothing that a peer sends can look like a record. As the file never grows or shrinks, a
/// sync writes the record and nothing of the file system's own.
///
/// A failed write ends it until it is opened anew: after a failed sync nobody knows what the system
/// still holds. So what was refused by that one write may be there at the next start; nothing that
/// was acknowledged is missing.
///
/// Threading: one thread at a time; [#usable] any.
final class BindingJournal implements Closeable {
  /// Bytes of the file. What does not fit any more goes to the tables first.
  static final int SIZE = 4 << 20;

  /// The format that this release writes. It refuses newer ones.
  static final int FORMAT = 1;

  /// Where records begin.
  static final int RECORDS = 1_024;

  private static final int HEADER_DISTANCE = 512; // a sector each: a torn write leaves the other
  private static final int HEADERS = 2;
  private static final int HEADER_SIZE = 32;
  private static final long NAME = 0x434F_4E54_4249_4E44L; // CONTBIND
  private static final int MAGIC = 0x4249_4E44; // BIND
  private static final int RECORD_HEADER = 12;

  private final Path path;
  private final JournalFile file;
  private long generation;
  private long salt;
  private int end = RECORDS;

  /// Or closed. Asked for by any thread.
  private volatile boolean failed;

  private BindingJournal(Path path, JournalFile file, long generation, long salt) {
    this.path = path;
    this.file = file;
    this.generation = generation;
    this.salt = salt;
  }

  /// A journal and what a process before this one left in it.
  record Opened(BindingJournal journal, List<BindingChange> left) {}

  /// Opens the file, which is made when it is missing. A last record that was not written to its
  /// end is left out: nobody was told of it.
  ///
  /// @throws StoreUnavailable when it cannot be used, is damaged, or a newer release wrote it; the
  ///   message is for the operator
  static Opened open(Path path) throws StoreUnavailable {
    return open(path, JournalFile::onDisk);
  }

  /// [#open(Path)] on a disk that a test gives.
  static Opened open(Path path, JournalFile.Opening disk) throws StoreUnavailable {
    try {
      if (!Files.exists(path)) {
        make(path);
      }
      return read(path, disk);
    } catch (IOException unusable) {
      throw new StoreUnavailable("cannot open " + FileFailure.text(unusable), unusable);
    }
  }

  /// Under another name until it is whole and synced, so that there is no half one.
  private static void make(Path path) throws IOException {
    Path unfinished = path.resolveSibling(path.getFileName() + ".new");
    byte[] empty = new byte[SIZE];
    byte[] header = header(FORMAT, 1, new SecureRandom().nextLong()).array();
    System.arraycopy(header, 0, empty, place(1), header.length);
    Files.write(unfinished, empty);
    try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  private static Opened read(Path path, JournalFile.Opening disk)
      throws IOException, StoreUnavailable {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    int newest = -1;
    for (int slot = 0; slot < HEADERS; slot++) {
      int at = slot * HEADER_DISTANCE;
      if (isHeader(bytes, at)
          && (newest < 0 || bytes.getLong(at + 12) > bytes.getLong(newest + 12))) {
        newest = at;
      }
    }
    if (newest < 0 || bytes.limit() != SIZE) {
      throw damaged(path, "it does not begin as one");
    }
    if (bytes.getInt(newest + 8) > FORMAT) {
      throw new StoreUnavailable(
          path + " was written by a newer release: format " + bytes.getInt(newest + 8));
    }
    JournalFile file = disk.open(path);
    BindingJournal journal =
        new BindingJournal(path, file, bytes.getLong(newest + 12), bytes.getLong(newest + 20));
    try {
      return new Opened(journal, journal.left(bytes));
    } catch (StoreUnavailable | RuntimeException damaged) {
      file.close();
      throw damaged;
    }
  }

  private static boolean isHeader(ByteBuffer bytes, int at) {
    return bytes.limit() >= at + HEADER_SIZE
        && bytes.getLong(at) == NAME
        && bytes.getInt(at + 28) == checksum(0, bytes.slice(at, HEADER_SIZE - 4));
  }

  /// In turn, so that a torn header leaves the one before.
  private static int place(long generation) {
    return (int) (generation % HEADERS) * HEADER_DISTANCE;
  }

  static ByteBuffer header(int format, long generation, long salt) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE);
    header.putLong(NAME).putInt(format).putLong(generation).putLong(salt);
    return header.putInt(checksum(0, header.slice(0, HEADER_SIZE - 4))).flip();
  }

  private List<BindingChange> left(ByteBuffer bytes) throws StoreUnavailable {
    List<BindingChange> left = new ArrayList<>();
    while (isRecord(bytes, end)) {
      int length = bytes.getInt(end + 4);
      left.addAll(BindingRecords.read(bytes.slice(end + RECORD_HEADER, length)));
      end += RECORD_HEADER + length;
    }
    for (int at = end + 1; at < SIZE; at++) {
      if (isRecord(bytes, at)) {
        throw damaged(path, "what stands at " + end + " is no record, and one follows");
      }
    }
    return left;
  }

  private boolean isRecord(ByteBuffer bytes, int at) {
    if (SIZE - at < RECORD_HEADER || bytes.getInt(at) != MAGIC) {
      return false;
    }
    int length = bytes.getInt(at + 4);
    return length > 0
        && length <= SIZE - at - RECORD_HEADER
        && bytes.getInt(at + 8) == checksum(salt, bytes.slice(at + RECORD_HEADER, length));
  }

  private static StoreUnavailable damaged(Path path, String how) {
    return new StoreUnavailable(
        path + " is damaged (" + how + "); restore storage.directory from a backup");
  }

  private static int checksum(long salt, ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(12).putLong(salt).putInt(body.remaining()).flip());
    crc.update(body);
    return (int) crc.getValue();
  }

  /// Whether a batch is in the journal now.
  enum Appended {
    /// It survives the loss of power.
    WRITTEN,
    /// Nothing was written: there is no room before [#clear], or never for so long a batch.
    NO_ROOM
  }

  /// Writes a batch as one record and waits until it is on the disk.
  ///
  /// @throws StoreUnavailable when it cannot be written, and ever after
  Appended append(Collection<BindingChange> batch) throws StoreUnavailable {
    requireUsable();
    ByteBuffer body = BindingRecords.written(batch);
    int size = RECORD_HEADER + body.remaining();
    if (size > SIZE - end) {
      return Appended.NO_ROOM;
    }
    ByteBuffer record = ByteBuffer.allocate(size);
    record.putInt(MAGIC).putInt(body.remaining()).putInt(checksum(salt, body.duplicate()));
    write(record.put(body).flip(), end);
    end += size;
    return Appended.WRITTEN;
  }

  /// Empties it: the tables have everything. Synced before anything else is written, as a record of
  /// the new generation before its header would look like damage.
  ///
  /// @throws StoreUnavailable when it cannot be written, and ever after
  void clear() throws StoreUnavailable {
    requireUsable();
    generation++;
    salt = new SecureRandom().nextLong();
    write(header(FORMAT, generation, salt), place(generation));
    end = RECORDS;
  }

  /// Whether it takes records.
  boolean usable() {
    return !failed;
  }

  private void requireUsable() throws StoreUnavailable {
    if (!usable()) {
      throw new StoreUnavailable(path + " takes nothing more until the server is started anew");
    }
  }

  private void write(ByteBuffer bytes, int position) throws StoreUnavailable {
    try {
      file.write(bytes, position);
      file.force();
    } catch (IOException broken) {
      failed = true;
      throw new StoreUnavailable("cannot write " + FileFailure.text(broken), broken);
    }
  }

  @Override
  public void close() throws IOException {
    failed = true;
    file.close();
  }
}
