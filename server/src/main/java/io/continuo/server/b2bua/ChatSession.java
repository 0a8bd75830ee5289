package io.continuo.server.b2bua;

import static io.continuo.server.conversation.Channel.Closing;

import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.configuration.SessionSettings.ByePolicy;
import io.continuo.server.configuration.SessionSettings.LegacyDevices;
import io.continuo.server.configuration.SessionSettings.Unreachable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The chat session of one conversation: every device of every participant is invited, every one
/// that answers is kept, and legs end by scope (device, user, everybody). Seed 003 figures 3 and 5;
/// `wire.md`, "Signalling". Here are the life of a leg and the end of a session; whom we invite is
/// with [Invitees], when an inviter is answered with [Inviters], how a device without a leg stands
/// to the session with [Standing].
///
/// A session is *live* while a device is present in it. Pager devices never keep it alive: they
/// have nothing to hang up.
///
/// Threading: the conversation's loop only. Pure: no I/O, no clock; [#on] tells what is to be done.
public final class ChatSession {
  private final SessionSettings settings;
  private final boolean group;

  private final SessionEffects effects = new SessionEffects();
  private final Legs legs = new Legs();
  private final Standing standing = new Standing();
  private final SessionRefresh refresh = new SessionRefresh();
  private final Inviters inviters;
  private final Invitees invitees;

  /// @param backOff how long a device that could not be had is left alone
  ///   (`registrar.invite-backoff`)
  public ChatSession(SessionSettings settings, Duration backOff, boolean group, LegIds ids) {
    this.settings = settings;
    this.group = group;
    this.inviters = new Inviters(settings.unreachable());
    this.invitees = new Invitees(settings, backOff, ids, legs, standing, effects);
  }

  /// Takes one event and tells what is to be done. An event of a leg that has ended does nothing.
  public List<SessionEffect> on(SessionEvent event) {
    effects.clear();
    switch (event) {
      case SessionEvent.Invited invited -> invited(invited);
      case SessionEvent.FirstMessageKept kept -> with(kept.leg(), this::firstMessageKept);
      case SessionEvent.FirstMessageRefused refused ->
          with(refused.leg(), leg -> refuseInviter(leg, refused.status()));
      case SessionEvent.Ringing ringing -> with(ringing.leg(), this::ringing);
      case SessionEvent.Accepted accepted ->
          with(accepted.leg(), leg -> accepted(leg, accepted.multiClient()));
      case SessionEvent.Answered answered ->
          with(answered.leg(), leg -> legs.put(showMark(leg, answered.multiClient())));
      case SessionEvent.Refused refused -> with(refused.leg(), leg -> refused(leg, refused));
      case SessionEvent.Cancelled cancelled -> with(cancelled.leg(), this::cancelled);
      case SessionEvent.Bye bye -> with(bye.leg(), leg -> bye(leg, bye.reason()));
      case SessionEvent.Lost lost -> with(lost.leg(), this::lost);
      case SessionEvent.Refreshed refreshed ->
          with(
              refreshed.leg(),
              leg -> effects.addAll(refresh.agreed(leg.id(), refreshed.interval())));
      case SessionEvent.RefreshUnsent unsent ->
          with(unsent.leg(), leg -> effects.addAll(refresh.unsent(leg.id())));
      case SessionEvent.Unrefreshed gone -> with(gone.leg(), this::unrefreshed);
      case SessionEvent.Ready ready -> with(ready.leg(), this::ready);
      case SessionEvent.Suspended suspended -> with(suspended.leg(), this::suspended);
      case SessionEvent.NotDialled vain ->
          with(vain.leg(), leg -> notDialled(leg, vain.peerConnectsNext()));
      case SessionEvent.Reachable reachable -> reachable(reachable.device(), reachable.owed());
      case SessionEvent.Owed owed -> invitees.owed(owed.device());
      case SessionEvent.LeftAlone alone -> invitees.leftAlone(alone.device(), alone.still());
      case SessionEvent.Unreachable gone -> unreachable(gone.device());
      case SessionEvent.Wanted wanted -> wanted(wanted);
      case SessionEvent.AddressedOne addressed -> invitees.addressedOne(addressed);
      case SessionEvent.AddressedAll addressed -> standing.takeIn(addressed.subscriber());
      case SessionEvent.Paged paged -> paged(paged.device());
      case SessionEvent.TimerFired fired -> fired(fired.timer());
      case SessionEvent.Stop _ -> endAll(Closing.SERVER_STOPPING);
    }
    return effects.all();
  }

