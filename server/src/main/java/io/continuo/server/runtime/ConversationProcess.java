package io.continuo.server.runtime;

import io.continuo.server.b2bua.ChatSession;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.PagerChannel;
import io.continuo.server.b2bua.SessionChannel;
import io.continuo.server.b2bua.SessionEffect;
import io.continuo.server.b2bua.SessionEvent;
import io.continuo.server.b2bua.SessionTimer;
import io.continuo.server.b2bua.SipStatus;
import io.continuo.server.configuration.SessionSettings.Retention;
import io.continuo.server.conversation.Channel;
import io.continuo.server.conversation.Conversation;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.ConversationEvent;
import io.continuo.server.conversation.ConversationLog;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Entry;
import io.continuo.server.conversation.LogRecord;
import io.continuo.server.conversation.Reply;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One conversation at work: its log core, its chat session and its channels, and the runner of
/// what they want done.
///
/// Every public method is a step that must run on [#loop]; [Conversations] sees to it. Steps are
/// held back while the conversation waits for the store (its log being read, its participants being
/// kept).
final class ConversationProcess {
  private static final Logger log = LoggerFactory.getLogger(ConversationProcess.class);

  /// Entries and bytes that are read from the store at once for a device that catches up.
  private static final int READ_ENTRIES = 64;

  private static final long READ_BYTES = 1L << 20;
  private static final Duration LAG_WAIT = Duration.ofMillis(200);

  private final ConversationId id;
  private final boolean group;
  private final ChatPorts ports;
  private final Loop loop;
  private final LegDirectory legs;
  private final ChatSession session;
  private final Invitations invitations;
  private Conversation conversation;

  private final Map<LegId, Channel> channels = new LinkedHashMap<>();
  private final Map<LegId, Device> devices = new HashMap<>();
  private final Map<LegId, Long> handed = new HashMap<>();

  /// When each copy was handed to a channel, until the device answers: at most a window for each
  /// leg.
  private final Map<LegId, Map<Long, Instant>> unanswered = new HashMap<>();

  private final Map<SessionTimer, Future<?>> timers = new HashMap<>();
  private final Deque<Runnable> agenda = new ArrayDeque<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean waiting;
  private boolean draining;
  private boolean live;
  private boolean quiet;
  private int unfinishedReads;

  ConversationProcess(
      ConversationId id, boolean group, ChatPorts ports, Loop loop, LegDirectory legs) {
    this.id = id;
    this.group = group;
    this.ports = ports;
    this.loop = loop;
    this.legs = legs;
    this.session = new ChatSession(ports.configuration().session(), group, ports.legIds());
    this.invitations = new Invitations(id, group, ports.configuration().sip());
    this.conversation = emptyConversation();
  }

