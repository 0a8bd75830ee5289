package io.continuo.server.storage.segments;

import io.continuo.server.conversation.Answer;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.CursorRecord;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.Forgotten;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.Settled;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.storage.segments.StagedBodies.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of a record: conversation id, kind, sequence, then the fields in the order of the
/// record's components. Texts are UTF-8 with their length before them, numbers LEB128. A staged
/// record has the number of its file behind the sequence, and the length and checksum of the user's
/// body in the place of the body. What an anonymous author wrote has one octet more, behind the
/// body; a record without it is not anonymous, as in every older store. What is for others only has
/// a second octet behind that one; a release that does not know it gives the sender's devices their
/// copy. Any other change of this is a new [Frame#FORMAT]:
///
/// | format | |
/// |---|---|
/// | 1 | every body in its record |
/// | 2 | adds the staged records, and those of what is settled or forgotten |
final class RecordCodec {
  private static final int DELIVERED = 0;
  private static final int REFUSED = 1;
  private static final int UNREACHABLE = 2;
  private static final Body NO_BODY = Body.of(new byte[0]);

  private RecordCodec() {}

  /// Gives the body of a staged record when one is decoded.
  @FunctionalInterface
  interface Bodies {
    Body read(Reference staged) throws IOException;
  }

  /// A record with its body in it, which is not staged.
  static ByteBuffer encode(ConversationId conversation, LogRecord logged) {
    ByteSink out = new ByteSink(256 + body(logged).whole().length);
    switch (logged) {
      case Entry entry -> encodeEntry(out, conversation, entry, null);
      case CursorRecord told -> encodeCursor(out, conversation, told);
    }
    return out.written();
  }

  /// A record whose body stands elsewhere.
  static ByteBuffer encode(ConversationId conversation, Entry entry, Reference staged) {
    ByteSink out = new ByteSink(256);
    encodeEntry(out, conversation, entry, staged);
    return out.written();
  }

  static ByteBuffer tombstone(ConversationId conversation) {
    ByteSink out = new ByteSink(64);
    head(out, conversation, RecordKind.TOMBSTONE, 0);
    return out.written();
  }

  /// The entry's own body; what of it is in memory is what
  /// [io.continuo.server.conversation.ConversationLog#read] limits.
  static Body body(LogRecord logged) {
    return switch (logged) {
      case Entry.Message message -> message.body();
      case Entry.Disposition disposition -> disposition.body();
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> NO_BODY;
      case CursorRecord _ -> NO_BODY;
    };
  }

  static RecordHead head(ByteBuffer body) throws MalformedRecord {
    ByteSource in = new ByteSource(body);
    RecordHead head = head(in);
    return new RecordHead(
        head.conversation(), head.kind(), head.sequence(), head.body(), key(head.kind(), in));
  }

  private static long key(RecordKind kind, ByteSource in) throws MalformedRecord {
    return switch (kind) {
      case MESSAGE, STAGED_MESSAGE -> {
        skipTime(in);
        in.skip(); // sender
        in.skip(); // its device: owner and instance
        in.skip();
        yield Keys.of(in.text());
      }
      case SETTLED, FORGOTTEN -> {
        skipTime(in);
        yield Keys.of(device(in));
      }
      case OPENED,
          DISPOSITION,
          STAGED_DISPOSITION,
          JOINED,
          LEFT,
          SESSION_ENDED,
          ANSWER,
          TOMBSTONE ->
          0;
    };
  }

  private static void skipTime(ByteSource in) throws MalformedRecord {
    in.number();
    in.number();
  }