  /// Every leg there is, in the order in which they came.
  public List<LegView> legs() {
    return legs.all().stream().map(Leg::view).toList();
  }

  /// Whether nobody is in the session nor on the way into it.
  public boolean isIdle() {
    return legs.isEmpty();
  }

  /// Whether a device is present in it (its INVITE answered, or ours).
  public boolean isLive() {
    return legs.any(leg -> leg.isSession() && leg.isPresent());
  }

  // ---- inviting (RFC 3261 §13; seed 003 figure 3)

  private void invited(SessionEvent.Invited event) {
    Device device = event.device();
    AddressOfRecord inviter = device.id().owner();
    // A device has one leg: the one that it asks for itself (glare, take-over).
    legs.of(device.id()).ifPresent(former -> end(former, Closing.REPLACED));
    // A session that it was alone in is not going on: those that left it are invited, too.
    boolean live = isLive();
    if (!live || !invitees.haveOriginator()) {
      begin(inviter);
    }
    invitees.admit(device);
    Leg leg = new Leg(event.leg(), device, ChannelKind.SESSION, true, Leg.State.OFFERED, false);
    legs.put(showMark(leg, event.multiClient()));
    effects.cancel(new SessionTimer.Linger());
    effects.start(new SessionTimer.InviteExpires(leg.id()), event.expires());
    event
        .everybody()
        .forEach((subscriber, devices) ->
            invitees.invite(
                subscriber, devices, live, inviter, MaxForwards.copied(event.maxForwards())));
    if (event.firstMessage()) {
      inviters.awaitFirstMessage(leg.id());
    } else {
      awaitOtherSide(leg);
    }
    considerInviters();
  }

  private void begin(AddressOfRecord by) {
    invitees.begin(by);
    inviters.begin();
  }

  // ---- answering the inviter (wire.md, "Answering the inviter")

  private void firstMessageKept(Leg inviter) {
    inviters.stopAwaiting(inviter.id());
    awaitOtherSide(inviter);
    considerInviters();
  }

  /// From here on the other side has `invite.answer-after`, when messages are kept for it.
  private void awaitOtherSide(Leg inviter) {
    if (inviter.isOffered() && settings.unreachable() == Unreachable.KEEP) {
      effects.start(new SessionTimer.AnswerAfter(inviter.id()), settings.answerAfter());
    }
  }

  private void considerInviters() {
    legs.where(Leg::isOffered).forEach(this::consider);
  }

  private void consider(Leg inviter) {
    switch (inviters.verdict(inviter, legs)) {
      case Inviters.Verdict.Answer _ -> answer(inviter);
      case Inviters.Verdict.Refuse refuse -> refuseInviter(inviter, refuse.status());
      case Inviters.Verdict.Wait _ -> {}
    }
  }

  private void answer(Leg inviter) {
    legs.put(inviter.in(Leg.State.ESTABLISHED));
    effects.add(new SessionEffect.Answer(inviter.id()));
    stopAnswering(inviter.id());
    effects.start(new SessionTimer.Rebind(inviter.id()), settings.linger());
  }

  private void refuseInviter(Leg inviter, int status) {
    if (!inviter.isOffered()) {
      return;
    }
    effects.add(new SessionEffect.Refuse(inviter.id(), status));
    remove(inviter);
    goOnWithout(inviter);
  }

  private void cancelled(Leg inviter) {
    effects.add(new SessionEffect.Forget(inviter.id()));
    remove(inviter);
    goOnWithout(inviter);
  }

