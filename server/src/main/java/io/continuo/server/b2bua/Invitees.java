package io.continuo.server.b2bua;

import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.configuration.SessionSettings.SiblingInvite;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which devices a chat session invites, in whose name, and when again: at its beginning, when they
/// come, for a message, and after a while when they could not be had (seed 003 figure 3;
/// `journey.md`, "A device goes"). Who invited *us* is with [Inviters].
///
/// Threading: the conversation's loop only.
final class Invitees {
  /// With the default back-off of 30 s a device is tried again every 64 min at the latest.
  private static final int MOST_DOUBLINGS = 7;

  private final SessionSettings settings;
  private final Duration backOff;
  private final LegIds ids;
  private final Legs legs;
  private final Standing standing;
  private final SessionEffects effects;

  /// Who began the session; null while there is none.
  private @Nullable AddressOfRecord originator;

  /// Who wrote last.
  private @Nullable AddressOfRecord author;

  Invitees(
      SessionSettings settings,
      Duration backOff,
      LegIds ids,
      Legs legs,
      Standing standing,
      SessionEffects effects) {
    this.settings = settings;
    this.backOff = backOff;
    this.ids = ids;
    this.legs = legs;
    this.standing = standing;
    this.effects = effects;
  }

  // ---- the session begins and ends

  void begin(AddressOfRecord by) {
    originator = by;
  }

  boolean haveOriginator() {
    return originator != null;
  }

  /// Whether the leg is one of another subscriber than the one who began the session.
  boolean isOfAnother(Leg leg) {
    return originator != null && !leg.belongsTo(originator);
  }

  /// The session is over: the next one begins with everybody.
  void forget() {
    standing.forget();
    originator = null;
    author = null;
  }

  // ---- inviting (RFC 3261 §13)

  /// Somebody invites this subscriber: all its devices but those that sit out a session that is
  /// going on, and siblings of the inviter only as `session.sibling-invite` has it.
  ///
  /// @param live whether the session was going on before
  /// @param maxForwards of the INVITEs, which are copies of that one
  void invite(
      AddressOfRecord subscriber,
      List<Device> devices,
      boolean live,
      AddressOfRecord by,
      int maxForwards) {
    standing.invitedAnew(subscriber);
    for (Device device : devices) {
      boolean sitsOut = live && standing.sitsOut(device.id());
      boolean siblingLeftOut =
          subscriber.equals(by)
              && settings.siblingInvite() == SiblingInvite.KNOWN_MULTI_CLIENT
              && !standing.isMultiClient(device);
      if (!sitsOut && !siblingLeftOut) {
        invite(device, originator, maxForwards);
      }
    }
  }

  /// Unless it has a leg.
  void invite(Device device) {
    invite(device, originator, MaxForwards.OURS);
  }

  private void invite(Device device, @Nullable AddressOfRecord by, int maxForwards) {
    if (legs.of(device.id()).isEmpty()) {
      openLeg(device, device.channel(), by, maxForwards);
    }
  }

  /// The device knows no sessions but takes a MESSAGE.
  void goOnAsPager(Device device) {
    openLeg(device, ChannelKind.PAGER, originator, MaxForwards.OURS);
  }

  private void openLeg(
      Device device, ChannelKind channel, @Nullable AddressOfRecord by, int maxForwards) {
    standing.welcome(device.id());
    effects.cancel(new SessionTimer.Linger());
    Leg leg = new Leg(ids.next(), device, channel, false, Leg.State.INVITED, false);
    legs.put(leg);
    effects.add(
        new SessionEffect.Open(leg.id(), device, channel, Optional.ofNullable(by), maxForwards));
    if (leg.isSession()) {
      effects.start(new SessionTimer.RingFor(leg.id()), settings.ringFor());
    }
  }

  /// The device came by itself, and so its subscriber is meant again.
  void admit(Device device) {
    standing.welcome(device.id());
    standing.invitedAnew(device.id().owner());
  }

  /// A subscriber was addressed by the GRUU of one of its devices: the others are left out.
  void addressedOne(SessionEvent.AddressedOne event) {
    standing.takeIn(event.device().owner());
    event.all().stream()
        .map(Device::id)
        .filter(other -> !other.equals(event.device()) && legs.of(other).isEmpty())
        .forEach(standing::leaveOut);
  }

  /// The device can be reached (again), and has no leg that is worth keeping.
  void reachable(Device device) {
    standing.welcome(device.id());
    standing.mayBeCalledBack(device.id());
    standing.reached(device.id());
    if (!standing.hasDeclined(device.id().owner())) {
      invite(device);
    }
  }

  // ---- inviting for a message

  /// Somebody wrote: whoever may see it is invited for it.
  void wanted(SessionEvent.Wanted event) {
    author = event.author().owner();
    if (originator == null) {
      originator = event.author().owner();
    }
    event.audience().values().stream()
        .flatMap(List::stream)
        .filter(device -> !device.id().equals(event.author()))
        .forEach(device -> {
          standing.mayBeCalledBack(device.id());
          if (!standing.refuses(device.id())) {
            inviteForMessage(device);
          }
        });
  }

  /// A device that was away has not got everything. Once for each new message, registration and
  /// back-off: a device that comes only to go is not invited for ever.
  void owed(Device device) {
    if (standing.callsBack(device.id())) {
      inviteForMessage(device);
    }
  }

  /// For a message that the device has not got. A device of the originator that has left is invited
  /// by who wrote last: a client that files a chat by From would take its own subscriber's for a
  /// chat with itself.
  private void inviteForMessage(Device device) {
    AddressOfRecord owner = device.id().owner();
    boolean othersMessage = author != null && !owner.equals(author);
    invite(
        device, owner.equals(originator) && othersMessage ? author : originator, MaxForwards.OURS);
  }

  // ---- leaving alone for a while

  /// The device could not be had just now. After a while it is called back for what it has not got;
  /// each time in vain doubles the while.
  void backOff(Leg leg) {
    backOff(leg, Duration.ZERO);
  }

  /// @param atLeast what the device asked for
  void backOff(Leg leg, Duration atLeast) {
    int before = standing.backOff(leg.device().id());
    Duration doubled = backOff.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS));
    effects.start(
        new SessionTimer.BackOff(leg.device().id()),
        doubled.compareTo(atLeast) < 0 ? atLeast : doubled);
  }

  /// The device could not be had by another conversation, or by this one a moment later than its
  /// own while began.
  void leftAlone(DeviceId device, Duration still) {
    if (!standing.refuses(device) && legs.of(device).isEmpty()) {
      effects.start(new SessionTimer.BackOff(device), still);
    }
  }

  /// The while is over.
  void backedOff(DeviceId device) {
    standing.backedOff(device);
    standing.mayBeCalledBack(device);
    effects.add(new SessionEffect.CallBack(device));
  }
}
