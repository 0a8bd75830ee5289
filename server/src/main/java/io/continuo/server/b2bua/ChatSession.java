package io.continuo.server.b2bua;

import static io.continuo.server.conversation.Channel.Closing;

import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.configuration.SessionSettings.ByePolicy;
import io.continuo.server.configuration.SessionSettings.LegacyDevices;
import io.continuo.server.configuration.SessionSettings.SiblingInvite;
import io.continuo.server.configuration.SessionSettings.Unreachable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The chat session of one conversation: every device of every participant is invited, every one
/// that answers is kept, and legs end by scope (device, user, everybody). Seed 003 figures 3 and 5;
/// `wire.md`, "Signalling".
///
/// A session is *live* while a device is present in it. Pager devices never keep it alive: they
/// have nothing to hang up.
///
/// Threading: the conversation's loop only. Pure: no I/O, no clock; [#on] tells what is to be done.
public final class ChatSession {
  private final SessionSettings settings;
  private final boolean group;
  private final LegIds ids;

  private final Map<LegId, Leg> legs = new LinkedHashMap<>();

  /// Devices that hung up: invited again only for a new message or by a new registration.
  private final Set<DeviceId> parked = new HashSet<>();

  /// Devices that said no: invited again only when they register anew or somebody invites anew.
  private final Set<DeviceId> busy = new HashSet<>();

  /// Subscribers that declined (603) before any of their devices accepted.
  private final Set<AddressOfRecord> declined = new HashSet<>();

  /// Devices that have shown the multi-client mark.
  private final Set<DeviceId> multiClient = new HashSet<>();

  /// Inviters whose first message is not durable yet.
  private final Set<LegId> awaitingFirstMessage = new HashSet<>();

  private final RefusalRanking refusals = new RefusalRanking();
  private @Nullable AddressOfRecord originator;
  private List<SessionEffect> effects = new ArrayList<>();

  public ChatSession(SessionSettings settings, boolean group, LegIds ids) {
    this.settings = settings;
    this.group = group;
    this.ids = ids;
  }

  /// Takes one event and tells what is to be done.
  public List<SessionEffect> on(SessionEvent event) {
    effects = new ArrayList<>();
    switch (event) {
      case SessionEvent.Invited invited -> invited(invited);
      case SessionEvent.FirstMessageKept kept -> firstMessageKept(kept.leg());
      case SessionEvent.FirstMessageRefused refused ->
          refuseInviter(refused.leg(), refused.status());
      case SessionEvent.Ringing ringing -> with(ringing.leg(), this::ringing);
      case SessionEvent.Accepted accepted ->
          with(accepted.leg(), leg -> accepted(leg, accepted.multiClient()));
      case SessionEvent.Refused refused -> with(refused.leg(), leg -> refused(leg, refused));
      case SessionEvent.Cancelled cancelled -> with(cancelled.leg(), this::cancelled);
      case SessionEvent.Bye bye -> with(bye.leg(), leg -> bye(leg, bye.reason()));
      case SessionEvent.Lost lost -> with(lost.leg(), this::dropped);
      case SessionEvent.Ready ready -> with(ready.leg(), this::ready);
      case SessionEvent.Suspended suspended -> with(suspended.leg(), this::suspended);
      case SessionEvent.Reachable reachable -> reachable(reachable.device(), reachable.owed());
      case SessionEvent.Unreachable gone -> unreachable(gone.device());
      case SessionEvent.Wanted wanted -> wanted(wanted);
      case SessionEvent.Paged paged -> paged(paged.device());
      case SessionEvent.TimerFired fired -> fired(fired.timer());
      case SessionEvent.Stop _ -> endAll(Closing.SERVER_STOPPING);
    }
    return effects;
  }

  /// Every leg there is, in the order in which they came.
  public List<LegView> legs() {
    return legs.values().stream().map(Leg::view).toList();
  }

  /// Whether nobody is in the session nor on the way into it.
  public boolean isIdle() {
    return legs.isEmpty();
  }