  /// The session goes on without an inviter that was refused or gave up when somebody of another
  /// subscriber is in it, or another inviter waits.
  private void goOnWithout(Leg inviter) {
    Predicate<Leg> here = leg -> leg.isSession() && leg.isPresent();
    if (legs.any(here.and(leg -> leg.inbound() || !leg.belongsTo(inviter.owner())))) {
      lingerIfEmpty();
    } else {
      endAll(Closing.SESSION_ENDED);
    }
  }

  private void ringing(Leg leg) {
    if (!leg.isPending()) {
      return;
    }
    boolean first = !legs.any(other -> other.state() == Leg.State.RINGING);
    legs.put(leg.in(Leg.State.RINGING));
    if (first) {
      legs.where(inviter -> inviter.isOffered() && !inviter.belongsTo(leg.owner()))
          .forEach(inviter -> effects.add(new SessionEffect.Ring(inviter.id())));
    }
  }

  // ---- answers of invited devices (seed 003: all are kept)

  private void accepted(Leg leg, boolean shown) {
    if (!leg.isPending()) {
      return;
    }
    effects.cancel(new SessionTimer.RingFor(leg.id()));
    standing.reached(leg.device().id());
    Leg answered = showMark(leg.in(Leg.State.ESTABLISHED), shown);
    legs.put(answered);
    if (settings.legacyDevices() == LegacyDevices.FIRST_ANSWER_WINS && loses(answered)) {
      standing.refused(answered.device().id());
      end(answered, Closing.REPLACED);
      return;
    }
    effects.start(new SessionTimer.Rebind(leg.id()), settings.linger());
    considerInviters();
  }

  /// With `legacy-devices: first-answer-wins` a device that cannot share its session loses to a
  /// sibling that was first, and siblings of that kind that still ring lose to it.
  private boolean loses(Leg answered) {
    Predicate<Leg> sibling =
        leg ->
            leg.belongsTo(answered.owner()) && !leg.id().equals(answered.id()) && leg.isSession();
    if (!answered.multiClient() && legs.any(sibling.and(Leg::isPresent))) {
      return true;
    }
    legs.where(sibling.and(Leg::isPending).and(leg -> !standing.isMultiClient(leg.device())))
        .forEach(loser -> {
          standing.refused(loser.device().id());
          end(loser, Closing.REPLACED);
        });
    return false;
  }

  private void refused(Leg leg, SessionEvent.Refused refusal) {
    effects.add(new SessionEffect.Forget(leg.id()));
    remove(leg);
    if (refusal.takesMessage() && SipStatus.meansNoSession(refusal.status())) {
      invitees.goOnAsPager(leg.device());
      return;
    }
    if (refusal.status() == SipStatus.DECLINE) {
      standing.refused(leg.device().id());
    } else {
      invitees.backOff(leg, refusal.leaveAlone());
    }
    if (invitees.isOfAnother(leg)) {
      inviters.refused(refusal.status());
    }
    if (refusal.status() == SipStatus.DECLINE && nobodyAccepted(leg.owner())) {
      decline(leg.owner());
    }
    considerInviters();
    lingerIfEmpty();
  }

  private boolean nobodyAccepted(AddressOfRecord subscriber) {
    return !legs.any(leg -> leg.belongsTo(subscriber) && leg.isPresent());
  }

  private void decline(AddressOfRecord subscriber) {
    standing.decline(subscriber);
    legs.where(leg -> leg.belongsTo(subscriber) && leg.isPending())
        .forEach(leg -> end(leg, Closing.USER_LEFT));
  }

  // ---- the connection of a leg

  private void ready(Leg leg) {
    if (leg.isReady()) {
      return;
    }
    effects.cancel(new SessionTimer.Rebind(leg.id()));
    legs.put(leg.in(Leg.State.READY));
    effects.add(new SessionEffect.Attach(leg.id(), leg.device()));
    if (!leg.isSession()) {
      considerInviters();
    }
  }

