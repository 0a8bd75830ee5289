package io.continuo.server.conversation;

import io.continuo.msrp.ContentType;
import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.msrp.cpim.MalformedCpimException;
import io.continuo.server.configuration.ImdnSettings.OwnCopies;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One entry with the forms it takes on different legs. Depends on nothing that changes, so a
/// replay is byte-identical to the first time. Threading: the conversation's loop.
final class Rendering {
  private final Entry entry;
  private final Participants participants;
  private final OwnCopies ownCopies;
  private @Nullable Optional<CpimMessage> parsed;
  private @Nullable CpimNames names;
  private @Nullable Body ownCopy;
  private @Nullable Body othersCopy;

  Rendering(Entry entry, Participants participants, OwnCopies ownCopies) {
    this.entry = entry;
    this.participants = participants;
    this.ownCopies = ownCopies;
  }

  Entry entry() {
    return entry;
  }

  long sequence() {
    return entry.sequence();
  }

  String messageId() {
    return switch (entry) {
      case Entry.Message message -> message.messageId();
      case Entry.Disposition receipt -> receipt.messageId();
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> "";
    };
  }

  /// Bytes of the body that are in memory.
  int size() {
    return switch (entry) {
      case Entry.Message message -> message.body().head().length;
      case Entry.Disposition receipt -> receipt.body().head().length;
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> 0;
    };
  }

  /// Whether this subscriber must not be told whose it is.
  boolean hidesAuthorFrom(AddressOfRecord reader) {
    return switch (entry) {
      case Entry.Message message -> names(message).hidesSenderFrom(reader);
      case Entry.Disposition receipt -> names(receipt).hidesSenderFrom(reader);
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> false;
    };
  }

  /// The form for this device on a leg with this profile.
  Rendered on(DeviceId device, LegProfile leg) {
    Rendered rendered =
        switch (entry) {
          case Entry.Message message -> message(message, device.owner(), leg);
          case Entry.Disposition receipt -> receipt(receipt, device.owner(), leg);
          case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ ->
              new Rendered.Unfit(StatusCode.UNSUPPORTED_MEDIA_TYPE, true);
        };
    return rendered instanceof Rendered.Copy copy && isTooLarge(copy.body(), leg)
        ? new Rendered.Unfit(StatusCode.STOP_SENDING, false)
        : rendered;
  }

  /// A leg that takes no more than fits in memory is given what is in memory: it may need it whole,
  /// as a pager device does. Another head can make a copy out of a file as small as that.
  private static boolean isTooLarge(Body body, LegProfile leg) {
    return body.length() > leg.maxSize()
        || body instanceof Body.Staged && leg.maxSize() <= Body.MAX_IN_MEMORY;
  }

  private Rendered message(Entry.Message message, AddressOfRecord reader, LegProfile leg) {
    if (ContentType.same(message.contentType(), ContentType.CPIM)) {
      return cpim(message, reader, leg);
    }
    if (leg.takesInCpim(message.contentType())) {
      return new Rendered.Copy(
          ContentType.CPIM, message.body().withHead(wrapped(message, reader).toBytes()));
    }
    return leg.takes(message.contentType())
        ? new Rendered.Copy(message.contentType(), message.body())
        : unsupported();
  }

  private Rendered cpim(Entry.Message message, AddressOfRecord reader, LegProfile leg) {
    String type = message.contentType();
    Optional<CpimMessage> cpim = cpim(message.body());
    if (cpim.isEmpty()) {
      return leg.takes(type) ? new Rendered.Copy(type, message.body()) : unsupported();
    }
    if (leg.takesInCpim(cpim.get().contentType())) {
      return new Rendered.Copy(type, shown(message.body(), cpim.get(), names(message), reader));
    }
    return unwrapped(message.body(), cpim.get(), ContentType.TEXT_PLAIN, leg)
        .orElseGet(Rendering::unsupported);
  }

  /// For a leg without CPIM: what is inside, when it is of this type and the leg takes that.
  private static Optional<Rendered> unwrapped(
      Body body, CpimMessage cpim, String type, LegProfile leg) {
    String inner = cpim.contentType();
    return !leg.takes(ContentType.CPIM) && ContentType.same(inner, type) && leg.takes(inner)
        ? Optional.of(new Rendered.Copy(inner, body.withHead(cpim.content())))
        : Optional.empty();
  }

  private static Rendered unsupported() {
    return new Rendered.Unfit(StatusCode.UNSUPPORTED_MEDIA_TYPE, false);
  }

  /// Many devices take no receipts, so that is expected and no cause for a count.
  private Rendered receipt(Entry.Disposition receipt, AddressOfRecord reader, LegProfile leg) {
    Body body = receipt.body();
    Optional<CpimMessage> cpim = cpim(body);
    if (leg.takesInCpim(ContentType.IMDN)) {
      return new Rendered.Copy(
          receipt.contentType(),
          cpim.map(read -> shown(body, read, names(receipt), reader)).orElse(body));
    }
    return cpim.flatMap(read -> unwrapped(body, read, ContentType.IMDN, leg))
        .orElseGet(() -> new Rendered.Unfit(StatusCode.UNSUPPORTED_MEDIA_TYPE, true));
  }

  private Body shown(Body body, CpimMessage cpim, CpimNames names, AddressOfRecord reader) {
    boolean own = reader.equals(names.sender());
    Body known = own ? ownCopy : othersCopy;
    if (known != null) {
      return known;
    }
    CpimMessage shown = names.shownTo(reader, cpim);
    Body copy = shown == cpim ? body : body.withHead(shown.toBytes());
    if (own) {
      ownCopy = copy;
    } else {
      othersCopy = copy;
    }
    return copy;
  }

  /// A message from a device that does not wrap, for one that wants it wrapped.
  private CpimMessage wrapped(Entry.Message message, AddressOfRecord reader) {
    AddressOfRecord addressee =
        reader.equals(message.sender()) ? other(message.sender()).orElse(reader) : reader;
    return CpimMessage.builder()
        .from(names(message).from(reader))
        .to(addressee.uri())
        .dateTime(message.at())
        .imdn("Message-ID", message.messageId())
        .content(message.contentType(), message.body().head())
        .build();
  }

  private CpimNames names(Entry.Message message) {
    if (names == null) {
      names =
          new CpimNames(
              participants.group(),
              ownCopies,
              message.sender(),
              other(message.sender()),
              message.anonymous());
    }
    return names;
  }

  private CpimNames names(Entry.Disposition receipt) {
    return new CpimNames(
        participants.group(),
        ownCopies,
        receipt.reporter(),
        Optional.of(receipt.toSubscriber()),
        receipt.anonymous());
  }

  /// The other one of two.
  private Optional<AddressOfRecord> other(AddressOfRecord sender) {
    return participants.otherThan(sender);
  }

  /// Checked before it was logged; a body that a later release reads no more goes out as it is.
  private Optional<CpimMessage> cpim(Body body) {
    if (parsed == null) {
      parsed = parse(body);
    }
    return parsed;
  }

  private static Optional<CpimMessage> parse(Body body) {
    try {
      return Optional.of(Submission.cpimOf(body));
    } catch (MalformedCpimException e) {
      return Optional.empty();
    }
  }
}
