package io.continuo.server.runtime;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ChatSession;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.MaxForwards;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.PagerChannel;
import io.continuo.server.b2bua.SessionChannel;
import io.continuo.server.b2bua.SessionEffect;
import io.continuo.server.b2bua.SessionEvent;
import io.continuo.server.b2bua.SipStatus;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.Channel;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.ConversationEvent;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.Reply;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.Devices;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One conversation at work: here its log core ([LoggedConversation]) and its chat session
/// ([ChatSession]), which know nothing of each other, meet. Events come in as steps; what the
/// session wants done is run here, what the log core wants done there.
///
/// Threading: [#loop] only; [Conversations] hands every step to it through [#step].
final class ConversationProcess {
  private static final Logger log = LoggerFactory.getLogger(ConversationProcess.class);

  private static final Duration LAST_ANSWERS = Duration.ofMillis(250);

  private final ConversationId id;
  private final ChatPorts ports;
  private final Loop loop;
  private final LegDirectory legs;

  private final Agenda agenda;
  private final ChatSession session;
  private final SessionTimers timers;
  private final Channels channels;
  private final Invitations invitations;
  private final LoggedConversation conversation;

  private boolean live;
  private boolean quiet;

  ConversationProcess(ConversationId id, ChatPorts ports, Loop loop, LegDirectory legs) {
    this.id = id;
    this.ports = ports;
    this.loop = loop;
    this.legs = legs;
    this.agenda = new Agenda(loop, ports.blocking());
    this.session =
        new ChatSession(
            ports.configuration().session(),
            ports.configuration().registrar().inviteBackoff(),
            id.isGroup(),
            ports.legIds());
    this.timers =
        new SessionTimers(loop, timer -> step(() -> session(new SessionEvent.TimerFired(timer))));
    this.channels = new Channels(ports.observer(), ports.clock());
    this.conversation = new LoggedConversation(id, ports, loop, agenda, channels, this::appended);
    this.invitations = new Invitations(id, ports, conversation::rememberName);
  }

  ConversationId id() {
    return id;
  }

  Loop loop() {
    return loop;
  }

  /// Runs a step behind those before it, when the store has answered what they asked for.
  void step(Runnable step) {
    agenda.step(step);
  }

  /// Nothing happens here and nothing is awaited: the process may be dropped and restored later.
  boolean isQuiet() {
    return agenda.isEmpty() && channels.isEmpty() && timers.isEmpty() && conversation.isQuiet();
  }

  /// Whether it was quiet at the last call too: what is about to happen has had time to begin.
  boolean isAsleep() {
    boolean before = quiet;
    quiet = isQuiet();
    return before && quiet;
  }

  /// Whether its log could not be read: it refuses everything, and the next event had better go to
  /// a new process. Any thread.
  boolean isUnreadable() {
    return conversation.isUnreadable();
  }

  /// On the loop, between two steps.
  ConversationView view() {
    return new ConversationView(
        id,
        id.isGroup(),
        session.isLive(),
        conversation.participants(),
        session.legs(),
        conversation.lag());
  }

  /// Reads the log; every step waits for it.
  void load() {
    conversation.load(kept -> {
      invitations.restore(kept.records());
      invitations.known(kept.name());
    });
  }

  // ---- steps: SIP

  void invited(InboundInvitation invitation, Collection<AddressOfRecord> participants) {
    conversation.open(
        participants,
        () -> begin(invitations.begunBy(invitation)),
        () -> refuseUnopened(invitation.leg()));
  }

  private void refuseUnopened(LegId leg) {
    ports.sip().refuse(leg, SipStatus.SERVICE_UNAVAILABLE, "conversation not open");
  }

