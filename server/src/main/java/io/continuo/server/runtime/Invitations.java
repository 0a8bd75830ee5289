package io.continuo.server.runtime;

import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.SessionEffect;
import io.continuo.server.configuration.SipSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Who is shown to whom when a device of this conversation is invited. To the initiator's own
/// devices the session looks as it does to the initiator (From = the subscriber itself), so that
/// they know it for their own.
///
/// Threading: the conversation's loop only.
final class Invitations {
  private final boolean group;
  private final String focus;
  private final Set<AddressOfRecord> anonymous = new HashSet<>();
  private ConversationHeaders headers = ConversationHeaders.NONE;

  Invitations(ConversationId id, boolean group, SipSettings sip) {
    this.group = group;
    this.focus = group ? "sip:" + id.value() + "@" + sip.domain() : "";
  }

  /// The ids that the initiator's client gave the chat go to every device; who the initiator is
  /// only when it did not ask for privacy.
  void begunBy(InboundInvitation invitation) {
    headers = invitation.headers();
    AddressOfRecord initiator = invitation.device().id().owner();
    if (invitation.anonymous()) {
      anonymous.add(initiator);
    } else {
      anonymous.remove(initiator);
    }
  }

  ConversationHeaders headers() {
    return headers;
  }

  /// The group's focus URI; empty for one-to-one.
  String focus() {
    return focus;
  }

  /// The group's focus URI, if it is one.
  Optional<String> group() {
    return group ? Optional.of(focus) : Optional.empty();
  }

  /// Somebody else than the device's owner: the originator when that is one.
  AddressOfRecord other(SessionEffect.Open open, Set<AddressOfRecord> participants) {
    AddressOfRecord owner = open.device().id().owner();
    return open.originator()
        .filter(from -> !from.equals(owner))
        .or(() -> another(owner, participants))
        .orElse(owner);
  }

  Invitation toward(
      Device device, AddressOfRecord from, String to, MsrpMedia offer, Duration expires) {
    Invitation invitation = new Invitation(device, from, to, group(), offer, headers, expires);
    boolean sibling = device.id().owner().equals(from);
    return anonymous.contains(from) && !sibling ? invitation.anonymously() : invitation;
  }

  /// The originator; when nobody began since the last session (a device comes for what it missed)
  /// another participant.
  AddressOfRecord from(SessionEffect.Open open, Set<AddressOfRecord> participants) {
    AddressOfRecord owner = open.device().id().owner();
    return open.originator().orElseGet(() -> another(owner, participants).orElse(owner));
  }

  String to(SessionEffect.Open open, Set<AddressOfRecord> participants) {
    AddressOfRecord owner = open.device().id().owner();
    if (!from(open, participants).equals(owner)) {
      return owner.uri();
    }
    return group ? focus : another(owner, participants).orElse(owner).uri();
  }

  private static Optional<AddressOfRecord> another(
      AddressOfRecord owner, Set<AddressOfRecord> participants) {
    return participants.stream().filter(other -> !other.equals(owner)).findFirst();
  }
}
