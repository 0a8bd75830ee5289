package io.continuo.server.conversation;

import io.continuo.msrp.ContentType;
import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.server.conversation.ConversationEffect.Relay;
import io.continuo.server.conversation.ConversationEvent.Submit;
import io.continuo.server.identity.AddressOfRecord;
import java.time.Instant;
import java.util.Optional;

/// An is-composing indication (RFC 3994) in the forms that legs take: as it came where a leg takes
/// that, else put into CPIM or taken out of it. [Intake] makes it; nobody keeps it.
///
/// @param cpim the indication's wrapping, when it came wrapped
/// @param names what copies show as From and To
/// @param at when it came
record Indication(Submit submit, Optional<CpimMessage> cpim, CpimNames names, Instant at) {

  /// The copy for this leg of a device of `reader`; empty when it takes none in any form, or
  /// nothing now.
  Optional<Relay> on(Cursor.Leg leg, AddressOfRecord reader) {
    if (!leg.receives()) {
      return Optional.empty();
    }
    return form(leg.profile, reader)
        .filter(copy -> copy.body().length() <= leg.profile.maxSize())
        .map(copy -> new Relay(leg.id, copy.contentType(), copy.body().whole()));
  }

  private Optional<Rendered.Copy> form(LegProfile leg, AddressOfRecord reader) {
    boolean wrapped = leg.takesInCpim(ContentType.IS_COMPOSING);
    boolean bare = leg.takes(ContentType.IS_COMPOSING);
    if (wrapped && (cpim.isPresent() || !bare)) {
      byte[] body = cpim.map(received -> shown(received, reader)).orElseGet(() -> wrapped(reader));
      String type = cpim.isPresent() ? submit.contentType() : ContentType.CPIM;
      return Optional.of(new Rendered.Copy(type, Body.of(body)));
    }
    if (!bare) {
      return Optional.empty();
    }
    return Optional.of(
        cpim.map(received -> new Rendered.Copy(received.contentType(), Body.of(received.content())))
            .orElseGet(() -> new Rendered.Copy(submit.contentType(), submit.body())));
  }

  private byte[] shown(CpimMessage received, AddressOfRecord reader) {
    CpimMessage shown = names.shownTo(reader, received);
    return shown == received ? submit.body().whole() : shown.toBytes();
  }

  private byte[] wrapped(AddressOfRecord reader) {
    return CpimMessage.builder()
        .from(names.from(reader))
        .to(reader.uri())
        .dateTime(at)
        .content(submit.contentType(), submit.body().whole())
        .build()
        .toBytes();
  }
}