  private void begin(InboundInvitation invitation) {
    addChannel(
        SessionChannel.from(invitation, ports.sip(), ports.msrp(), ports.media()),
        invitation.device());
    session(
        new SessionEvent.Invited(
            invitation.leg(),
            invitation.device(),
            invitation.multiClient(),
            invitation.firstMessage().isPresent(),
            invitation.expires(),
            invitation.maxForwards(),
            invitedDevices(invitation)));
    invitation.onlyDevice().ifPresent(this::addressedOne);
    invitation.firstMessage().ifPresent(first -> firstMessage(invitation, first));
  }

  /// Of a subscriber that was addressed by the GRUU of a device, that one only.
  private Map<AddressOfRecord, List<Device>> invitedDevices(InboundInvitation invitation) {
    Map<AddressOfRecord, List<Device>> all = devicesOf(conversation.participants());
    invitation
        .onlyDevice()
        .ifPresent(only ->
            all.computeIfPresent(
                only.owner(),
                (_, devices) ->
                    devices.stream().filter(device -> device.id().equals(only)).toList()));
    return all;
  }

  private void addressedOne(DeviceId device) {
    session(new SessionEvent.AddressedOne(device, ports.devices().of(device.owner())));
  }

  private void firstMessage(InboundInvitation in, InboundInvitation.FirstMessage first) {
    submit(
        in.device(),
        in.leg().value(),
        first.contentType(),
        Body.of(first.body()),
        result -> session(kept(in.leg(), result)));
  }

  private static SessionEvent kept(LegId leg, SubmitResult result) {
    return switch (result) {
      case SubmitResult.Accepted _, SubmitResult.Duplicate _ ->
          new SessionEvent.FirstMessageKept(leg);
      case SubmitResult.Refused refused ->
          new SessionEvent.FirstMessageRefused(leg, refused.status());
      case SubmitResult.Unavailable _ ->
          new SessionEvent.FirstMessageRefused(leg, SipStatus.SERVICE_UNAVAILABLE);
    };
  }

  void accepted(LegId leg, MsrpMedia answer, Optional<String> over) {
    channels.onSession(leg, channel -> channel.accepted(answer, over));
    session(new SessionEvent.Accepted(leg, answer.multiClient()));
  }

  void acknowledged(LegId leg) {
    channels.onSession(leg, SessionChannel::acknowledged);
  }

  void answered(LegId leg, MsrpMedia answer) {
    channels.onSession(leg, channel -> channel.answered(answer));
    session(new SessionEvent.Answered(leg, answer.multiClient()));
  }

  void mayConnect(LegId leg, boolean weConnect) {
    channels.onSession(leg, channel -> channel.mayConnect(weConnect));
  }

  void directed(LegId leg, boolean receives) {
    channels.onSession(leg, channel -> channel.directed(receives));
    conversation.on(new ConversationEvent.Direction(leg, receives));
  }

  /// A device that hangs up has often just answered a copy, and the two take different ways to us:
  /// its answers have [#LAST_ANSWERS] to come, else it would be called back for what it has got.
  void bye(LegId leg, ByeReason reason) {
    SessionEvent bye = new SessionEvent.Bye(leg, reason);
    if (channels.awaitsAnswer(leg)) {
      loop.schedule(() -> step(() -> session(bye)), LAST_ANSWERS);
    } else {
      session(bye);
    }
  }

  /// Any other event of a leg that changes nothing but the session.
  void session(SessionEvent event) {
    agenda.add(() -> session.on(event).forEach(this::run));
  }

  // ---- steps: MSRP and pager

  void bound(LegId leg) {
    channels.onSession(
        leg,
        channel -> {
          if (channel.bound()) {
            session(new SessionEvent.Ready(leg));
          }
        });
  }

  void received(LegId leg, String messageId, String contentType, Body body, Reply reply) {
    channels
        .device(leg)
        .ifPresentOrElse(
            device -> submit(device, messageId, contentType, body, reply),
            () -> reply.answer(new SubmitResult.Unavailable("leg ended")));
  }

