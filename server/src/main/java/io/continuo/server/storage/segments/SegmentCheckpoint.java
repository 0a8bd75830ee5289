package io.continuo.server.storage.segments;

import io.continuo.server.identity.ConversationId;
import io.continuo.server.storage.segments.Frame.SegmentHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// The heads of a segment's records up to some offset: what the index takes from them, without
/// their bodies, a few percent of the segment. Kept beside it (`00000001.index`) when the segment
/// is full, rewritten, or the log is closed, so that an open reads this and then only the records
/// behind it.
///
/// It is never needed: one that is missing, damaged, or of a segment that was rewritten since (the
/// salt tells) is not believed, and the segment is scanned. So nothing waits for it to reach the
/// disk.
///
/// File: `CONTINDX`, format, segment number (4 bytes each), salt, end (8 each), records, CRC32C of
/// all the rest (4 each); then for each record the conversation (a number given in order of first
/// appearance, behind a new one its id), kind, sequence, size, staged body, key.
///
/// Threading: whoever writes the segment.
final class SegmentCheckpoint {
  private static final byte[] NAME = "CONTINDX".getBytes(StandardCharsets.US_ASCII);
  private static final int FORMAT_AT = 8;
  private static final int NUMBER_AT = 12;
  private static final int SALT_AT = 16;
  private static final int END_AT = 24;
  private static final int RECORDS_AT = 32;
  private static final int CHECKSUM_AT = 36;
  private static final int HEADER = 40;

  private final ByteSink heads = new ByteSink(4 << 10);
  private final Map<ConversationId, Integer> numbers = new HashMap<>();
  private int records;
  private long end = SegmentHeader.SIZE;

  /// A record as the checkpoint tells of it.
  record Known(RecordHead head, long offset, int size) {}

  /// What a checkpoint tells: the records before `end`.
  record Content(List<Known> records, long end) {}

  /// The next record of the segment; there is nothing between it and the one before.
  void add(RecordHead head, int size) {
    Integer known = numbers.putIfAbsent(head.conversation(), numbers.size());
    heads.number(known == null ? numbers.size() - 1 : known);
    if (known == null) {
      heads.text(head.conversation().value());
    }
    heads.octet(head.kind().code());
    heads.number(head.sequence());
    heads.number(size);
    heads.number(head.body());
    heads.number(head.key());
    records++;
    end += size;
  }

  /// The file, as of now.
  ByteBuffer bytes(Segment segment) {
    ByteBuffer content = heads.written();
    ByteBuffer out = ByteBuffer.allocate(HEADER + content.remaining());
    out.put(NAME).putInt(Frame.FORMAT).putInt(segment.number()).putLong(segment.salt());
    out.putLong(end).putInt(records).putInt(0).put(content).flip();
    return out.putInt(CHECKSUM_AT, checksum(out));
  }

  /// @param size of the segment's file now
  /// @throws MalformedRecord when it is damaged, or not of this segment as it is now; says why
  static Content read(ByteBuffer file, Segment segment, long size) throws MalformedRecord {
    if (file.limit() < HEADER || !file.slice(0, NAME.length).equals(ByteBuffer.wrap(NAME))) {
      throw new MalformedRecord("not a checkpoint");
    }
    if (file.getInt(FORMAT_AT) != Frame.FORMAT) {
      throw new MalformedRecord("of format " + file.getInt(FORMAT_AT));
    }
    if (file.getInt(CHECKSUM_AT) != checksum(file)) {
      throw new MalformedRecord("a wrong checksum");
    }
    long end = file.getLong(END_AT);
    if (file.getInt(NUMBER_AT) != segment.number()
        || file.getLong(SALT_AT) != segment.salt()
        || end > size) {
      throw new MalformedRecord("of another segment than is there now");
    }
    return new Content(records(file), end);
  }

  private static List<Known> records(ByteBuffer file) throws MalformedRecord {
    int count = file.getInt(RECORDS_AT);
    ByteSource in = new ByteSource(file.slice(HEADER, file.limit() - HEADER));
    List<ConversationId> conversations = new ArrayList<>();
    List<Known> records = new ArrayList<>();
    long offset = SegmentHeader.SIZE;
    for (int i = 0; i < count; i++) {
      ConversationId conversation = conversation(in, conversations);
      RecordKind kind = RecordKind.of(in.octet());
      long sequence = in.number();
      int size = (int) in.number();
      RecordHead head = new RecordHead(conversation, kind, sequence, in.number(), in.number());
      records.add(new Known(head, offset, size));
      offset += size;
    }
    return records;
  }

  private static ConversationId conversation(ByteSource in, List<ConversationId> known)
      throws MalformedRecord {
    int number = (int) in.number();
    if (number == known.size()) {
      known.add(new ConversationId(in.text()));
    }
    return known.get(number);
  }

  private static int checksum(ByteBuffer file) {
    CRC32C crc = new CRC32C();
    crc.update(file.slice(0, CHECKSUM_AT));
    crc.update(file.slice(HEADER, file.limit() - HEADER));
    return (int) crc.getValue();
  }
}
