package io.continuo.server.b2bua;

import io.continuo.server.conversation.Channel;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.LegProfile;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A device reached by INVITE and MSRP: joins the SIP and the MSRP side of one leg. Figure 3 of
/// seed 003 for one device.
///
/// Threading: the conversation's loop only.
public final class SessionChannel implements Channel {
  private enum State {
    IDLE,
    INVITING,
    OFFERED,
    ESTABLISHED,
    CLOSED
  }

  private final LegId leg;
  private final SipSignalling sip;
  private final MsrpSessions msrp;
  private final MediaTerms terms;
  private final AddressOfRecord subscriber;
  private final @Nullable Invitation invitation;
  private final @Nullable InboundInvitation offered;
  private State state = State.IDLE;
  private @Nullable MsrpMedia peer;
  private Optional<String> signalledFrom;
  private boolean weConnect;
  private boolean redialled;

  private SessionChannel(
      LegId leg,
      SipSignalling sip,
      MsrpSessions msrp,
      MediaTerms terms,
      Device device,
      Optional<String> signalledFrom,
      @Nullable Invitation invitation,
      @Nullable InboundInvitation offered) {
    this.leg = leg;
    this.sip = sip;
    this.msrp = msrp;
    this.terms = terms;
    this.subscriber = device.id().owner();
    this.signalledFrom = signalledFrom;
    this.invitation = invitation;
    this.offered = offered;
  }

  /// A leg that we begin.
  public static SessionChannel toward(
      LegId leg, Invitation invitation, SipSignalling sip, MsrpSessions msrp, MediaTerms terms) {
    Device device = invitation.device();
    return new SessionChannel(
        leg, sip, msrp, terms, device, addressOf(device.route().flow()), invitation, null);
  }

  /// A leg that the device began.
  public static SessionChannel from(
      InboundInvitation offered, SipSignalling sip, MsrpSessions msrp, MediaTerms terms) {
    SessionChannel channel =
        new SessionChannel(
            offered.leg(),
            sip,
            msrp,
            terms,
            offered.device(),
            offered.signalledFrom(),
            null,
            offered);
    channel.state = State.OFFERED;
    channel.peer = offered.offer().orElse(null);
    return channel;
  }

  @Override
  public LegId leg() {
    return leg;
  }

  @Override
  public void invite() {
    if (state != State.IDLE || invitation == null) {
      throw new IllegalStateException("invite in " + state);
    }
    state = State.INVITING;
    msrp.expect(leg, invitation.offer());
    sip.invite(leg, invitation);
  }

  public void ring() {
    if (state == State.OFFERED) {
      sip.ring(leg);
    }
  }

  /// 200 to the inviter, with the chat's ids that its invitation holds, and with our answer, or our
  /// offer when it made none (RFC 3261 §13.2.1). Its connection is awaited before that leaves.
  ///
  /// @param focus the group's URI; empty for one-to-one
  public void answer(Optional<String> focus) {
    if (state != State.OFFERED || offered == null) {
      return;
    }
    MsrpMedia ours = peer == null ? offer(offered.device()) : answer(offered.device(), peer);
    sip.answer(leg, ours, focus.orElse(""), offered.headers());
    state = State.ESTABLISHED;
  }

  private MsrpMedia offer(Device device) {
    MsrpMedia ours = terms.offer(msrp.offer(leg, device));
    msrp.expect(leg, ours);
    return ours;
  }

  private MsrpMedia answer(Device device, MsrpMedia offer) {
    MsrpMedia ours = terms.answer(offer, msrp.answer(leg, device, offer));
    weConnect = ours.setup() == MsrpMedia.Setup.ACTIVE;
    msrp.expect(leg, ours);
    if (!weConnect) {
      msrp.start(leg, subscriber, offer, false, signalledFrom);
    }
    return ours;
  }

  /// The inviter has our answer: if we are the active side, it listens by now.
  public void acknowledged() {
    if (state == State.ESTABLISHED && weConnect && offered != null && peer != null) {
      msrp.start(leg, subscriber, peer, true, signalledFrom);
    }
  }