  private void suspended(Leg leg) {
    if (leg.isReady()) {
      legs.put(leg.in(Leg.State.ESTABLISHED));
      effects.add(new SessionEffect.Detach(leg.id()));
      effects.add(new SessionEffect.Redial(leg.id()));
      effects.start(new SessionTimer.Rebind(leg.id()), settings.linger());
    }
  }

  /// An invitation that offers something else is a reason of its own to call the device back.
  private void notDialled(Leg leg, boolean peerConnectsNext) {
    if (peerConnectsNext) {
      standing.mayBeCalledBack(leg.device().id());
    }
    didNotBind(leg);
  }

  private void didNotBind(Leg leg) {
    if (leg.state() == Leg.State.ESTABLISHED) {
      end(leg, Closing.TIMED_OUT);
      goOnWithoutDevice(leg);
    }
  }

  // ---- devices come and go

  private void reachable(Device device, boolean owed) {
    Optional<Leg> leg = legs.of(device.id());
    if (leg.isPresent()) {
      if (!isStale(leg.get(), device)) {
        return;
      }
      end(leg.get(), Closing.REPLACED);
    } else if (!isLive() && !owed) {
      return;
    }
    invitees.reachable(device);
  }

  /// A leg without a connection, or an INVITE on a flow that the device has left, is not worth
  /// waiting for.
  private static boolean isStale(Leg leg, Device now) {
    boolean moved = !leg.device().route().flow().equals(now.route().flow());
    return moved && (leg.state() == Leg.State.ESTABLISHED || leg.isPending());
  }

  private void unreachable(DeviceId device) {
    legs.of(device)
        .filter(leg -> leg.isPending() || !leg.isSession())
        .ifPresent(leg -> {
          end(leg, Closing.TIMED_OUT);
          considerInviters();
          lingerIfEmpty();
        });
  }

  private void wanted(SessionEvent.Wanted event) {
    invitees.wanted(event);
    lingerIfPagersOnly();
  }

  private void paged(Device device) {
    if (!isLive()) {
      begin(device.id().owner());
    }
    invitees.admit(device);
    if (device.channel() == ChannelKind.PAGER) {
      invitees.invite(device);
    }
    lingerIfPagersOnly();
  }

  // ---- ending (wire.md, "BYE scopes"; seed 003 figure 5)

  private void bye(Leg leg, ByeReason reason) {
    left(leg);
    switch (reason) {
      case NONE -> byeByPolicy(leg);
      case USER_LEAVES, GROUP_CLOSED -> userLeaves(leg);
      case DEVICE_DROPPED -> goOnWithoutDevice(leg);
    }
  }

  private void byeByPolicy(Leg leg) {
    ByePolicy policy = group ? settings.groupBye() : settings.bye();
    switch (policy) {
      case DEVICE_LEAVES -> {
        standing.park(leg.device().id());
        goOnWithoutDevice(leg);
      }
      case USER_LEAVES -> userLeaves(leg);
      case ENDS_SESSION -> endAll(Closing.SESSION_ENDED);
    }
  }

  private void userLeaves(Leg leg) {
    if (!group) {
      endAll(Closing.SESSION_ENDED);
      return;
    }
    legs.where(other -> other.belongsTo(leg.owner()))
        .forEach(other -> end(other, Closing.USER_LEFT));
    effects.add(new SessionEffect.Leave(leg.owner()));
    goOn();
  }

  /// A device that dropped keeps its place: it is invited for what it has not got, for the next
  /// message, and when it registers.
  private void lost(Leg leg) {
    left(leg);
    goOnWithoutDevice(leg);
  }

  /// The device did not answer our refresh: it is parked, as if it had hung up (`wire.md`).
  private void unrefreshed(Leg leg) {
    standing.park(leg.device().id());
    lost(leg);
  }

  /// The leg ended without us.
  private void left(Leg leg) {
    effects.add(new SessionEffect.Forget(leg.id()));
    detachIfReady(leg);
    remove(leg);
  }

  /// A message may have crossed the end of the leg: the device is called back for it.
  private void goOnWithoutDevice(Leg leg) {
    if (leg.isSession()) {
      effects.add(new SessionEffect.CallBack(leg.device().id()));
    } else {
      invitees.backOff(leg);
    }
    goOn();
  }

