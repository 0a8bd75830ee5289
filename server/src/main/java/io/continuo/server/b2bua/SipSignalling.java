package io.continuo.server.b2bua;

import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.Optional;

/// Port: what the chat wants said over SIP. Called on conversation loops; returns at once; what
/// comes of it is told to [SipEvents]. A call for a leg that has ended meanwhile does nothing.
public interface SipSignalling {
  /// Invites one device; every 2xx is ACKed by the SIP side.
  void invite(LegId leg, Invitation invitation);

  /// 180 to the inviter.
  void ring(LegId leg);

  /// 200 to the inviter, with our answer, or with our offer when it made none.
  ///
  /// @param focus our group's URI for the Contact, empty string for one-to-one
  void answer(LegId leg, MsrpMedia media, String focus, ConversationHeaders headers);

  /// A final answer other than 2xx to the inviter, logged and counted once by the SIP side.
  ///
  /// @param reason a fixed phrase for log and counter; never sent
  void refuse(LegId leg, int status, String reason);

  /// Gives up an INVITE of ours that is not answered yet. A 2xx that crosses it is ACKed and ended
  /// by BYE.
  ///
  /// @param answeredElsewhere whether `Reason: SIP;cause=200;text="Call completed elsewhere"` is
  ///   said
  void cancel(LegId leg, boolean answeredElsewhere);

  /// Ends an established leg.
  void bye(LegId leg, ByeReason reason);

  /// Refreshes the session of an established leg: UPDATE when the device allows it, else a
  /// re-INVITE with the same SDP (RFC 4028 §7.4). Told to [SipEvents#refreshed] or
  /// [SipEvents#unrefreshed].
  void refresh(LegId leg, Duration expires);

  /// Sends a pager MESSAGE to a device; told to [SipEvents#paged(LegId, long, int)].
  ///
  /// @param from shown as From and P-Asserted-Identity; when the message is anonymous told to the
  ///   core only
  /// @param to shown as To
  /// @param maxForwards how often it may be passed on: see [MaxForwards]
  /// @param replyTo the focus URI of a group, shown as Reply-To; empty: an answer goes to `from`
  void page(
      LegId leg,
      Device device,
      AddressOfRecord from,
      String to,
      Optional<String> replyTo,
      int maxForwards,
      ConversationEffect.Deliver message);
}
