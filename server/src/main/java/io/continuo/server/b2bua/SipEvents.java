package io.continuo.server.b2bua;

import io.continuo.server.conversation.Reply;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.Optional;

/// Port: what happened over SIP. Called on the SIP side's threads, in order for one leg; returns at
/// once.
public interface SipEvents {
  /// A device wants a chat. Answered by [SipSignalling#answer] or [SipSignalling#refuse].
  void invited(InboundInvitation invitation);

  /// An invited device rings.
  void ringing(LegId leg);

  /// An invited device accepted, with a valid MSRP answer. The ACK has been sent.
  ///
  /// @param over the IP address of the flow that the INVITE went over; empty when it went by a
  ///   route
  void accepted(LegId leg, MsrpMedia answer, Optional<String> over);

  /// An invited device refused, or did not answer (408), or could not be reached (503).
  ///
  /// @param takesMessage whether its answer says that it takes MESSAGE (Allow)
  /// @param leaveAlone how long it asked not to be tried again (503 with Retry-After); zero when it
  ///   did not
  void refused(LegId leg, int status, boolean takesMessage, Duration leaveAlone);

  /// The inviter acknowledged our 200 to its offer.
  void acknowledged(LegId leg);

  /// An inviter that offered nothing answered our offer, with its ACK to our 200 (RFC 3261
  /// §13.2.1).
  void answered(LegId leg, MsrpMedia answer);

  /// The inviter gave up before our answer; 487 has been sent.
  void cancelled(LegId leg);

  /// A device ended its leg; 200 has been sent.
  void bye(LegId leg, ByeReason reason);

  /// A leg died without a BYE of its device (no ACK, or one without a usable answer; dialog gone).
  void lost(LegId leg);

  /// The session timer of an established leg starts, or starts anew (RFC 4028): the sides agreed on
  /// it, the device refreshed, or answered our refresh.
  ///
  /// @param interval empty: there is none (any more)
  void refreshed(LegId leg, Optional<SessionInterval> interval);

  /// Our refresh could not be sent: it says nothing of the device.
  void refreshUnsent(LegId leg);

  /// A device says whether it takes messages from now on: it put its `m=message` line on hold, or
  /// took it off (RFC 3264 §8.4).
  void directed(LegId leg, boolean receives);

  /// A device that wanted no connection for the time being (`setup:holdconn`, RFC 4145 §4.1) wants
  /// one now.
  ///
  /// @param weConnect whether it is ours to make
  void mayConnect(LegId leg, boolean weConnect);

  /// A device did not answer our refresh; its dialog is ended, BYE included (RFC 4028 §10).
  void unrefreshed(LegId leg);

  /// A pager MESSAGE from a device. `reply` becomes the SIP answer: 200, the refusal's status, or
  /// 503.
  ///
  /// @param from the sending device
  /// @param to whom it is for
  /// @param anonymous whether other subscribers must not learn who it is from (RFC 3323 §4.2)
  /// @param noFork whether it is not to be forked (RFC 3841 §9.1)
  /// @param maxForwards what it says, at least 1: see [MaxForwards]
  /// @param callId names the message when it has no `imdn.Message-ID`
  void message(
      Device from,
      Addressee to,
      ConversationHeaders headers,
      boolean anonymous,
      boolean noFork,
      int maxForwards,
      String callId,
      String contentType,
      byte[] body,
      Reply reply);

  /// Whom a pager MESSAGE addresses.
  sealed interface Addressee {
    /// Another subscriber, by primary address.
    ///
    /// @param device as in [InboundInvitation.ToWhom.One]
    record One(AddressOfRecord subscriber, Optional<DeviceId> device) implements Addressee {
      /// With every device.
      public One(AddressOfRecord subscriber) {
        this(subscriber, Optional.empty());
      }
    }

    /// A group that the sender is in, by its focus URI's user part; to anybody else it does not
    /// exist (404).
    record Group(String focus) implements Addressee {}
  }

  /// A device answered [SipSignalling#page]: a SIP status, 408 and 503 made up by us included.
  void paged(LegId leg, long sequence, int status);
}