  /// The session goes on with whoever is left.
  private void goOn() {
    considerInviters();
    lingerIfEmpty();
  }

  private void endAll(Closing why) {
    boolean any = !legs.isEmpty() || invitees.haveOriginator();
    legs.all().forEach(leg -> end(leg, why));
    effects.cancel(new SessionTimer.Linger());
    if (any) {
      over();
    }
  }

  private void over() {
    invitees.forget();
    inviters.begin();
    legs.forgetSessions();
    effects.add(new SessionEffect.Ended());
  }

  private void end(Leg leg, Closing why) {
    detachIfReady(leg);
    effects.add(new SessionEffect.Close(leg.id(), why));
    remove(leg);
  }

  private void detachIfReady(Leg leg) {
    if (leg.isReady()) {
      effects.add(new SessionEffect.Detach(leg.id()));
    }
  }

  private void lingerIfEmpty() {
    if (!legs.any(Leg::isSession)) {
      effects.start(new SessionTimer.Linger(), settings.linger());
    }
  }

  /// Pagers have nothing to hang up: what they said last keeps their legs for a while.
  private void lingerIfPagersOnly() {
    if (!legs.isEmpty()) {
      lingerIfEmpty();
    }
  }

  /// Nobody came back. Where only pagers were, there was no session that could end.
  private void lingered() {
    if (legs.any(Leg::isSession)) {
      return;
    }
    if (legs.hadSession()) {
      endAll(Closing.SESSION_ENDED);
    } else {
      legs.all().forEach(pager -> end(pager, Closing.TIMED_OUT));
    }
  }

  // ---- timers

  private void fired(SessionTimer timer) {
    switch (timer) {
      case SessionTimer.AnswerAfter(LegId inviter) ->
          legs.find(inviter).filter(Leg::isOffered).ifPresent(this::answer);
      case SessionTimer.InviteExpires(LegId inviter) ->
          with(inviter, leg -> refuseInviter(leg, SipStatus.REQUEST_TERMINATED));
      case SessionTimer.RingFor(LegId ringing) ->
          legs.find(ringing).filter(Leg::isPending).ifPresent(this::rangInVain);
      case SessionTimer.Rebind(LegId unbound) -> with(unbound, this::didNotBind);
      case SessionTimer.BackOff(DeviceId device) -> invitees.backedOff(device);
      case SessionTimer.Linger _ -> lingered();
      case SessionTimer.Refresh(LegId leg) -> effects.addAll(refresh.due(leg));
      case SessionTimer.SessionExpires(LegId leg) -> with(leg, this::expired);
    }
  }

  private void rangInVain(Leg leg) {
    invitees.backOff(leg);
    end(leg, Closing.TIMED_OUT);
    goOn();
  }

  /// RFC 4028 §10. Parked: invited again for a message that it may see, or when it registers.
  private void expired(Leg leg) {
    refresh
        .expired(leg)
        .ifPresentOrElse(
            effects::addAll,
            () -> {
              standing.park(leg.device().id());
              end(leg, Closing.TIMED_OUT);
              goOnWithoutDevice(leg);
            });
  }

  // ---- small matters

  private Leg showMark(Leg leg, boolean shown) {
    if (shown) {
      standing.shownMark(leg.device().id());
    }
    return leg.marked(leg.multiClient() || shown);
  }

  private void with(LegId id, Consumer<Leg> step) {
    legs.find(id).ifPresent(step);
  }

  private void remove(Leg leg) {
    legs.remove(leg.id());
    stopAnswering(leg.id());
    effects.cancel(new SessionTimer.RingFor(leg.id()));
    effects.cancel(new SessionTimer.Rebind(leg.id()));
    effects.addAll(refresh.forget(leg.id()));
  }

  private void stopAnswering(LegId inviter) {
    inviters.stopAwaiting(inviter);
    effects.cancel(new SessionTimer.AnswerAfter(inviter));
    effects.cancel(new SessionTimer.InviteExpires(inviter));
  }
}