  /// @param to the only device of another subscriber that it is for; empty: it is for all
  /// @param maxForwards what the MESSAGE says
  void paged(
      Device from,
      Collection<AddressOfRecord> participants,
      Optional<DeviceId> to,
      boolean anonymous,
      boolean noFork,
      int maxForwards,
      String callId,
      String contentType,
      Body body,
      Reply reply) {
    conversation.open(
        participants,
        () -> {
          invitations.pagedBy(from.id().owner(), anonymous);
          session(new SessionEvent.Paged(from));
          to.ifPresentOrElse(
              this::addressedOne,
              () -> participants.forEach(one -> session(new SessionEvent.AddressedAll(one))));
          conversation.on(
              submission(from, callId, contentType, body, noFork, reply),
              MaxForwards.copied(maxForwards));
        },
        () -> reply.answer(new SubmitResult.Unavailable("conversation not open")));
  }

  void answered(LegId leg, long sequence, DeliveryOutcome outcome) {
    channels.answered(leg, sequence, outcome);
    conversation.on(new ConversationEvent.Delivered(leg, sequence, outcome));
    if (channels.isPager(leg) && outcome instanceof DeliveryOutcome.Unreachable) {
      session(new SessionEvent.Lost(leg));
    }
  }

  void probed(Reply reply) {
    conversation.on(new ConversationEvent.Probe(reply));
  }

  // ---- steps: devices

  void reachable(Device device) {
    AddressOfRecord owner = device.id().owner();
    if (conversation.participants().contains(owner)) {
      boolean owed = conversation.owesTo(device.id());
      session(new SessionEvent.Reachable(device, owed));
    }
  }

  void unreachable(DeviceId device) {
    session(new SessionEvent.Unreachable(device));
  }

  void forget(DeviceId device) {
    conversation.on(new ConversationEvent.Forget(device));
  }

  // ---- what the session wants done

  private void run(SessionEffect effect) {
    switch (effect) {
      case SessionEffect.Open open -> open(open);
      case SessionEffect.Ring ring -> channels.onSession(ring.leg(), SessionChannel::ring);
      case SessionEffect.Answer answer ->
          channels.onSession(answer.leg(), channel -> channel.answer(invitations.focus()));
      case SessionEffect.Refuse refuse -> {
        channels.onSession(refuse.leg(), channel -> channel.refuse(refuse.status()));
        removeChannel(refuse.leg());
      }
      case SessionEffect.Close close -> {
        channels.find(close.leg()).ifPresent(channel -> channel.close(close.why()));
        removeChannel(close.leg());
      }
      case SessionEffect.Forget forget -> {
        channels.onSession(forget.leg(), SessionChannel::ended);
        removeChannel(forget.leg());
      }
      case SessionEffect.CallBack gone -> callBack(gone.device());
      case SessionEffect.Redial redial -> channels.onSession(redial.leg(), SessionChannel::redial);
      case SessionEffect.Refresh refresh -> ports.sip().refresh(refresh.leg(), refresh.expires());
      case SessionEffect.Attach attach -> attach(attach);
      case SessionEffect.Detach detach -> {
        channels.suspended(detach.leg());
        conversation.on(new ConversationEvent.Detach(detach.leg()));
      }
      case SessionEffect.Leave leave ->
          conversation.on(new ConversationEvent.Leave(leave.subscriber()));
      case SessionEffect.Ended _ -> ended();
      case SessionEffect.Start start -> timers.start(start);
      case SessionEffect.Cancel cancel -> timers.cancel(cancel.timer());
    }
    noteLife();
  }

  private void open(SessionEffect.Open open) {
    Channel channel = invitations.channel(open, conversation.participants());
    addChannel(channel, open.device());
    channel.invite();
    if (open.channel() == ChannelKind.PAGER) {
      session(new SessionEvent.Ready(open.leg()));
    }
  }

  private void attach(SessionEffect.Attach attach) {
    Channel channel = channels.find(attach.leg()).orElse(null);
    switch (channel) {
      case SessionChannel established ->
          established
              .profile()
              .ifPresent(profile ->
                  conversation.on(
                      new ConversationEvent.Attach(attach.device().id(), attach.leg(), profile)));
      case PagerChannel _ ->
          conversation.on(
              new ConversationEvent.Attach(
                  attach.device().id(), attach.leg(), PagerChannel.profile()));
      case null, default -> {}
    }
  }

