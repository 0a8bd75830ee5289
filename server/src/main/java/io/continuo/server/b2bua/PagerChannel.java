package io.continuo.server.b2bua;

import io.continuo.msrp.cpim.CpimMessage;
import io.continuo.msrp.cpim.MalformedCpimException;
import io.continuo.server.conversation.Channel;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.LegProfile;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.AnonymousUri;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.util.List;
import java.util.Optional;

/// A device reached by pager-mode MESSAGE (RFC 3428): each entry is one MESSAGE with message/cpim,
/// one at a time, so that order is kept over UDP too.
///
/// Threading: the conversation's loop only.
public final class PagerChannel implements Channel {
  /// Largest message for a pager device; a longer one is refused for that device (the entry stays
  /// for the others).
  private static final long MAX_SIZE = 60_000;

  private final LegId leg;
  private final Device device;
  private final AddressOfRecord other;
  private final Optional<String> focus;
  private final SipSignalling sip;

  /// @param other another participant; in a one-to-one chat the other one
  /// @param focus the group's URI; empty for one-to-one
  public PagerChannel(
      LegId leg, Device device, AddressOfRecord other, Optional<String> focus, SipSignalling sip) {
    this.leg = leg;
    this.device = device;
    this.other = other;
    this.focus = focus;
    this.sip = sip;
  }

  @Override
  public LegId leg() {
    return leg;
  }

  /// Nothing to ask: the device takes messages as long as it is registered.
  @Override
  public void invite() {}

  @Override
  public void deliver(ConversationEffect.Deliver delivery) {
    deliver(delivery, MaxForwards.OURS);
  }

  /// @param maxForwards how often it may be passed on: see [MaxForwards]
  public void deliver(ConversationEffect.Deliver delivery, int maxForwards) {
    AddressOfRecord author = author(delivery.body().whole()).orElse(unnamed());
    AddressOfRecord owner = device.id().owner();
    String to = author.equals(owner) ? focus.orElse(other.uri()) : owner.uri();
    sip.page(leg, device, author, to, focus, maxForwards, delivery);
  }

  /// Who wrote it, as its CPIM From says: that was checked when it was taken.
  private static Optional<AddressOfRecord> author(byte[] cpim) {
    try {
      return CpimMessage.parse(cpim)
          .fromUri()
          .flatMap(AddressOfRecord::parse)
          .filter(from -> !from.uri().contains(AnonymousUri.HOST));
    } catch (MalformedCpimException notOurs) {
      return Optional.empty();
    }
  }

  /// Who is shown for an author without a name: in a group the group.
  private AddressOfRecord unnamed() {
    return focus.flatMap(AddressOfRecord::parse).orElse(other);
  }

  /// Typing is not worth a MESSAGE transaction to each pager device.
  @Override
  public void relay(ConversationEffect.Relay relay) {}

  @Override
  public void close(Closing why) {}

  /// What a pager device takes.
  public static LegProfile profile() {
    return new LegProfile(List.of("message/cpim"), List.of("*"), MAX_SIZE, 1);
  }

  /// What a final SIP status to a MESSAGE means for the device's cursor.
  public static DeliveryOutcome outcome(int status) {
    if (status >= SipStatus.OK && status < 300) {
      return new DeliveryOutcome.Delivered();
    }
    return SipStatus.meansUnreachable(status)
        ? new DeliveryOutcome.Unreachable(status)
        : new DeliveryOutcome.Refused(status);
  }
}
