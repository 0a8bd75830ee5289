package io.continuo.server.b2bua;

import io.continuo.server.conversation.Channel;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.Optional;

/// What a chat session wants done, in this order, by whoever runs it.
public sealed interface SessionEffect {

  /// Make a channel of this kind to the device and let it invite.
  ///
  /// @param originator who is shown as the one who started the chat; empty when nobody did since
  ///   the last session
  /// @param maxForwards of the INVITE: see [MaxForwards]
  record Open(
      LegId leg,
      Device device,
      ChannelKind channel,
      Optional<AddressOfRecord> originator,
      int maxForwards)
      implements SessionEffect {}

  /// 180 to the inviter.
  record Ring(LegId leg) implements SessionEffect {}

  /// 200 to the inviter.
  record Answer(LegId leg) implements SessionEffect {}

  /// A final refusal to the inviter.
  record Refuse(LegId leg, int status) implements SessionEffect {}

  /// End a leg, whatever state it is in.
  record Close(LegId leg, Channel.Closing why) implements SessionEffect {}

  /// Forget a leg that ended by itself.
  record Forget(LegId leg) implements SessionEffect {}

  /// The device's leg is gone: when the conversation holds something that the device has not got,
  /// come back with [SessionEvent.Owed].
  record CallBack(DeviceId device) implements SessionEffect {}

  /// The leg's connection is gone and ours to make again.
  record Redial(LegId leg) implements SessionEffect {}

  /// Refresh the leg's session (RFC 4028 §7.4); what comes of it is [SessionEvent.Refreshed] or
  /// [SessionEvent.Unrefreshed].
  record Refresh(LegId leg, Duration expires) implements SessionEffect {}

  /// Messages flow on this leg from now on.
  record Attach(LegId leg, Device device) implements SessionEffect {}

  /// Messages do not flow any more.
  record Detach(LegId leg) implements SessionEffect {}

  /// The subscriber left the conversation.
  record Leave(AddressOfRecord subscriber) implements SessionEffect {}

  /// The session has ended for everybody.
  record Ended() implements SessionEffect {}

  /// Come back with [SessionEvent.TimerFired] after this time; replaces an equal timer.
  record Start(SessionTimer timer, Duration after) implements SessionEffect {}

  /// Do not come back.
  record Cancel(SessionTimer timer) implements SessionEffect {}
}
