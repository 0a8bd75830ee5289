package io.continuo.server.transport.sip;

import io.continuo.server.b2bua.Invitation;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.registrar.Device;
import io.continuo.sip.InboundInvite;
import io.continuo.sip.OutboundInvite;
import io.continuo.sip.SipDialog;
import io.continuo.sip.sdp.SdpReading;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The SIP side of one leg while it lives: in [Legs] from its INVITE to its end.
sealed interface Leg {
  /// Set when it was accepted, by us or by the device.
  AtomicReference<@Nullable SipDialog> dialog();

  /// What was agreed on; not set while an offer of ours is unanswered.
  AtomicReference<ChatDialog.@Nullable Agreed> agreed();

  /// A device invited us.
  ///
  /// @param offer its own; empty when it wants ours
  /// @param peer who the other side of a one-to-one chat is, by primary address
  record Inbound(
      InboundInvite invite,
      Optional<SdpReading.Usable> offer,
      Device device,
      Optional<AddressOfRecord> peer,
      AtomicReference<@Nullable SipDialog> dialog,
      AtomicReference<ChatDialog.@Nullable Agreed> agreed)
      implements Leg {

    static Inbound offered(
        InboundInvite invite,
        Optional<SdpReading.Usable> offer,
        Device device,
        Optional<AddressOfRecord> peer) {
      return new Inbound(
          invite, offer, device, peer, new AtomicReference<>(), new AtomicReference<>());
    }
  }

  /// We invited a device. `state` settles whether it was answered or given up first: both can
  /// happen at once on two threads.
  ///
  /// @param request set when the INVITE was handed to the stack
  record Outbound(
      Invitation invitation,
      MediaText.Said offer,
      Optional<AddressOfRecord> peer,
      AtomicReference<State> state,
      AtomicReference<@Nullable SipDialog> dialog,
      AtomicReference<ChatDialog.@Nullable Agreed> agreed,
      AtomicReference<@Nullable OutboundInvite> request)
      implements Leg {

    static Outbound calling(
        Invitation invitation, MediaText.Said offer, Optional<AddressOfRecord> peer) {
      return new Outbound(
          invitation,
          offer,
          peer,
          new AtomicReference<>(State.CALLING),
          new AtomicReference<>(),
          new AtomicReference<>(),
          new AtomicReference<>());
    }
  }

  /// See [Outbound].
  enum State {
    CALLING,
    /// Answered: accepted, or refused.
    ANSWERED,
    GIVEN_UP
  }
}