  /// Whether a device is present in it (its INVITE answered, or ours).
  public boolean isLive() {
    return legs.values().stream().anyMatch(leg -> leg.isSession() && leg.isPresent());
  }

  // ---- inviting (RFC 3261 §13; seed 003 figure 3)

  private void invited(SessionEvent.Invited event) {
    boolean live = isLive();
    replaceLegsOf(event.device());
    AddressOfRecord inviter = event.device().id().owner();
    if (!live || originator == null) {
      originator = inviter;
      refusals.clear();
    }
    admit(event.device());
    Leg leg =
        new Leg(event.leg(), event.device(), ChannelKind.SESSION, true, Leg.State.OFFERED, false);
    put(showMark(leg, event.multiClient()));
    if (event.firstMessage()) {
      awaitingFirstMessage.add(leg.id());
    }
    stop(new SessionTimer.Linger());
    event
        .everybody()
        .forEach((subscriber, devices) -> inviteAll(subscriber, devices, live, inviter));
    considerInviters();
  }

  private void inviteAll(
      AddressOfRecord subscriber, List<Device> devices, boolean live, AddressOfRecord inviter) {
    declined.remove(subscriber);
    for (Device device : devices) {
      boolean sitsOut = live && (parked.contains(device.id()) || busy.contains(device.id()));
      boolean siblingLeftOut =
          subscriber.equals(inviter)
              && settings.siblingInvite() == SiblingInvite.KNOWN_MULTI_CLIENT
              && !knownMultiClient(device);
      if (!sitsOut && !siblingLeftOut) {
        invite(device);
      }
    }
  }

  private void invite(Device device) {
    if (legOf(device.id()).isPresent()) {
      return;
    }
    openLeg(device, device.channel());
  }

  private void openLeg(Device device, ChannelKind channel) {
    parked.remove(device.id());
    busy.remove(device.id());
    stop(new SessionTimer.Linger());
    Leg leg = new Leg(ids.next(), device, channel, false, Leg.State.INVITED, false);
    put(leg);
    effects.add(new SessionEffect.Open(leg.id(), device, channel, Optional.ofNullable(originator)));
    if (leg.isSession()) {
      effects.add(new SessionEffect.Start(new SessionTimer.RingFor(leg.id()), settings.ringFor()));
    }
  }

  /// A device that invites, or comes by a new registration, has one leg: the new one (glare and
  /// take-over).
  private void replaceLegsOf(Device device) {
    legsWhere(leg -> leg.device().id().equals(device.id()))
        .forEach(leg -> end(leg, Closing.REPLACED));
  }

  private void admit(Device device) {
    parked.remove(device.id());
    busy.remove(device.id());
    declined.remove(device.id().owner());
  }

  // ---- answering the inviter (wire.md, "Answering the inviter"; RFC 3261 §16.7)

  private void firstMessageKept(LegId leg) {
    awaitingFirstMessage.remove(leg);
    considerInviters();
  }

  private void considerInviters() {
    for (Leg inviter : legsWhere(leg -> leg.state() == Leg.State.OFFERED)) {
      if (!awaitingFirstMessage.contains(inviter.id())) {
        considerInviter(inviter);
      }
    }
  }

  private void considerInviter(Leg inviter) {
    if (anyOther(inviter, Leg::isPresent)) {
      answer(inviter);
    } else if (anyOther(inviter, Leg::isPending)) {
      if (settings.unreachable() == Unreachable.KEEP) {
        effects.add(
            new SessionEffect.Start(new SessionTimer.AnswerAfter(), settings.answerAfter()));
      }
    } else if (refusals.best().isPresent()) {
      refuseInviter(inviter.id(), refusals.best().getAsInt());
    } else if (settings.unreachable() == Unreachable.KEEP) {
      answer(inviter);
    } else {
      refuseInviter(inviter.id(), SipStatus.TEMPORARILY_UNAVAILABLE);
    }
  }

  private boolean anyOther(Leg inviter, Predicate<Leg> wanted) {
    return legs.values().stream()
        .anyMatch(leg -> !leg.belongsTo(inviter.owner()) && wanted.test(leg));
  }