  /// Any thread: asks the loop and waits for it, at most [#LAG_WAIT]; nothing when it is busier
  /// than that.
  Collection<Long> lags() {
    CompletableFuture<Collection<Long>> answer = new CompletableFuture<>();
    loop.execute(() -> answer.complete(conversation.stats().lag().values()));
    return answer.completeOnTimeout(List.of(), LAG_WAIT.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  Loop loop() {
    return loop;
  }

  ConversationId id() {
    return id;
  }

  /// Reads the log; every other step waits for it.
  void load() {
    whileWaiting(
        () -> ports.log().load(id),
        records -> conversation = restored(records),
        why ->
            log.atError()
                .addKeyValue("conversation", id)
                .setCause(why)
                .log("conversation.load-failed"));
  }

  /// Runs a step now, or when the store has answered.
  void step(Runnable step) {
    if (waiting) {
      held.add(step);
      return;
    }
    agenda.add(step);
    drain();
  }

  /// Nothing happens here and nothing is awaited: the process may be dropped and restored later.
  boolean isQuiet() {
    return !waiting
        && agenda.isEmpty()
        && held.isEmpty()
        && channels.isEmpty()
        && timers.isEmpty()
        && unfinishedReads == 0
        && conversation.stats().pending() == 0;
  }

  /// Whether it was quiet at the last call too: what is about to happen has had time to begin.
  boolean isAsleep() {
    boolean before = quiet;
    quiet = isQuiet();
    return before && quiet;
  }

  // ---- steps: SIP

  void invited(InboundInvitation invitation, Collection<AddressOfRecord> participants) {
    invitations.begunBy(invitation);
    opening(
        participants,
        () -> begin(invitation),
        () ->
            ports
                .sip()
                .refuse(invitation.leg(), SipStatus.SERVICE_UNAVAILABLE, "conversation not open"));
  }

  private void begin(InboundInvitation invitation) {
    addChannel(
        SessionChannel.from(invitation, ports.sip(), ports.msrp(), ports.media()),
        invitation.device());
    session(
        new SessionEvent.Invited(
            invitation.leg(),
            invitation.device(),
            invitation.offer().multiClient(),
            invitation.firstMessage().isPresent(),
            devicesOf(conversation.participants())));
    invitation
        .firstMessage()
        .ifPresent(first ->
            submit(
                invitation.device(),
                invitation.leg().value(),
                first.contentType(),
                first.body(),
                result -> step(() -> firstMessage(invitation.leg(), result))));
  }

  private void firstMessage(LegId leg, SubmitResult result) {
    session(
        switch (result) {
          case SubmitResult.Accepted _, SubmitResult.Duplicate _ ->
              new SessionEvent.FirstMessageKept(leg);
          case SubmitResult.Refused refused ->
              new SessionEvent.FirstMessageRefused(leg, refused.status());
          case SubmitResult.Unavailable _ ->
              new SessionEvent.FirstMessageRefused(leg, SipStatus.SERVICE_UNAVAILABLE);
        });
  }

  void accepted(LegId leg, MsrpMedia answer) {
    onSession(leg, channel -> channel.accepted(answer));
    session(new SessionEvent.Accepted(leg, answer.multiClient()));
  }

  void acknowledged(LegId leg) {
    onSession(leg, SessionChannel::acknowledged);
  }

  /// Any other event of a leg that changes nothing but the session.
  void session(SessionEvent event) {
    agenda.add(() -> session.on(event).forEach(this::run));
    drain();
  }

  // ---- steps: MSRP and pager

  void bound(LegId leg) {
    onSession(
        leg,
        channel -> {
          if (channel.bound()) {
            session(new SessionEvent.Ready(leg));
          }
        });
  }

  void received(LegId leg, String messageId, String contentType, byte[] body, Reply reply) {
    Device device = devices.get(leg);
    if (device == null) {
      reply.answer(new SubmitResult.Unavailable("leg ended"));
      return;
    }
    submit(device, messageId, contentType, body, reply);
  }

  void paged(
      Device from,
      Collection<AddressOfRecord> participants,
      String callId,
      String contentType,
      byte[] body,
      Reply reply) {
    opening(
        participants,
        () -> {
          session(new SessionEvent.Paged(from));
          submit(from, callId, contentType, body, reply);
        },
        () -> reply.answer(new SubmitResult.Unavailable("store")));
  }

  void answered(LegId leg, long sequence, DeliveryOutcome outcome) {
    Instant before =
        Optional.ofNullable(unanswered.get(leg)).map(all -> all.remove(sequence)).orElse(null);
    if (before != null) {
      ports.observer().copyAnswered(outcome, Duration.between(before, ports.clock().instant()));
    }
    conversation(new ConversationEvent.Delivered(leg, sequence, outcome));
    boolean pager = channels.get(leg) instanceof PagerChannel;
    if (pager && outcome instanceof DeliveryOutcome.Unreachable) {
      session(new SessionEvent.Lost(leg));
    }
  }

  void probed(Reply reply) {
    conversation(new ConversationEvent.Probe(reply));
  }

  // ---- steps: devices

  void reachable(Device device) {
    AddressOfRecord owner = device.id().owner();
    if (!conversation.participants().contains(owner)) {
      return;
    }
    boolean owed = conversation.owesTo(device.id(), owner);
    session(new SessionEvent.Reachable(device, owed));
  }

  void unreachable(DeviceId device) {
    session(new SessionEvent.Unreachable(device));
  }

  boolean knowsMessage(String messageId) {
    return conversation.knowsMessage(messageId);
  }

  // ---- running what is wanted

  private void run(SessionEffect effect) {
    switch (effect) {
      case SessionEffect.Open open -> open(open);
      case SessionEffect.Ring ring -> onSession(ring.leg(), SessionChannel::ring);
      case SessionEffect.Answer answer ->
          onSession(
              answer.leg(), channel -> channel.answer(invitations.focus(), invitations.headers()));
      case SessionEffect.Refuse refuse -> {
        onSession(refuse.leg(), channel -> channel.refuse(refuse.status()));
        removeChannel(refuse.leg());
      }
      case SessionEffect.Close close -> {
        Channel channel = channels.get(close.leg());
        if (channel != null) {
          channel.close(close.why());
        }
        removeChannel(close.leg());
      }
      case SessionEffect.Forget forget -> {
        onSession(forget.leg(), SessionChannel::ended);
        removeChannel(forget.leg());
      }
      case SessionEffect.Attach attach -> attach(attach);
      case SessionEffect.Detach detach -> {
        handed.remove(detach.leg());
        conversation(new ConversationEvent.Detach(detach.leg()));
      }
      case SessionEffect.Leave leave ->
          conversation(new ConversationEvent.Leave(leave.subscriber()));
      case SessionEffect.Ended _ -> ended();
      case SessionEffect.Start start -> start(start);
      case SessionEffect.Cancel cancel -> cancel(cancel.timer());
    }
    noteLife();
  }

  private void open(SessionEffect.Open open) {
    Device device = open.device();
    AddressOfRecord from = invitations.from(open, conversation.participants());
    String to = invitations.to(open, conversation.participants());
    Channel channel =
        switch (open.channel()) {
          case SESSION ->
              SessionChannel.toward(
                  open.leg(),
                  invitations.toward(
                      device,
                      from,
                      to,
                      ports.media().offer(ports.msrp().path(open.leg())),
                      ports.configuration().session().ringFor()),
                  ports.sip(),
                  ports.msrp(),
                  ports.media());
          case PAGER ->
              new PagerChannel(
                  open.leg(),
                  device,
                  invitations.other(open, conversation.participants()),
                  invitations.group(),
                  ports.sip());
        };
    addChannel(channel, device);
    channel.invite();
    if (open.channel() == ChannelKind.PAGER) {
      session(new SessionEvent.Ready(open.leg()));
    }
  }

  private void attach(SessionEffect.Attach attach) {
    Channel channel = channels.get(attach.leg());
    switch (channel) {
      case SessionChannel established ->
          established
              .profile()
              .ifPresent(profile ->
                  conversation(
                      new ConversationEvent.Attach(attach.device().id(), attach.leg(), profile)));
      case PagerChannel _ ->
          conversation(
              new ConversationEvent.Attach(
                  attach.device().id(), attach.leg(), PagerChannel.profile()));
      case null, default -> {}
    }
  }

  private void ended() {
    log.atInfo().addKeyValue("conversation", id).log("session.ended");
    if (ports.configuration().session().retention() == Retention.DISCARD) {
      // Behind every pending append: what was acknowledged is still handed to whoever is attached,
      // then all is dropped.
      conversation(new ConversationEvent.Probe(_ -> discard()));
    } else if (conversation.isOpen()) {
      conversation(new ConversationEvent.EndSession());
    }
  }

  /// Not when somebody came or wrote meanwhile: that was accepted into a conversation that goes on,
  /// and its own end will discard it.
  private void discard() {
    if (!session.isIdle() || conversation.stats().pending() > 0) {
      return;
    }
    whileWaiting(
        () -> {
          ports.log().erase(id);
          ports.directory().forget(id);
          return List.<LogRecord>of();
        },
        _ -> conversation = emptyConversation(),
        why ->
            log.atError()
                .addKeyValue("conversation", id)
                .setCause(why)
                .log("conversation.discard-failed"));
  }

  private void conversation(ConversationEvent event) {
    agenda.add(() -> conversation.on(event, ports.clock().instant()).forEach(this::run));
    drain();
  }

  private void run(ConversationEffect effect) {
    switch (effect) {
      case ConversationEffect.Append append -> append(append.entry());
      case ConversationEffect.Note note -> ports.log().note(id, note.answer());
      case ConversationEffect.Respond respond -> respond.reply().answer(respond.result());
      case ConversationEffect.Deliver deliver -> {
        Channel channel = channels.get(deliver.leg());
        if (channel != null) {
          noteOrder(deliver);
          ports.observer().copySent();
          unanswered
              .computeIfAbsent(deliver.leg(), _ -> new HashMap<>())
              .put(deliver.sequence(), ports.clock().instant());
          channel.deliver(deliver);
        }
      }
      case ConversationEffect.Relay relay -> {
        Channel channel = channels.get(relay.leg());
        if (channel != null) {
          channel.relay(relay);
        }
      }
      case ConversationEffect.Read read -> read(read);
      case ConversationEffect.Appended appended -> appended(appended);
      case ConversationEffect.Count count -> ports.observer().counted(count.what());
    }
  }

  private void append(Entry entry) {
    ports
        .log()
        .append(
            id,
            entry,
            new ConversationLog.AppendListener() {
              @Override
              public void committed() {
                loop.execute(() -> conversation(new ConversationEvent.Committed(entry.sequence())));
              }

              @Override
              public void failed(StoreUnavailable why) {
                log.atError()
                    .addKeyValue("conversation", id)
                    .setCause(why)
                    .log("log.append-failed");
                loop.execute(() ->
                    conversation(
                        new ConversationEvent.AppendFailed(entry.sequence(), "store unavailable")));
              }
            });
  }

  private void read(ConversationEffect.Read read) {
    unfinishedReads++;
    ports
        .blocking()
        .execute(() -> {
          List<Entry> entries = readFromStore(read.from());
          loop.execute(() -> {
            unfinishedReads--;
            conversation(new ConversationEvent.ReadBack(read.leg(), read.from(), entries));
          });
        });
  }

  private List<Entry> readFromStore(long from) {
    try {
      return ports.log().read(id, from, READ_ENTRIES, READ_BYTES);
    } catch (StoreUnavailable why) {
      log.atError().addKeyValue("conversation", id).setCause(why).log("log.read-failed");
      return List.of();
    }
  }

  /// Devices that are not attached are invited for a new message; for a receipt only those that
  /// need no invitation.
  private void appended(ConversationEffect.Appended appended) {
    switch (appended.entry()) {
      case Entry.Message message ->
          session(new SessionEvent.Wanted(message.senderDevice(), devicesOf(appended.audience())));
      case Entry.Disposition disposition -> {
        Map<AddressOfRecord, List<Device>> pagers = devicesOf(appended.audience());
        pagers.replaceAll((_, all) ->
            all.stream().filter(device -> device.channel() == ChannelKind.PAGER).toList());
        session(new SessionEvent.Wanted(disposition.reporterDevice(), pagers));
      }
      case Entry.Opened _, Entry.Joined _, Entry.Left _, Entry.SessionEnded _ -> {}
    }
  }

  // ---- small matters

  private void submit(
      Device device, String transportId, String contentType, byte[] body, Reply reply) {
    conversation(
        new ConversationEvent.Submit(
            device.id(), ownAddresses(device.id().owner()), transportId, contentType, body, reply));
  }

  private Set<AddressOfRecord> ownAddresses(AddressOfRecord owner) {
    return ports
        .subscribers()
        .find(owner)
        .map(subscriber -> {
          Set<AddressOfRecord> own = new java.util.HashSet<>(subscriber.aliases());
          own.add(subscriber.address());
          return own;
        })
        .orElse(Set.of(owner));
  }

  /// Keeps new participants in the directory before the log hears of them, so that a restart finds
  /// the conversation.
  private void opening(Collection<AddressOfRecord> participants, Runnable then, Runnable failed) {
    if (conversation.participants().containsAll(participants)) {
      then.run();
      return;
    }
    whileWaiting(
        () -> {
          ports.directory().keep(id, group, participants);
          return List.copyOf(participants);
        },
        kept -> {
          conversation(new ConversationEvent.Open(group, kept));
          agenda.add(then);
        },
        why -> {
          log.atError().addKeyValue("conversation", id).setCause(why).log("directory.keep-failed");
          failed.run();
        });
  }

  private Map<AddressOfRecord, List<Device>> devicesOf(Set<AddressOfRecord> subscribers) {
    Map<AddressOfRecord, List<Device>> all = new LinkedHashMap<>();
    subscribers.forEach(subscriber -> all.put(subscriber, ports.devices().of(subscriber)));
    return all;
  }

  private void addChannel(Channel channel, Device device) {
    channels.put(channel.leg(), channel);
    devices.put(channel.leg(), device);
    legs.add(channel.leg(), this);
  }

  private void removeChannel(LegId leg) {
    channels.remove(leg);
    devices.remove(leg);
    handed.remove(leg);
    unanswered.remove(leg);
    legs.remove(leg);
  }

  private void onSession(LegId leg, Consumer<SessionChannel> action) {
    if (channels.get(leg) instanceof SessionChannel channel) {
      action.accept(channel);
    }
  }

  /// What a device receives is a subsequence of log order, on every leg. Were it not so, an
  /// operator would see it.
  private void noteOrder(ConversationEffect.Deliver deliver) {
    Long before = handed.put(deliver.leg(), deliver.sequence());
    if (before != null && before >= deliver.sequence()) {
      ports.observer().outOfOrder();
      log.atError()
          .addKeyValue("conversation", id)
          .addKeyValue("sequence", deliver.sequence())
          .addKeyValue("after", before)
          .log("delivery.out-of-order");
    }
  }

  private void noteLife() {
    boolean now = session.isLive();
    if (now != live) {
      live = now;
      if (now) {
        ports.observer().sessionStarted();
      } else {
        ports.observer().sessionEnded();
      }
    }
  }

  private void start(SessionEffect.Start start) {
    cancel(start.timer());
    timers.put(
        start.timer(),
        loop.schedule(
            () ->
                step(() -> {
                  timers.remove(start.timer());
                  session(new SessionEvent.TimerFired(start.timer()));
                }),
            start.after()));
  }

  private void cancel(SessionTimer timer) {
    Future<?> running = timers.remove(timer);
    if (running != null) {
      running.cancel(false);
    }
  }

  private Conversation emptyConversation() {
    return new Conversation(
        id, ports.configuration().session(), ports.configuration().imdn(), ports.messageIds());
  }

  private Conversation restored(List<LogRecord> records) {
    return records.isEmpty()
        ? emptyConversation()
        : Conversation.restore(
            id,
            ports.configuration().session(),
            ports.configuration().imdn(),
            ports.messageIds(),
            records);
  }

  private <T> void whileWaiting(Callable<T> work, Consumer<T> then, Consumer<Exception> failed) {
    waiting = true;
    ports
        .blocking()
        .execute(() -> {
          Outcome<T> outcome = Outcome.of(work);
          loop.execute(() -> {
            waiting = false;
            agenda.addFirst(() -> outcome.tell(then, failed));
            drain();
            release();
          });
        });
  }

  private void release() {
    while (!waiting && !held.isEmpty()) {
      step(held.poll());
    }
  }

  /// Runs what stands on the agenda in order; what a step adds comes after what stood there before
  /// it.
  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      while (!waiting && !agenda.isEmpty()) {
        agenda.poll().run();
      }
    } finally {
      draining = false;
      if (!waiting && !agenda.isEmpty()) {
        // Only after a step that failed: the loop logs it, the steps behind it still have their
        // turn.
        loop.execute(this::drain);
      }
    }
  }

  /// What work off the loop came to.
  private record Outcome<T>(@Nullable T value, Optional<Exception> failure) {
    static <T> Outcome<T> of(Callable<T> work) {
      try {
        return new Outcome<>(work.call(), Optional.empty());
      } catch (Exception why) {
        return new Outcome<>(null, Optional.of(why));
      }
    }

    void tell(Consumer<T> then, Consumer<Exception> failed) {
      failure.ifPresentOrElse(failed, () -> then.accept(java.util.Objects.requireNonNull(value)));
    }
  }
}