  private void callBack(DeviceId gone) {
    if (conversation.owesTo(gone)) {
      Devices.Snapshot now = ports.devices().now(gone.owner());
      now.reachable().stream()
          .filter(device -> device.id().equals(gone))
          .forEach(device -> session(new SessionEvent.Owed(device)));
      Duration still = now.leftAlone().get(gone);
      if (still != null) {
        session(new SessionEvent.LeftAlone(gone, still));
      }
    }
  }

  private void addChannel(Channel channel, Device device) {
    channels.add(channel, device);
    legs.add(channel.leg(), this);
  }

  private void removeChannel(LegId leg) {
    channels.remove(leg);
    legs.remove(leg);
  }

  private void ended() {
    log.atInfo().addKeyValue("conversation", id).log("session.ended");
    conversation.sessionEnded(session::isIdle);
  }

  private void noteLife() {
    boolean now = session.isLive();
    if (now == live) {
      return;
    }
    live = now;
    if (now) {
      log.atInfo()
          .addKeyValue("conversation", id)
          .addKeyValue("group", id.isGroup())
          .log("session.live");
      ports.observer().sessionStarted();
    } else {
      ports.observer().sessionEnded();
    }
  }

  // ---- what the conversation tells

  /// Devices that are not attached are invited for a new message; for a receipt only those that
  /// need no invitation.
  private void appended(ConversationEffect.Appended appended) {
    switch (appended.entry()) {
      case Entry.Message message -> wanted(message.senderDevice(), appended.audience());
      case Entry.Disposition disposition -> {
        Map<AddressOfRecord, List<Device>> pagers = devicesOf(appended.audience());
        pagers.replaceAll((_, all) ->
            all.stream().filter(device -> device.channel() == ChannelKind.PAGER).toList());
        session(new SessionEvent.Wanted(disposition.reporterDevice(), pagers));
      }
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> {}
    }
  }

  /// Each device is invited for the message, now or when it is no longer left alone.
  private void wanted(DeviceId author, Set<AddressOfRecord> audience) {
    Map<AddressOfRecord, List<Device>> reachable = new LinkedHashMap<>();
    Map<DeviceId, Duration> leftAlone = new LinkedHashMap<>();
    for (AddressOfRecord subscriber : audience) {
      Devices.Snapshot now = ports.devices().now(subscriber);
      reachable.put(subscriber, now.reachable());
      leftAlone.putAll(now.leftAlone());
    }
    session(new SessionEvent.Wanted(author, reachable));
    leftAlone.remove(author);
    leftAlone.forEach((device, still) -> session(new SessionEvent.LeftAlone(device, still)));
  }

  // ---- what both need

  private void submit(
      Device device, String transportId, String contentType, Body body, Reply reply) {
    conversation.on(submission(device, transportId, contentType, body, false, reply));
  }

  private ConversationEvent.Submit submission(
      Device device,
      String transportId,
      String contentType,
      Body body,
      boolean noFork,
      Reply reply) {
    return new ConversationEvent.Submit(
        device.id(),
        ownAddresses(device.id().owner()),
        transportId,
        contentType,
        body,
        invitations.hides(device.id().owner()),
        noFork,
        reply);
  }

  private Set<AddressOfRecord> ownAddresses(AddressOfRecord owner) {
    return ports.subscribers().find(owner).map(Subscriber::addresses).orElse(Set.of(owner));
  }

  private Map<AddressOfRecord, List<Device>> devicesOf(Set<AddressOfRecord> subscribers) {
    Map<AddressOfRecord, List<Device>> all = new LinkedHashMap<>();
    subscribers.forEach(subscriber -> all.put(subscriber, ports.devices().of(subscriber)));
    return all;
  }
}