  private void answer(Leg inviter) {
    put(inviter.in(Leg.State.ESTABLISHED));
    effects.add(new SessionEffect.Answer(inviter.id()));
    effects.add(new SessionEffect.Start(new SessionTimer.Rebind(inviter.id()), settings.linger()));
    if (legsWhere(leg -> leg.state() == Leg.State.OFFERED).isEmpty()) {
      stop(new SessionTimer.AnswerAfter());
    }
  }

  private void refuseInviter(LegId id, int status) {
    Leg inviter = legs.get(id);
    if (inviter == null || inviter.state() != Leg.State.OFFERED) {
      return;
    }
    effects.add(new SessionEffect.Refuse(id, status));
    remove(inviter);
    if (!anybodyHereExceptInvitedBy(inviter.owner())) {
      endAll(Closing.SESSION_ENDED);
    } else {
      lingerIfEmpty();
    }
  }

  /// Whether the session goes on without the inviter that was just refused or gave up: somebody of
  /// another subscriber is in it, or another inviter waits.
  private boolean anybodyHereExceptInvitedBy(AddressOfRecord inviter) {
    return legs.values().stream()
        .anyMatch(leg ->
            leg.isPresent() && leg.isSession() && (leg.inbound() || !leg.belongsTo(inviter)));
  }

  private void ringing(Leg leg) {
    if (!leg.isPending()) {
      return;
    }
    boolean first = legs.values().stream().noneMatch(other -> other.state() == Leg.State.RINGING);
    put(leg.in(Leg.State.RINGING));
    if (first) {
      legsWhere(inviter -> inviter.state() == Leg.State.OFFERED && !inviter.belongsTo(leg.owner()))
          .forEach(inviter -> effects.add(new SessionEffect.Ring(inviter.id())));
    }
  }

  private void cancelled(Leg inviter) {
    effects.add(new SessionEffect.Forget(inviter.id()));
    remove(inviter);
    if (!anybodyHereExceptInvitedBy(inviter.owner())) {
      endAll(Closing.SESSION_ENDED);
    }
  }

  // ---- answers of invited devices (seed 003: all are kept)

  private void accepted(Leg leg, boolean shown) {
    if (!leg.isPending()) {
      return;
    }
    stop(new SessionTimer.RingFor(leg.id()));
    Leg answered = showMark(leg.in(Leg.State.ESTABLISHED), shown);
    put(answered);
    if (firstAnswerWins(answered)) {
      return;
    }
    effects.add(new SessionEffect.Start(new SessionTimer.Rebind(leg.id()), settings.linger()));
    considerInviters();
  }

  /// With `legacy-devices: first-answer-wins` a device that cannot share its session loses to a
  /// sibling that was first.
  private boolean firstAnswerWins(Leg answered) {
    if (settings.legacyDevices() == LegacyDevices.KEEP) {
      return false;
    }
    Predicate<Leg> sibling =
        leg ->
            leg.belongsTo(answered.owner()) && !leg.id().equals(answered.id()) && leg.isSession();
    if (!answered.multiClient() && legs.values().stream().anyMatch(sibling.and(Leg::isPresent))) {
      busy.add(answered.device().id());
      end(answered, Closing.REPLACED);
      return true;
    }
    legsWhere(sibling.and(Leg::isPending).and(leg -> !knownMultiClient(leg.device())))
        .forEach(loser -> {
          busy.add(loser.device().id());
          end(loser, Closing.REPLACED);
        });
    return false;
  }

  private void refused(Leg leg, SessionEvent.Refused refusal) {
    stop(new SessionTimer.RingFor(leg.id()));
    effects.add(new SessionEffect.Forget(leg.id()));
    remove(leg);
    if (refusal.takesMessage() && SipStatus.meansNoSession(refusal.status())) {
      openLeg(leg.device(), ChannelKind.PAGER);
      return;
    }
    busy.add(leg.device().id());
    if (!leg.belongsTo(originatorOr(leg))) {
      refusals.add(refusal.status());
    }
    if (refusal.status() == SipStatus.DECLINE && nobodyAccepted(leg.owner())) {
      decline(leg.owner());
    }
    considerInviters();
    lingerIfEmpty();
  }

