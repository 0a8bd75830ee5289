package io.continuo.server.runtime;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.InboundInvitation.ToWhom;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.PagerChannel;
import io.continuo.server.b2bua.SessionEvent;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.b2bua.SipStatus;
import io.continuo.server.configuration.RuntimeSettings;
import io.continuo.server.conversation.ConversationDirectory;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.Reply;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.ConversationId;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every conversation that is awake, and the way of each event to it: by leg, by conversation key,
/// or by subscriber. A conversation is woken by its first event and put to sleep when nothing
/// happens in it any more.
///
/// Threading: any thread; each event is handed to the conversation's loop.
public final class Conversations implements SipEvents, MsrpEvents, DeviceEvents, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Conversations.class);

  /// A peer is refused with this; whoever answers it logs and counts.
  private static final String MAILBOX_FULL = "mailbox full";

  /// The same whether there is no such group or the sender was never in it.
  private static final String UNKNOWN_GROUP = "unknown group";

  /// How often conversations without work are looked for.
  private static final Duration SLEEP_CHECK = Duration.ofSeconds(30);

  /// How long somebody who looks waits for the loops.
  private static final Duration VIEW_WITHIN = Duration.ofMillis(500);

  /// How long a stop waits for the legs' BYEs to be handed out.
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final List<Loop> loops;
  private final LegDirectory legs = new LegDirectory();
  private final ConcurrentMap<ConversationId, ConversationProcess> awake =
      new ConcurrentHashMap<>();

  /// What each loop showed last.
  private final ConcurrentMap<Loop, List<ConversationView>> shown = new ConcurrentHashMap<>();

  private volatile @Nullable ChatPorts given;

  public Conversations(RuntimeSettings settings) {
    this.loops =
        IntStream.range(0, settings.loops())
            .mapToObj(number -> new Loop(number, settings.maxMailbox()))
            .toList();
    loops.forEach(this::putToSleepLater);
  }

  /// Gives the ports, whose adapters in turn were given these conversations to tell their events
  /// to. Before any of them listens.
  public void start(ChatPorts ports) {
    given = ports;
  }

  private ChatPorts ports() {
    ChatPorts ports = given;
    if (ports == null) {
      throw new IllegalStateException("an event before the start");
    }
    return ports;
  }

  /// Every conversation that is awake. Each loop is asked once and awaited for [#VIEW_WITHIN]; one
  /// that is busier shows what it showed last, so that a number never falls because its loop has
  /// much to do. Any thread that may wait.
  public List<ConversationView> views() {
    CountDownLatch unanswered = new CountDownLatch(loops.size());
    try {
      for (Loop loop : loops) {
        loop.execute(() -> {
          shown.put(loop, viewsOn(loop));
          unanswered.countDown();
        });
      }
      unanswered.await(VIEW_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    return shown.values().stream().flatMap(List::stream).toList();
  }

  private List<ConversationView> viewsOn(Loop loop) {
    return awake.values().stream()
        .filter(process -> process.loop() == loop)
        .map(ConversationProcess::view)
        .toList();
  }

  // ---- SIP

  @Override
  public void invited(InboundInvitation invitation) {
    AddressOfRecord inviter = invitation.device().id().owner();
    switch (invitation.toWhom()) {
      case ToWhom.One one ->
          begin(
              ConversationId.between(inviter, one.subscriber()),
              false,
              List.of(inviter, one.subscriber()),
              invitation);
      case ToWhom.Listed listed -> {
        List<AddressOfRecord> everybody = new ArrayList<>(List.of(inviter));
        listed.subscribers().stream()
            .filter(one -> !everybody.contains(one))
            .forEach(everybody::add);
        begin(ConversationId.group(UUID.randomUUID()), true, everybody, invitation);
      }
      case ToWhom.Focus focus -> rejoin(new ConversationId(focus.focus()), inviter, invitation);
    }
  }

  private void begin(
      ConversationId id,
      boolean group,
      List<AddressOfRecord> participants,
      InboundInvitation invitation) {
    if (participants.size() > ports().configuration().session().maxParticipants()) {
      refuse(invitation, 403, "too many participants");
      return;
    }
    boolean taken = offer(id, group, process -> process.invited(invitation, participants));
    if (!taken) {
      refuse(invitation, SipStatus.SERVICE_UNAVAILABLE, MAILBOX_FULL);
    }
  }

  /// Only who was in the group may come back to it; to anybody else it does not exist.
  private void rejoin(ConversationId id, AddressOfRecord inviter, InboundInvitation invitation) {
    ports()
        .blocking()
        .execute(() -> {
          if (isGroupOf(id, inviter)) {
            begin(id, true, List.of(inviter), invitation);
          } else {
            refuse(invitation, SipStatus.NOT_FOUND, UNKNOWN_GROUP);
          }
        });
  }

  private boolean isGroupOf(ConversationId id, AddressOfRecord subscriber) {
    return find(id)
        .filter(known -> known.group() && known.participants().contains(subscriber))
        .isPresent();
  }

  private Optional<ConversationDirectory.Known> find(ConversationId id) {
    try {
      return ports().directory().find(id);
    } catch (StoreUnavailable why) {
      log.atError().addKeyValue("conversation", id).setCause(why).log("directory.find-failed");
      return Optional.empty();
    }
  }

  private void refuse(InboundInvitation invitation, int status, String reason) {
    ports().sip().refuse(invitation.leg(), status, reason);
  }

  @Override
  public void ringing(LegId leg) {
    toSession(leg, new SessionEvent.Ringing(leg));
  }

  @Override
  public void accepted(LegId leg, MsrpMedia answer) {
    toLeg(leg, process -> process.accepted(leg, answer));
  }

  @Override
  public void refused(LegId leg, int status, boolean takesMessage) {
    toSession(leg, new SessionEvent.Refused(leg, status, takesMessage));
  }

  @Override
  public void acknowledged(LegId leg) {
    toLeg(leg, process -> process.acknowledged(leg));
  }

  @Override
  public void cancelled(LegId leg) {
    toSession(leg, new SessionEvent.Cancelled(leg));
  }

  @Override
  public void bye(LegId leg, ByeReason reason) {
    toSession(leg, new SessionEvent.Bye(leg, reason));
  }

  @Override
  public void lost(LegId leg) {
    toSession(leg, new SessionEvent.Lost(leg));
  }

  @Override
  public void message(
      Device from,
      Addressee to,
      ConversationHeaders headers,
      String callId,
      String contentType,
      byte[] body,
      Reply reply) {
    AddressOfRecord sender = from.id().owner();
    ports()
        .blocking()
        .execute(() -> {
          Optional<Target> found =
              ReportedMessage.of(contentType, body)
                  .flatMap(reported -> conversationOfMessage(sender, reported))
                  .or(() -> addressed(sender, to));
          if (found.isEmpty()) {
            reply.answer(new SubmitResult.Refused(SipStatus.NOT_FOUND, UNKNOWN_GROUP));
            return;
          }
          Target target = found.get();
          boolean taken =
              offer(
                  target.id(),
                  target.group(),
                  process ->
                      process.paged(from, target.participants(), callId, contentType, body, reply));
          if (!taken) {
            reply.answer(new SubmitResult.Unavailable(MAILBOX_FULL));
          }
        });
  }

  @Override
  public void paged(LegId leg, long sequence, int status) {
    toLeg(leg, process -> process.answered(leg, sequence, PagerChannel.outcome(status)));
  }

  // ---- MSRP

  @Override
  public void bound(LegId leg) {
    toLeg(leg, process -> process.bound(leg));
  }

  @Override
  public void probed(LegId leg, Reply reply) {
    fromLeg(leg, process -> process.probed(reply), reply);
  }

  @Override
  public void received(LegId leg, String messageId, String contentType, byte[] body, Reply reply) {
    fromLeg(leg, process -> process.received(leg, messageId, contentType, body, reply), reply);
  }

  @Override
  public void answered(LegId leg, long sequence, DeliveryOutcome outcome) {
    toLeg(leg, process -> process.answered(leg, sequence, outcome));
  }

  @Override
  public void unbound(LegId leg, String reason) {
    log.atDebug().addKeyValue("reason", reason).log("leg.unbound");
    toSession(leg, new SessionEvent.Suspended(leg));
  }

  // ---- devices

  @Override
  public void reachable(Device device) {
    forConversationsOf(device.id().owner(), process -> process.reachable(device));
  }

  @Override
  public void unreachable(DeviceId device) {
    awake.values().forEach(process -> post(process, () -> process.unreachable(device)));
  }

  private void forConversationsOf(AddressOfRecord owner, Consumer<ConversationProcess> step) {
    ports()
        .blocking()
        .execute(() -> {
          for (ConversationId id : conversationsOf(owner)) {
            boolean group = id.value().startsWith("g-");
            awaken(id, group, step);
          }
        });
  }

  private List<ConversationId> conversationsOf(AddressOfRecord owner) {
    try {
      return ports().directory().of(owner);
    } catch (StoreUnavailable why) {
      log.atError().setCause(why).log("directory.read-failed");
      return List.of();
    }
  }

  // ---- the way to a conversation

  private void toSession(LegId leg, SessionEvent event) {
    toLeg(leg, process -> process.session(event));
  }

  private void toLeg(LegId leg, Consumer<ConversationProcess> step) {
    legs.find(leg).ifPresent(process -> post(process, () -> step.accept(process)));
  }

  /// A step that a peer starts: refused, with an answer it may retry on, when the mailbox is full
  /// or the leg is gone.
  private void fromLeg(LegId leg, Consumer<ConversationProcess> step, Reply reply) {
    boolean taken =
        legs.find(leg)
            .map(process -> process.loop().offer(() -> process.step(() -> step.accept(process))))
            .orElse(false);
    if (!taken) {
      reply.answer(new SubmitResult.Unavailable(MAILBOX_FULL));
    }
  }

  private static void post(ConversationProcess process, Runnable step) {
    process.loop().execute(() -> process.step(step));
  }

  private boolean offer(ConversationId id, boolean group, Consumer<ConversationProcess> step) {
    boolean[] taken = new boolean[1];
    // Inside compute, so that the conversation cannot be put to sleep between being found and
    // getting its step.
    awake.compute(
        id,
        (key, found) -> {
          ConversationProcess process = found == null ? wake(key, group) : found;
          taken[0] = process.loop().offer(() -> process.step(() -> step.accept(process)));
          return process;
        });
    return taken[0];
  }

  private void awaken(ConversationId id, boolean group, Consumer<ConversationProcess> step) {
    awake.compute(
        id,
        (key, found) -> {
          ConversationProcess process = found == null ? wake(key, group) : found;
          post(process, () -> step.accept(process));
          return process;
        });
  }

  private ConversationProcess wake(ConversationId id, boolean group) {
    Loop loop = loops.get(Math.floorMod(id.value().hashCode(), loops.size()));
    ConversationProcess process = new ConversationProcess(id, group, ports(), loop, legs);
    loop.execute(process::load);
    return process;
  }

  private void putToSleepLater(Loop loop) {
    loop.schedule(
        () -> {
          awake.values().stream()
              .filter(process -> process.loop() == loop)
              .forEach(process ->
                  awake.computeIfPresent(process.id(), (_, same) -> same.isAsleep() ? null : same));
          putToSleepLater(loop);
        },
        SLEEP_CHECK);
  }

  // ---- receipts by MESSAGE

  private record Target(ConversationId id, boolean group, List<AddressOfRecord> participants) {
    static Target between(AddressOfRecord one, AddressOfRecord other) {
      return new Target(ConversationId.between(one, other), false, List.of(one, other));
    }
  }

  /// Nobody joins a group by paging it: no participants are named, so one that left is refused
  /// there.
  private Optional<Target> addressed(AddressOfRecord sender, Addressee to) {
    return switch (to) {
      case Addressee.One(AddressOfRecord other) -> Optional.of(Target.between(sender, other));
      case Addressee.Group(String focus) -> {
        ConversationId id = new ConversationId(focus);
        yield isGroupOf(id, sender)
            ? Optional.of(new Target(id, true, List.of()))
            : Optional.empty();
      }
    };
  }

  /// A receipt goes where its message is, whatever pair of addresses it came with.
  private Optional<Target> conversationOfMessage(AddressOfRecord reporter, String messageId) {
    for (ConversationId id : conversationsOf(reporter)) {
      if (knows(id, messageId)) {
        return find(id).map(known -> new Target(id, known.group(), List.of()));
      }
    }
    return Optional.empty();
  }

  private boolean knows(ConversationId id, String messageId) {
    boolean[] known = new boolean[1];
    CountDownLatch asked = new CountDownLatch(1);
    awaken(
        id,
        id.value().startsWith("g-"),
        process -> {
          known[0] = process.knowsMessage(messageId);
          asked.countDown();
        });
    try {
      return asked.await(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS) && known[0];
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Ends every leg with a BYE, then stops the loops. Call before the SIP side closes.
  @Override
  public void close() {
    List<ConversationProcess> all = List.copyOf(awake.values());
    CountDownLatch stopped = new CountDownLatch(all.size());
    all.forEach(process ->
        post(
            process,
            () -> {
              process.session(new SessionEvent.Stop());
              stopped.countDown();
            }));
    try {
      if (!stopped.await(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().addKeyValue("waiting", stopped.getCount()).log("conversations.stop-late");
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
    loops.forEach(Loop::close);
  }
}
