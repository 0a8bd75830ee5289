package io.continuo.server.b2bua;

import io.continuo.server.conversation.Channel;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.LegProfile;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.util.List;

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
  private final AddressOfRecord from;
  private final String to;
  private final SipSignalling sip;

  /// @param from who is shown as the sender
  /// @param to who is shown as the addressee
  public PagerChannel(
      LegId leg, Device device, AddressOfRecord from, String to, SipSignalling sip) {
    this.leg = leg;
    this.device = device;
    this.from = from;
    this.to = to;
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
    sip.page(leg, device, from, to, delivery);
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