  private AddressOfRecord originatorOr(Leg leg) {
    return originator == null ? leg.owner() : originator;
  }

  private boolean nobodyAccepted(AddressOfRecord subscriber) {
    return legs.values().stream().noneMatch(leg -> leg.belongsTo(subscriber) && leg.isPresent());
  }

  private void decline(AddressOfRecord subscriber) {
    declined.add(subscriber);
    legsWhere(leg -> leg.belongsTo(subscriber) && leg.isPending())
        .forEach(leg -> end(leg, Closing.USER_LEFT));
  }

  // ---- the connection of a leg

  private void ready(Leg leg) {
    if (leg.state() == Leg.State.READY) {
      return;
    }
    boolean pager = !leg.isSession();
    stop(new SessionTimer.Rebind(leg.id()));
    put(leg.in(Leg.State.READY));
    effects.add(new SessionEffect.Attach(leg.id(), leg.device()));
    if (pager) {
      considerInviters();
    }
  }

  private void suspended(Leg leg) {
    if (leg.state() != Leg.State.READY) {
      return;
    }
    put(leg.in(Leg.State.ESTABLISHED));
    effects.add(new SessionEffect.Detach(leg.id()));
    effects.add(new SessionEffect.Start(new SessionTimer.Rebind(leg.id()), settings.linger()));
  }

  // ---- devices come and go

  private void reachable(Device device, boolean owed) {
    Optional<Leg> leg = legOf(device.id());
    if (leg.isPresent()) {
      if (!isStale(leg.get(), device)) {
        return;
      }
      end(leg.get(), Closing.REPLACED);
    } else if (!isLive() && !owed) {
      return;
    }
    parked.remove(device.id());
    busy.remove(device.id());
    if (!declined.contains(device.id().owner())) {
      invite(device);
    }
  }

  /// A leg without a connection, or an INVITE on a flow that the device has left, is not worth
  /// waiting for.
  private static boolean isStale(Leg leg, Device now) {
    boolean moved = !leg.device().route().flow().equals(now.route().flow());
    return leg.state() == Leg.State.ESTABLISHED && moved || leg.isPending() && moved;
  }

  private void unreachable(DeviceId device) {
    legOf(device)
        .filter(leg -> leg.isPending() || !leg.isSession())
        .ifPresent(leg -> {
          end(leg, Closing.TIMED_OUT);
          considerInviters();
          lingerIfEmpty();
        });
  }

  private void wanted(SessionEvent.Wanted event) {
    if (originator == null) {
      originator = event.author().owner();
    }
    event
        .audience()
        .forEach((subscriber, devices) -> {
          if (!declined.contains(subscriber)) {
            devices.stream()
                .filter(device -> !device.id().equals(event.author()))
                .filter(device -> !busy.contains(device.id()))
                .forEach(this::invite);
          }
        });
  }

  private void paged(Device device) {
    if (!isLive()) {
      originator = device.id().owner();
      refusals.clear();
    }
    admit(device);
    if (legOf(device.id()).isEmpty() && device.channel() == ChannelKind.PAGER) {
      openLeg(device, ChannelKind.PAGER);
    }
  }

  // ---- ending (wire.md, "BYE scopes"; seed 003 figure 5)

  private void bye(Leg leg, ByeReason reason) {
    effects.add(new SessionEffect.Forget(leg.id()));
    if (leg.state() == Leg.State.READY) {
      effects.add(new SessionEffect.Detach(leg.id()));
    }
    remove(leg);
    switch (reason) {
      case NONE -> byeByPolicy(leg);
      case USER_LEAVES, GROUP_CLOSED -> userLeaves(leg);
      case DEVICE_DROPPED -> lingerIfEmpty();
    }
  }

