package io.continuo.server.conversation;

import io.continuo.msrp.ContentType;
import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.msrp.cpim.MalformedCpimException;
import io.continuo.msrp.imdn.Imdn;
import io.continuo.msrp.imdn.MalformedImdnException;
import io.continuo.msrp.iscomposing.IsComposing;
import io.continuo.msrp.iscomposing.MalformedIsComposingException;
import io.continuo.server.identity.AddressOfRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a device handed in, read once.
sealed interface Submission {
  /// Characters of an `imdn.Message-ID` that we keep.
  int MAX_MESSAGE_ID = 256;

  /// Something a user wrote.
  record Chat(Optional<String> messageId) implements Submission {}

  /// A disposition notification (RFC 5438).
  ///
  /// @param named whom its CPIM To names
  /// @param inCpim whether it came wrapped
  record Receipt(Optional<String> messageId, Imdn imdn, Set<AddressOfRecord> named, boolean inCpim)
      implements Submission {}

  /// An is-composing indication (RFC 3994).
  record Typing(Optional<CpimMessage> cpim) implements Submission {}

  /// Nothing that we take.
  record Unacceptable(int status, String reason) implements Submission {}

  static Submission read(ConversationEvent.Submit submit) {
    String type = submit.contentType();
    if (type.chars().anyMatch(Character::isISOControl)) {
      return new Unacceptable(StatusCode.BAD_REQUEST, "control character in Content-Type");
    }
    try {
      return switch (ContentType.essence(type)) {
        case ContentType.CPIM -> cpim(cpimOf(submit.body()), submit);
        case ContentType.TEXT_PLAIN -> new Chat(Optional.empty());
        case ContentType.IMDN -> isStaged(submit) ? tooLarge() : bareReceipt(submit.body());
        case ContentType.IS_COMPOSING ->
            isStaged(submit) ? tooLarge() : typing(submit.body().whole(), Optional.empty());
        default -> new Unacceptable(StatusCode.UNSUPPORTED_MEDIA_TYPE, "type not taken bare");
      };
    } catch (MalformedCpimException e) {
      return new Unacceptable(StatusCode.BAD_REQUEST, "malformed CPIM");
    } catch (MalformedImdnException e) {
      return new Unacceptable(StatusCode.BAD_REQUEST, "malformed IMDN");
    } catch (MalformedIsComposingException e) {
      return new Unacceptable(StatusCode.BAD_REQUEST, "malformed is-composing");
    }
  }

  /// @throws MalformedCpimException also when its headers, or those of its MIME part, do not end in
  ///   the bytes that are in memory
  static CpimMessage cpimOf(Body body) throws MalformedCpimException {
    return switch (body) {
      case Body.Inline inline -> CpimMessage.parse(inline.head());
      case Body.Staged staged -> CpimMessage.parseBeginning(staged.head());
    };
  }

  /// What is for the server to read is read whole, so it must be in memory.
  private static boolean isStaged(ConversationEvent.Submit submit) {
    return submit.body() instanceof Body.Staged;
  }

  private static Submission bareReceipt(Body body) throws MalformedImdnException {
    return new Receipt(Optional.empty(), Imdn.parse(body.whole()), Set.of(), false);
  }

  /// Relayed as it came, but only when it is one: devices read it with parsers of their own.
  private static Submission typing(byte[] document, Optional<CpimMessage> cpim)
      throws MalformedIsComposingException {
    IsComposing.parse(document);
    return new Typing(cpim);
  }

  private static Submission tooLarge() {
    return new Unacceptable(StatusCode.STOP_SENDING, "notification too large");
  }

  private static Submission cpim(CpimMessage cpim, ConversationEvent.Submit submit)
      throws MalformedImdnException, MalformedIsComposingException {
    Optional<Unacceptable> objection = objection(cpim, submit.ownAddresses());
    if (objection.isPresent()) {
      return objection.get();
    }
    Optional<String> id = cpim.imdnHeader("Message-ID").filter(text -> !text.isBlank());
    boolean typing = IsComposing.isIsComposing(cpim.contentType());
    if (isStaged(submit) && (typing || Imdn.isImdn(cpim.contentType()))) {
      return tooLarge();
    }
    if (typing) {
      return typing(cpim.content(), Optional.of(cpim));
    }
    return Imdn.isImdn(cpim.contentType())
        ? new Receipt(id, Imdn.parse(cpim.content()), named(cpim), true)
        : new Chat(id);
  }

  /// What makes the headers unfit. Readers differ in which of several headers they believe, so what
  /// may come only once must come only once: the author, and the id that receipts speak of.
  private static Optional<Unacceptable> objection(CpimMessage cpim, Set<AddressOfRecord> own) {
    List<Optional<String>> from = cpim.fromUris();
    if (from.stream().flatMap(Optional::stream).anyMatch(uri -> !mayName(uri, own))) {
      return Optional.of(new Unacceptable(StatusCode.FORBIDDEN, "CPIM From names somebody else"));
    }
    if (from.stream().anyMatch(Optional::isEmpty)) {
      return wrong("CPIM From without a readable address");
    }
    if (from.size() > 1) {
      return wrong("more than one CPIM From");
    }
    Set<String> ids = cpim.imdnHeaders("Message-ID");
    if (ids.size() > 1) {
      return wrong("more than one imdn.Message-ID");
    }
    return ids.stream().anyMatch(id -> id.length() > MAX_MESSAGE_ID)
        ? wrong("imdn.Message-ID too long")
        : Optional.empty();
  }

  private static Optional<Unacceptable> wrong(String reason) {
    return Optional.of(new Unacceptable(StatusCode.BAD_REQUEST, reason));
  }

  private static boolean mayName(String from, Set<AddressOfRecord> own) {
    return CpimNames.isAnonymous(from)
        || address(from).filter(own::contains).isPresent()
        || address(PercentEncoding.decoded(from)).filter(own::contains).isPresent();
  }

  private static Set<AddressOfRecord> named(CpimMessage cpim) {
    return cpim.toUris().stream()
        .flatMap(uri -> Stream.of(uri, PercentEncoding.decoded(uri)))
        .flatMap(uri -> address(uri).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /// RFC 3862 writes `im:user@host` (RFC 3860) where IMS writes the SIP URI.
  private static Optional<AddressOfRecord> address(String uri) {
    return AddressOfRecord.parse(
        uri.regionMatches(true, 0, "im:", 0, 3) ? "sip:" + uri.substring(3) : uri);
  }
}
