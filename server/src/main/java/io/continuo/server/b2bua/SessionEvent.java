package io.continuo.server.b2bua;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a chat session is told, one at a time, on its conversation's loop. Devices come in as a
/// snapshot of the registrar.
public sealed interface SessionEvent {

  /// A device invites the others.
  ///
  /// @param firstMessage whether its message must be committed ([FirstMessageKept]) before it is
  ///   answered
  /// @param expires how long its INVITE is good
  /// @param maxForwards what its INVITE says: see [MaxForwards]
  /// @param everybody the devices of every participant, the inviter included
  record Invited(
      LegId leg,
      Device device,
      boolean multiClient,
      boolean firstMessage,
      Duration expires,
      int maxForwards,
      Map<AddressOfRecord, List<Device>> everybody)
      implements SessionEvent {}

  /// The message inside an INVITE is durable.
  record FirstMessageKept(LegId leg) implements SessionEvent {}

  /// The message inside an INVITE cannot be taken.
  record FirstMessageRefused(LegId leg, int status) implements SessionEvent {}

  /// An invited device rings.
  record Ringing(LegId leg) implements SessionEvent {}

  /// An invited device accepted.
  record Accepted(LegId leg, boolean multiClient) implements SessionEvent {}

  /// An inviter answered our offer.
  record Answered(LegId leg, boolean multiClient) implements SessionEvent {}

  /// An invited device said no, or nothing.
  ///
  /// @param leaveAlone how long it asked not to be tried again; zero when it did not
  record Refused(LegId leg, int status, boolean takesMessage, Duration leaveAlone)
      implements SessionEvent {
    /// It did not say when to try again.
    public Refused(LegId leg, int status, boolean takesMessage) {
      this(leg, status, takesMessage, Duration.ZERO);
    }
  }

  /// The inviter gave up before our answer.
  record Cancelled(LegId leg) implements SessionEvent {}

  /// A device ended its leg.
  record Bye(LegId leg, ByeReason reason) implements SessionEvent {}

  /// A leg's dialog is gone.
  record Lost(LegId leg) implements SessionEvent {}

  /// A leg's session timer starts, or starts anew.
  ///
  /// @param interval empty: it has none (any more)
  record Refreshed(LegId leg, Optional<SessionInterval> interval) implements SessionEvent {}

  /// Our refresh could not be sent.
  record RefreshUnsent(LegId leg) implements SessionEvent {}

  /// A device did not answer our refresh, and its dialog has been ended.
  record Unrefreshed(LegId leg) implements SessionEvent {}

  /// A leg's channel carries messages now.
  record Ready(LegId leg) implements SessionEvent {}

  /// A leg's connection is gone; it may come back.
  record Suspended(LegId leg) implements SessionEvent {}

  /// A leg will have no connection: it was ours to make, and we do not.
  ///
  /// @param peerConnectsNext whether the device's next invitation offers that it connects
  record NotDialled(LegId leg, boolean peerConnectsNext) implements SessionEvent {}

  /// A device of a participant showed up.
  ///
  /// @param owed whether the conversation holds something that it has not got
  record Reachable(Device device, boolean owed) implements SessionEvent {}

  /// A device whose leg ended has not got everything, and can be reached.
  record Owed(Device device) implements SessionEvent {}

  /// A device that has not got everything is left alone by all conversations, for so long still.
  record LeftAlone(DeviceId device, Duration still) implements SessionEvent {}

  /// A device's last binding is gone.
  record Unreachable(DeviceId device) implements SessionEvent {}

  /// A message was committed for these subscribers.
  ///
  /// @param author the device that sent it: never invited for its own message
  record Wanted(DeviceId author, Map<AddressOfRecord, List<Device>> audience)
      implements SessionEvent {}

  /// Somebody addressed one device of its subscriber, by its GRUU (RFC 5627): no other one of them
  /// is invited in this session, unless it comes itself or the subscriber is addressed again. Those
  /// that are in the session stay.
  ///
  /// @param all of the subscriber's devices
  record AddressedOne(DeviceId device, List<Device> all) implements SessionEvent {}

  /// Somebody addressed a subscriber, with every device.
  record AddressedAll(AddressOfRecord subscriber) implements SessionEvent {}

  /// A pager device says something: it takes part from now on.
  record Paged(Device device) implements SessionEvent {}

  /// A timer that was started has run out.
  record TimerFired(SessionTimer timer) implements SessionEvent {}

  /// The server stops: every leg is ended, the conversation is kept.
  record Stop() implements SessionEvent {}
}