  private void byeByPolicy(Leg leg) {
    ByePolicy policy = group ? settings.groupBye() : settings.bye();
    switch (policy) {
      case DEVICE_LEAVES -> {
        parked.add(leg.device().id());
        considerInviters();
        lingerIfEmpty();
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
    legsWhere(other -> other.belongsTo(leg.owner()))
        .forEach(other -> end(other, Closing.USER_LEFT));
    effects.add(new SessionEffect.Leave(leg.owner()));
    considerInviters();
    lingerIfEmpty();
  }

  /// A device that dropped keeps its place: it may be invited for the next message, and is when it
  /// registers.
  private void dropped(Leg leg) {
    effects.add(new SessionEffect.Forget(leg.id()));
    if (leg.state() == Leg.State.READY) {
      effects.add(new SessionEffect.Detach(leg.id()));
    }
    remove(leg);
    considerInviters();
    lingerIfEmpty();
  }

  private void endAll(Closing why) {
    boolean any = !legs.isEmpty() || originator != null;
    List.copyOf(legs.values()).forEach(leg -> end(leg, why));
    stop(new SessionTimer.AnswerAfter());
    stop(new SessionTimer.Linger());
    if (any) {
      over();
    }
  }

  private void over() {
    parked.clear();
    busy.clear();
    declined.clear();
    refusals.clear();
    originator = null;
    effects.add(new SessionEffect.Ended());
  }

  private void end(Leg leg, Closing why) {
    if (leg.state() == Leg.State.READY) {
      effects.add(new SessionEffect.Detach(leg.id()));
    }
    effects.add(new SessionEffect.Close(leg.id(), why));
    remove(leg);
  }

  private void lingerIfEmpty() {
    if (legs.values().stream().noneMatch(Leg::isSession)) {
      effects.add(new SessionEffect.Start(new SessionTimer.Linger(), settings.linger()));
    }
  }

  // ---- timers

  private void fired(SessionTimer timer) {
    switch (timer) {
      case SessionTimer.AnswerAfter _ ->
          legsWhere(leg -> leg.state() == Leg.State.OFFERED).stream()
              .filter(leg -> !awaitingFirstMessage.contains(leg.id()))
              .forEach(this::answer);
      case SessionTimer.Linger _ -> {
        if (legs.values().stream().noneMatch(Leg::isSession)) {
          endAll(Closing.SESSION_ENDED);
        }
      }
      case SessionTimer.RingFor ring ->
          with(
              ring.leg(),
              leg -> {
                if (leg.isPending()) {
                  busy.add(leg.device().id());
                  end(leg, Closing.TIMED_OUT);
                  considerInviters();
                  lingerIfEmpty();
                }
              });
      case SessionTimer.Rebind rebind ->
          with(
              rebind.leg(),
              leg -> {
                if (leg.state() == Leg.State.ESTABLISHED) {
                  end(leg, Closing.TIMED_OUT);
                  lingerIfEmpty();
                }
              });
    }
  }

  // ---- small matters

  private Leg showMark(Leg leg, boolean shown) {
    if (shown) {
      multiClient.add(leg.device().id());
    }
    return leg.marked(shown);
  }

  private boolean knownMultiClient(Device device) {
    return multiClient.contains(device.id())
        || device.route().features().containsKey("multi-client");
  }

  private Optional<Leg> legOf(DeviceId device) {
    return legs.values().stream().filter(leg -> leg.device().id().equals(device)).findFirst();
  }

  private List<Leg> legsWhere(Predicate<Leg> wanted) {
    return legs.values().stream().filter(wanted).toList();
  }

  private void with(LegId id, java.util.function.Consumer<Leg> step) {
    Leg leg = legs.get(id);
    if (leg != null) {
      step.accept(leg);
    }
  }

  private void put(Leg leg) {
    legs.put(leg.id(), leg);
  }

  private void remove(Leg leg) {
    legs.remove(leg.id());
    awaitingFirstMessage.remove(leg.id());
    stop(new SessionTimer.RingFor(leg.id()));
    stop(new SessionTimer.Rebind(leg.id()));
  }

  private void stop(SessionTimer timer) {
    effects.add(new SessionEffect.Cancel(timer));
  }
}
