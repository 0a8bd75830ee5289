package io.continuo.server.conversation;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Log records for tests, and a text of a record that two records share when they are the same.
public final class LogSamples {
  public static final Instant AT = Instant.parse("2026-03-01T09:30:00.123456789Z");
  public static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@example.com");
  public static final AddressOfRecord BOB = AddressOfRecord.of("tel:+4930123456");
  public static final DeviceId PHONE =
      new DeviceId(ALICE, "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  public static final DeviceId TABLET = new DeviceId(BOB, "sip:bob@192.0.2.7:5070;transport=tcp");
  public static final ConversationId CONVERSATION = ConversationId.between(ALICE, BOB);
  public static final ConversationId OTHER = new ConversationId("g-other");
  private static final byte[] NO_BODY = {};

  private LogSamples() {}

  /// The numbers 1 to 12: every kind of entry, with bodies that are empty, large, binary and full
  /// of characters outside the basic plane.
  public static List<Entry> everyKindOfEntry() {
    byte[] large = new byte[300_000];
    new Random(7).nextBytes(large);
    return List.of(
        new Entry.Opened(1, AT, false, List.of(ALICE, BOB)),
        message(2, "hello"),
        message(3, "😀👩‍👩‍👧‍👦 שלום 𝔘𝔫𝔦𝔠𝔬𝔡𝔢"),
        message(4, ""),
        new Entry.Message(5, AT, ALICE, PHONE, "m5", "image/png", large),
        new Entry.Message(6, AT, BOB, TABLET, "𝔪-😀", "text/plain;charset=\"utf8\"", NO_BODY),
        disposition(7, "delivered", true),
        disposition(8, "gelesen-ünbekannt", false),
        new Entry.Joined(9, AT, new AddressOfRecord("sip:carol@example.net")),
        new Entry.Left(10, Instant.EPOCH.minusNanos(1), BOB),
        new Entry.SessionEnded(11, Instant.MAX),
        new Entry.Opened(12, Instant.MIN, true, List.of()));
  }

  /// The numbers 1 to 4: what an anonymous author wrote, small and large, before what a named one
  /// did.
  public static List<Entry> anonymousEntries() {
    return List.of(
        new Entry.Message(1, AT, ALICE, PHONE, "m1", "text/plain", Body.of(new byte[] {1}), true),
        new Entry.Message(
            2, AT, ALICE, PHONE, "m2", "text/plain", Body.of(new byte[300_000]), true),
        new Entry.Disposition(
            3,
            AT,
            BOB,
            TABLET,
            "n3",
            "m2",
            "read",
            ALICE,
            true,
            "message/cpim",
            Body.of(NO_BODY),
            true),
        message(4, "named"));
  }

  /// The numbers 1 to 3: what is for others only, named and anonymous, small and large, before what
  /// is for everybody.
  public static List<Entry> entriesForOthersOnly() {
    return List.of(
        new Entry.Message(
            1, AT, ALICE, PHONE, "m1", "text/plain", Body.of(new byte[] {1}), false, true),
        new Entry.Message(
            2, AT, ALICE, PHONE, "m2", "text/plain", Body.of(new byte[300_000]), true, true),
        message(3, "for everybody"));
  }

  public static List<Answer> everyKindOfAnswer(long sequence) {
    return List.of(
        new Answer(TABLET, sequence, new DeliveryOutcome.Delivered(), AT),
        new Answer(TABLET, sequence, new DeliveryOutcome.Refused(415), AT),
        new Answer(PHONE, sequence, new DeliveryOutcome.Unreachable(0), AT));
  }

  /// Everything that can be noted of devices.
  public static List<CursorRecord> everyKindOfNote(long sequence) {
    List<CursorRecord> notes = new ArrayList<>(everyKindOfAnswer(sequence));
    notes.add(new Settled(TABLET, sequence, AT));
    notes.add(new Forgotten(PHONE, AT));
    return notes;
  }

  public static Entry.Message message(long sequence, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return new Entry.Message(sequence, AT, ALICE, PHONE, "m" + sequence, "message/cpim", body);
  }

  public static Entry.Disposition disposition(long sequence, String what, boolean forwarded) {
    byte[] body = "<imdn/>".getBytes(StandardCharsets.UTF_8);
    return new Entry.Disposition(
        sequence,
        AT,
        BOB,
        TABLET,
        "n" + sequence,
        "m2",
        what,
        ALICE,
        forwarded,
        "message/cpim",
        body);
  }

  /// All of a record, its body in hexadecimal.
  public static String text(LogRecord logged) {
    return switch (logged) {
      case Entry.Message m ->
          new Entry.Message(
                  m.sequence(),
                  m.at(),
                  m.sender(),
                  m.senderDevice(),
                  m.messageId(),
                  m.contentType(),
                  Body.of(NO_BODY),
                  m.anonymous(),
                  m.forOthersOnly())
              + HexFormat.of().formatHex(BodyBytes.of(m.body()));
      case Entry.Disposition d ->
          new Entry.Disposition(
                  d.sequence(),
                  d.at(),
                  d.reporter(),
                  d.reporterDevice(),
                  d.messageId(),
                  d.reported(),
                  d.disposition(),
                  d.toSubscriber(),
                  d.forwarded(),
                  d.contentType(),
                  Body.of(NO_BODY),
                  d.anonymous())
              + HexFormat.of().formatHex(BodyBytes.of(d.body()));
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> logged.toString();
      case CursorRecord _ -> logged.toString();
    };
  }

  public static List<String> texts(List<? extends LogRecord> records) {
    return records.stream().map(LogSamples::text).toList();
  }
}
