package io.continuo.server.runtime;

import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.PagerChannel;
import io.continuo.server.b2bua.SessionChannel;
import io.continuo.server.b2bua.SessionEffect;
import io.continuo.server.conversation.Channel;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// How the devices of one conversation are invited: by which channel, and who is shown to whom. To
/// the initiator's own devices the session looks as it does to the initiator (From = the subscriber
/// itself), so that they know it for their own.
///
/// Threading: the conversation's loop only.
final class Invitations {
  private final ChatPorts ports;
  private final Consumer<String> remember;
  private final Optional<String> focus;
  private Optional<String> conversationName = Optional.empty();

  /// Initiators who asked for privacy (RFC 3323).
  private final Set<AddressOfRecord> anonymous = new HashSet<>();

  /// Those whose newest MESSAGE asked for it.
  private final Set<AddressOfRecord> pagedAnonymously = new HashSet<>();

  private ConversationHeaders headers = ConversationHeaders.NONE;

  /// @param remember told the chat's Conversation-ID when it is another than before
  Invitations(ConversationId id, ChatPorts ports, Consumer<String> remember) {
    this.ports = ports;
    this.remember = remember;
    this.focus =
        id.isGroup()
            ? Optional.of("sip:" + id.value() + "@" + ports.configuration().sip().domain())
            : Optional.empty();
  }

  /// The Conversation-ID of the sessions before this one, when there was any.
  void known(Optional<String> conversationName) {
    this.conversationName = conversationName;
  }

  /// Takes the ids that an initiator's client gave the chat: they go to every device that is
  /// invited from now on, and back to the initiator. Who the initiator is goes to others only when
  /// it did not ask for privacy.
  ///
  /// @return the same with the chat's ids, none missing
  InboundInvitation begunBy(InboundInvitation invitation) {
    AddressOfRecord initiator = invitation.device().id().owner();
    note(anonymous, initiator, invitation.anonymous());
    name(invitation.headers());
    return invitation.named(headers);
  }

  /// A MESSAGE of this subscriber.
  void pagedBy(AddressOfRecord author, boolean anonymously) {
    note(pagedAnonymously, author, anonymously);
  }

  /// After a restart: who asked for privacy with what it wrote last.
  void restore(List<LogRecord> records) {
    for (LogRecord each : records) {
      if (each instanceof Entry.Message message) {
        note(anonymous, message.sender(), message.anonymous());
      }
    }
  }

  private static void note(Set<AddressOfRecord> those, AddressOfRecord who, boolean among) {
    if (among) {
      those.add(who);
    } else {
      those.remove(who);
    }
  }

  /// Whether others must not be told that something is from this subscriber.
  boolean hides(AddressOfRecord subscriber) {
    return anonymous.contains(subscriber) || pagedAnonymously.contains(subscriber);
  }

  private void name(ConversationHeaders given) {
    headers = given.completed(conversationName, () -> ports.uuids().get().toString());
    if (!headers.conversationId().equals(conversationName)) {
      conversationName = headers.conversationId();
      conversationName.ifPresent(remember);
    }
  }

  /// The group's focus URI; empty for one-to-one.
  Optional<String> focus() {
    return focus;
  }

  /// A channel to a device that is to be invited.
  Channel channel(SessionEffect.Open open, Set<AddressOfRecord> participants) {
    return switch (open.channel()) {
      case SESSION ->
          SessionChannel.toward(
              open.leg(), invitation(open, participants), ports.sip(), ports.msrp(), ports.media());
      case PAGER ->
          new PagerChannel(
              open.leg(), open.device(), other(open, participants), focus, ports.sip());
    };
  }

  private Invitation invitation(SessionEffect.Open open, Set<AddressOfRecord> participants) {
    AddressOfRecord from = from(open, participants);
    if (headers.contributionId().isEmpty()) {
      name(ConversationHeaders.NONE);
    }
    Invitation invitation =
        new Invitation(
            open.device(),
            from,
            to(open, from, participants),
            focus,
            ports.media().offer(ports.msrp().offer(open.leg(), open.device())),
            headers,
            ports.configuration().session().ringFor(),
            open.maxForwards(),
            false);
    boolean hidden = hides(from) && !from.equals(owner(open));
    return hidden ? invitation.anonymously() : invitation;
  }

  /// The originator; when nobody began since the last session (a device comes for what it missed)
  /// another participant.
  private static AddressOfRecord from(SessionEffect.Open open, Set<AddressOfRecord> participants) {
    AddressOfRecord owner = owner(open);
    return open.originator().orElseGet(() -> another(owner, participants).orElse(owner));
  }

  private String to(
      SessionEffect.Open open, AddressOfRecord from, Set<AddressOfRecord> participants) {
    AddressOfRecord owner = owner(open);
    return from.equals(owner)
        ? focus.orElseGet(() -> another(owner, participants).orElse(owner).uri())
        : owner.uri();
  }

  /// Somebody else than the device's owner: the originator when that is one.
  private static AddressOfRecord other(SessionEffect.Open open, Set<AddressOfRecord> participants) {
    AddressOfRecord owner = owner(open);
    return open.originator()
        .filter(from -> !from.equals(owner))
        .or(() -> another(owner, participants))
        .orElse(owner);
  }

  private static AddressOfRecord owner(SessionEffect.Open open) {
    return open.device().id().owner();
  }

  private static Optional<AddressOfRecord> another(
      AddressOfRecord owner, Set<AddressOfRecord> participants) {
    return participants.stream().filter(other -> !other.equals(owner)).findFirst();
  }
}