  /// The inviter, who offered nothing, answered our offer. What was to be sent has waited until the
  /// leg has its connection, as it does on every leg.
  public void answered(MsrpMedia answer) {
    if (state == State.ESTABLISHED && peer == null) {
      start(answer);
    }
  }

  private void start(MsrpMedia answer) {
    peer = answer;
    weConnect = MediaTerms.weConnectAfter(answer);
    msrp.start(leg, subscriber, answer, weConnect, signalledFrom);
  }

  /// The device wanted no connection so far, and wants one now. Where it makes it, it is awaited
  /// all along.
  ///
  /// @param byUs whether it is ours to make
  public void mayConnect(boolean byUs) {
    if (state == State.ESTABLISHED && peer != null) {
      weConnect = byUs;
      if (byUs) {
        msrp.start(leg, subscriber, peer, true, signalledFrom);
      }
    }
  }

  public void refuse(int status) {
    if (state == State.OFFERED) {
      sip.refuse(leg, status, "refused by the chat");
      state = State.CLOSED;
    }
  }

  /// The device accepted our INVITE.
  ///
  /// @param over the IP address that its answer came from, where it is known: a device with several
  ///   flows (RFC 5626) need not answer on the first
  public void accepted(MsrpMedia answer, Optional<String> over) {
    if (state != State.INVITING) {
      return;
    }
    signalledFrom = over.or(() -> signalledFrom);
    state = State.ESTABLISHED;
    start(answer);
  }

  /// The leg has a connection. Whoever made it, one bodiless SEND of ours goes out on it (figure
  /// 3), also where we were to connect and the device's own connection came first.
  ///
  /// @return whether messages can flow; not on a leg that is not established (any more)
  public boolean bound() {
    if (state != State.ESTABLISHED || peer == null) {
      return false;
    }
    redialled = false;
    msrp.bind(leg);
    return true;
  }

  /// The connection broke. Where it was ours to make we make it again, once; a peer that does not
  /// answer it is left to its own.
  public void redial() {
    if (state == State.ESTABLISHED && weConnect && !redialled && peer != null) {
      redialled = true;
      msrp.start(leg, subscriber, peer, true, signalledFrom);
    }
  }

  /// The device holds messages up, or takes them again: also on its next connection.
  public void directed(boolean receives) {
    if (peer != null) {
      peer = peer.receiving(receives);
    }
  }

  /// What the device takes; empty until its side is known.
  public Optional<LegProfile> profile() {
    return Optional.ofNullable(peer).map(terms::profile);
  }

  @Override
  public void deliver(ConversationEffect.Deliver delivery) {
    msrp.send(delivery);
  }

  @Override
  public void relay(ConversationEffect.Relay relay) {
    msrp.relay(relay);
  }

  @Override
  public void close(Closing why) {
    switch (state) {
      case IDLE, CLOSED -> {}
      case INVITING -> {
        sip.cancel(leg, why == Closing.REPLACED);
        msrp.close(leg);
      }
      case OFFERED ->
          sip.refuse(leg, SipStatus.TEMPORARILY_UNAVAILABLE, "chat ended before the answer");
      case ESTABLISHED -> {
        sip.bye(leg, reasonFor(why));
        msrp.close(leg);
      }
    }
    state = State.CLOSED;
  }

  /// The leg ended without us.
  public void ended() {
    msrp.close(leg);
    state = State.CLOSED;
  }

  private static ByeReason reasonFor(Closing why) {
    return switch (why) {
      case SESSION_ENDED, USER_LEFT -> ByeReason.USER_LEAVES;
      case REPLACED -> ByeReason.NONE;
      case GROUP_CLOSED -> ByeReason.GROUP_CLOSED;
      case TIMED_OUT, SERVER_STOPPING -> ByeReason.DEVICE_DROPPED;
    };
  }

  /// The IP address inside a flow: `tcp/192.0.2.1:5060/17`.
  private static Optional<String> addressOf(Optional<String> flow) {
    return flow.map(text -> text.substring(text.indexOf('/') + 1, text.lastIndexOf(':')));
  }
}