  /// @throws MalformedRecord also for a tombstone, which is no record of a conversation
  static LogRecord decode(ByteBuffer body, Bodies bodies) throws IOException {
    ByteSource in = new ByteSource(body);
    RecordHead head = head(in);
    long sequence = head.sequence();
    return switch (head.kind()) {
      case OPENED -> new Entry.Opened(sequence, in.instant(), in.flag(), addresses(in));
      case MESSAGE, STAGED_MESSAGE -> message(head, in, bodies);
      case DISPOSITION, STAGED_DISPOSITION -> disposition(head, in, bodies);
      case JOINED -> new Entry.Joined(sequence, in.instant(), address(in));
      case LEFT -> new Entry.Left(sequence, in.instant(), address(in));
      case SESSION_ENDED -> new Entry.SessionEnded(sequence, in.instant());
      case ANSWER -> answer(sequence, in);
      case SETTLED -> settled(sequence, in);
      case FORGOTTEN -> forgotten(in);
      case TOMBSTONE -> throw new MalformedRecord("a tombstone where a record should be");
    };
  }

  private static void head(
      ByteSink out, ConversationId conversation, RecordKind kind, long sequence) {
    out.text(conversation.value());
    out.octet(kind.code());
    out.number(sequence);
  }

  private static RecordHead head(ByteSource in) throws MalformedRecord {
    ConversationId conversation = new ConversationId(in.text());
    RecordKind kind = RecordKind.of(in.octet());
    return new RecordHead(conversation, kind, in.number(), kind.isStaged() ? in.number() : 0, 0);
  }

  private static void encodeEntry(
      ByteSink out, ConversationId conversation, Entry entry, @Nullable Reference staged) {
    head(out, conversation, kind(entry, staged != null), entry.sequence());
    if (staged != null) {
      out.number(staged.number());
    }
    out.instant(entry.at());
    switch (entry) {
      case Entry.Opened opened -> encodeOpened(out, opened);
      case Entry.Message message -> encodeMessage(out, message, staged);
      case Entry.Disposition disposition -> encodeDisposition(out, disposition, staged);
      case Entry.Joined joined -> out.text(joined.subscriber().uri());
      case Entry.Left left -> out.text(left.subscriber().uri());
      case Entry.SessionEnded _ -> {}
    }
  }

  private static RecordKind kind(Entry entry, boolean staged) {
    return switch (entry) {
      case Entry.Opened _ -> RecordKind.OPENED;
      case Entry.Message _ -> staged ? RecordKind.STAGED_MESSAGE : RecordKind.MESSAGE;
      case Entry.Disposition _ -> staged ? RecordKind.STAGED_DISPOSITION : RecordKind.DISPOSITION;
      case Entry.Joined _ -> RecordKind.JOINED;
      case Entry.Left _ -> RecordKind.LEFT;
      case Entry.SessionEnded _ -> RecordKind.SESSION_ENDED;
    };
  }

  private static void encodeOpened(ByteSink out, Entry.Opened opened) {
    out.flag(opened.group());
    out.number(opened.participants().size());
    opened.participants().forEach(participant -> out.text(participant.uri()));
  }

  private static void encodeMessage(
      ByteSink out, Entry.Message message, @Nullable Reference staged) {
    out.text(message.sender().uri());
    device(out, message.senderDevice());
    out.text(message.messageId());
    out.text(message.contentType());
    encodeBody(out, message.body(), staged);
    if (message.forOthersOnly()) {
      out.flag(message.anonymous());
      out.flag(true);
    } else {
      encodeAnonymous(out, message.anonymous());
    }
  }

  private static Entry.Message message(RecordHead head, ByteSource in, Bodies bodies)
      throws IOException {
    return new Entry.Message(
        head.sequence(),
        in.instant(),
        address(in),
        device(in),
        in.text(),
        in.text(),
        body(head, in, bodies),
        nextIfAny(in),
        nextIfAny(in));
  }

  private static void encodeAnonymous(ByteSink out, boolean anonymous) {
    if (anonymous) {
      out.flag(true);
    }
  }

  private static boolean nextIfAny(ByteSource in) throws MalformedRecord {
    return in.hasMore() && in.flag();
  }

