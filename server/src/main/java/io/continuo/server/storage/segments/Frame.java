package io.continuo.server.storage.segments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// How a record stands in a segment file, numbers in network order:
///
/// | bytes | what |
/// |---|---|
/// | 1 | format version |
/// | 3 | `LOG` |
/// | 4 | length of the body |
/// | 4 | CRC32C of the segment's salt, this header without the checksum, and the body |
/// | 4 | bytes between the beginning of its commit group and this record |
/// | … | body: [RecordCodec] |
///
/// The salt is random for each segment: no message body can hold bytes that look like a record of
/// the file it is written to. The distance tells, at open, a torn group (the last one, which nobody
/// was told of) from damage to what was once synced.
final class Frame {
  /// The format that this release writes. It reads every older one and refuses newer ones.
  static final int FORMAT = 2;

  static final int HEADER = 16;
  private static final int MAGIC = 'L' << 16 | 'O' << 8 | 'G';
  private static final int CHECKSUM_AT = 8;
  private static final int DISTANCE_AT = 12;

  private Frame() {}

  static int size(ByteBuffer body) {
    return HEADER + body.remaining();
  }

  /// Adds one record to `out`; `body` keeps its position.
  static void write(ByteBuffer out, ByteBuffer body, int distance, long salt) {
    ByteBuffer content = body.duplicate();
    int word = FORMAT << 24 | MAGIC;
    int length = content.remaining();
    out.putInt(word).putInt(length);
    out.putInt(checksum(salt, word, length, distance, content.duplicate()));
    out.putInt(distance).put(content);
  }

  /// A whole record as it stands in a segment with another salt.
  static ByteBuffer resalted(ByteBuffer frame, long salt) {
    ByteBuffer out = ByteBuffer.allocate(frame.remaining());
    int body = frame.remaining() - HEADER;
    write(out, frame.slice(HEADER, body), frame.getInt(DISTANCE_AT), salt);
    return out.flip();
  }

  /// What stands at `offset` of a segment, read from `bytes` that begin with the segment.
  static Found at(ByteBuffer bytes, int offset, long salt) {
    if (bytes.limit() - offset < HEADER) {
      return new Found.Broken("a header cut short");
    }
    int word = bytes.getInt(offset);
    if ((word & 0xFFFFFF) != MAGIC) {
      return new Found.Broken("no record begins here");
    }
    int format = word >>> 24;
    if (format > FORMAT) {
      return new Found.Newer(format);
    }
    int length = bytes.getInt(offset + 4);
    if (length < 0 || length > bytes.limit() - offset - HEADER) {
      return new Found.Broken("a record cut short");
    }
    ByteBuffer body = bytes.slice(offset + HEADER, length);
    int distance = bytes.getInt(offset + DISTANCE_AT);
    boolean right =
        bytes.getInt(offset + CHECKSUM_AT)
            == checksum(salt, word, length, distance, body.duplicate());
    return right ? new Found.Whole(body, distance) : new Found.Broken("a wrong checksum");
  }

  private static int checksum(long salt, int word, int length, int distance, ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(
        ByteBuffer.allocate(20).putLong(salt).putInt(word).putInt(length).putInt(distance).flip());
    crc.update(body);
    return (int) crc.getValue();
  }

  /// What was found where a record should begin.
  sealed interface Found {
    record Whole(ByteBuffer body, int distance) implements Found {
      int size() {
        return HEADER + body.remaining();
      }
    }

    record Broken(String why) implements Found {}

    record Newer(int format) implements Found {}
  }

  /// The first bytes of a segment file.
  ///
  /// @param number the segment's, as in its name
  record SegmentHeader(int format, int number, long salt) {
    static final int SIZE = 32;
    private static final byte[] NAME = "CONTINUO".getBytes(StandardCharsets.US_ASCII);

    ByteBuffer bytes() {
      ByteBuffer out = ByteBuffer.allocate(SIZE);
      out.put(NAME).putInt(format).putInt(number).putLong(salt);
      out.putInt(checksum(out)).putInt(0);
      return out.flip();
    }

    /// @throws MalformedRecord when these bytes begin no segment
    static SegmentHeader read(ByteBuffer bytes) throws MalformedRecord {
      if (bytes.limit() < SIZE || !bytes.slice(0, NAME.length).equals(ByteBuffer.wrap(NAME))) {
        throw new MalformedRecord("not a segment of a Continuo log");
      }
      if (bytes.getInt(8) > FORMAT) {
        return new SegmentHeader(bytes.getInt(8), 0, 0); // the rest may stand elsewhere
      }
      if (bytes.getInt(24) != checksum(bytes)) {
        throw new MalformedRecord("a wrong checksum in the segment's header");
      }
      return new SegmentHeader(bytes.getInt(8), bytes.getInt(12), bytes.getLong(16));
    }

    private static int checksum(ByteBuffer bytes) {
      CRC32C crc = new CRC32C();
      crc.update(bytes.slice(0, 24));
      return (int) crc.getValue();
    }
  }
}