  private static void encodeDisposition(
      ByteSink out, Entry.Disposition disposition, @Nullable Reference staged) {
    out.text(disposition.reporter().uri());
    device(out, disposition.reporterDevice());
    out.text(disposition.messageId());
    out.text(disposition.reported());
    out.text(disposition.disposition());
    out.text(disposition.toSubscriber().uri());
    out.flag(disposition.forwarded());
    out.text(disposition.contentType());
    encodeBody(out, disposition.body(), staged);
    encodeAnonymous(out, disposition.anonymous());
  }

  private static Entry.Disposition disposition(RecordHead head, ByteSource in, Bodies bodies)
      throws IOException {
    return new Entry.Disposition(
        head.sequence(),
        in.instant(),
        address(in),
        device(in),
        in.text(),
        in.text(),
        in.text(),
        address(in),
        in.flag(),
        in.text(),
        body(head, in, bodies),
        nextIfAny(in));
  }

  private static void encodeBody(ByteSink out, Body body, @Nullable Reference staged) {
    if (staged == null) {
      out.octets(body.whole());
    } else {
      out.number(staged.length());
      out.number(staged.checksum());
    }
  }

  private static Body body(RecordHead head, ByteSource in, Bodies bodies) throws IOException {
    return head.kind().isStaged()
        ? bodies.read(new Reference(head.body(), in.number(), (int) in.number()))
        : Body.of(in.octets());
  }

  private static void encodeCursor(ByteSink out, ConversationId conversation, CursorRecord told) {
    switch (told) {
      case Answer answer -> head(out, conversation, RecordKind.ANSWER, answer.sequence());
      case Settled settled -> head(out, conversation, RecordKind.SETTLED, settled.sequence());
      case Forgotten _ -> head(out, conversation, RecordKind.FORGOTTEN, 0);
    }
    out.instant(told.at());
    device(out, told.device());
    if (told instanceof Answer answer) {
      encodeOutcome(out, answer.outcome());
    }
  }

  private static Settled settled(long sequence, ByteSource in) throws MalformedRecord {
    Instant at = in.instant();
    return new Settled(device(in), sequence, at);
  }

  private static Forgotten forgotten(ByteSource in) throws MalformedRecord {
    Instant at = in.instant();
    return new Forgotten(device(in), at);
  }

  private static void encodeOutcome(ByteSink out, DeliveryOutcome outcome) {
    switch (outcome) {
      case DeliveryOutcome.Delivered _ -> outcome(out, DELIVERED, 0);
      case DeliveryOutcome.Refused refused -> outcome(out, REFUSED, refused.status());
      case DeliveryOutcome.Unreachable gone -> outcome(out, UNREACHABLE, gone.status());
    }
  }

  private static void outcome(ByteSink out, int code, int status) {
    out.octet(code);
    out.number(status);
  }

  private static Answer answer(long sequence, ByteSource in) throws MalformedRecord {
    Instant at = in.instant();
    return new Answer(device(in), sequence, outcome(in), at);
  }

  private static DeliveryOutcome outcome(ByteSource in) throws MalformedRecord {
    int code = in.octet();
    int status = (int) in.number();
    return switch (code) {
      case DELIVERED -> new DeliveryOutcome.Delivered();
      case REFUSED -> new DeliveryOutcome.Refused(status);
      case UNREACHABLE -> new DeliveryOutcome.Unreachable(status);
      default -> throw new MalformedRecord("unknown outcome " + code);
    };
  }

  private static void device(ByteSink out, DeviceId device) {
    out.text(device.owner().uri());
    out.text(device.instance());
  }

  private static DeviceId device(ByteSource in) throws MalformedRecord {
    return new DeviceId(address(in), in.text());
  }

  // Not parsed again: it was canonical when it was written, and must come back as the same value.
  private static AddressOfRecord address(ByteSource in) throws MalformedRecord {
    return new AddressOfRecord(in.text());
  }

  private static List<AddressOfRecord> addresses(ByteSource in) throws MalformedRecord {
    long count = in.number();
    List<AddressOfRecord> addresses = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      addresses.add(address(in));
    }
    return addresses;
  }
}
