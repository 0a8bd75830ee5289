package io.continuo.server.runtime;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.InboundInvitation.ToWhom;
import io.continuo.server.b2bua.MsrpEvents;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.PagerChannel;
import io.continuo.server.b2bua.SessionEvent;
import io.continuo.server.b2bua.SessionInterval;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.b2bua.SipStatus;
import io.continuo.server.configuration.RuntimeSettings;
import io.continuo.server.conversation.Body;
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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of each event to its conversation: by leg, by the conversation's key, or by subscriber.
///
/// Threading: any thread; each event is handed to the conversation's loop.
public final class Conversations implements SipEvents, MsrpEvents, DeviceEvents, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Conversations.class);

  /// A peer is refused with this; whoever answers it logs and counts.
  private static final String MAILBOX_FULL = "mailbox full";

  /// The same whether there is no such group or the sender was never in it.
  private static final String UNKNOWN_GROUP = "unknown group";

  private final LegDirectory legs = new LegDirectory();
  private final AwakeConversations awake;
  private final int highWater;
  private volatile @Nullable ChatPorts given;

  public Conversations(RuntimeSettings settings) {
    this.highWater = settings.highWater();
    this.awake =
        new AwakeConversations(
            settings, (id, loop) -> new ConversationProcess(id, ports(), loop, legs));
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

  /// Whether more waits on a loop than `runtime.high-water`: nothing new had better begin. Any
  /// thread.
  public boolean isOverHighWater() {
    return awake.mostWaiting() > highWater;
  }

  /// Every conversation that is awake, for an operator. Any thread that may wait.
  public List<ConversationView> views() {
    return awake.views();
  }

  // ---- SIP

  @Override
  public void invited(InboundInvitation invitation) {
    AddressOfRecord inviter = invitation.device().id().owner();
    switch (invitation.toWhom()) {
      case ToWhom.One one ->
          begin(
              ConversationId.between(inviter, one.subscriber()),
              List.of(inviter, one.subscriber()),
              invitation);
      case ToWhom.Listed listed -> {
        List<AddressOfRecord> everybody = new ArrayList<>(List.of(inviter));
        listed.subscribers().stream()
            .filter(one -> !everybody.contains(one))
            .forEach(everybody::add);
        begin(ConversationId.group(ports().uuids().get()), everybody, invitation);
      }
      case ToWhom.Focus focus -> rejoin(new ConversationId(focus.focus()), inviter, invitation);
    }
  }

  private void begin(
      ConversationId id, List<AddressOfRecord> participants, InboundInvitation invitation) {
    if (participants.size() > ports().configuration().session().maxParticipants()) {
      refuse(invitation, 403, "too many participants");
      return;
    }
    boolean taken = awake.offer(id, process -> process.invited(invitation, participants));
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
            begin(id, List.of(inviter), invitation);
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
  public void accepted(LegId leg, MsrpMedia answer, Optional<String> over) {
    toLeg(leg, process -> process.accepted(leg, answer, over));
  }

  @Override
  public void refused(LegId leg, int status, boolean takesMessage, Duration leaveAlone) {
    toSession(leg, new SessionEvent.Refused(leg, status, takesMessage, leaveAlone));
  }

  @Override
  public void acknowledged(LegId leg) {
    toLeg(leg, process -> process.acknowledged(leg));
  }

  @Override
  public void answered(LegId leg, MsrpMedia answer) {
    toLeg(leg, process -> process.answered(leg, answer));
  }

  @Override
  public void mayConnect(LegId leg, boolean weConnect) {
    toLeg(leg, process -> process.mayConnect(leg, weConnect));
  }

  @Override
  public void cancelled(LegId leg) {
    toSession(leg, new SessionEvent.Cancelled(leg));
  }

  @Override
  public void bye(LegId leg, ByeReason reason) {
    toLeg(leg, process -> process.bye(leg, reason));
  }

  @Override
  public void lost(LegId leg) {
    toSession(leg, new SessionEvent.Lost(leg));
  }

  @Override
  public void refreshed(LegId leg, Optional<SessionInterval> interval) {
    toSession(leg, new SessionEvent.Refreshed(leg, interval));
  }

  @Override
  public void refreshUnsent(LegId leg) {
    toSession(leg, new SessionEvent.RefreshUnsent(leg));
  }

  @Override
  public void directed(LegId leg, boolean receives) {
    log.atInfo().addKeyValue("leg", leg).addKeyValue("receives", receives).log("leg.directed");
    toLeg(leg, process -> process.directed(leg, receives));
  }

  @Override
  public void unrefreshed(LegId leg) {
    log.atInfo().addKeyValue("leg", leg).log("leg.unrefreshed");
    toSession(leg, new SessionEvent.Unrefreshed(leg));
  }

  @Override
  public void message(
      Device from,
      Addressee to,
      ConversationHeaders headers,
      boolean anonymous,
      boolean noFork,
      int maxForwards,
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
              awake.offer(
                  target.id(),
                  process ->
                      process.paged(
                          from,
                          target.participants(),
                          onlyDevice(to),
                          anonymous,
                          noFork,
                          maxForwards,
                          callId,
                          contentType,
                          Body.of(body),
                          reply));
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
  public void received(LegId leg, String messageId, String contentType, Body body, Reply reply) {
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

  @Override
  public void notDialled(LegId leg, boolean peerConnectsNext, String reason) {
    log.atInfo().addKeyValue("leg", leg).addKeyValue("reason", reason).log("leg.not-dialled");
    toSession(leg, new SessionEvent.NotDialled(leg, peerConnectsNext));
  }

  // ---- devices

  /// Told to the conversations that are awake, and to those that may hold something for the device.
  @Override
  public void reachable(Device device) {
    forConversationsOf(
        device.id().owner(),
        id -> awake.contains(id) || ports().log().mayOwe(id, device.id()),
        process -> process.reachable(device));
  }

  @Override
  public void unreachable(DeviceId device) {
    awake.postAll(process -> process.unreachable(device));
  }

  /// The device has not been bound for `session.device-forget-after`.
  public void forget(DeviceId device) {
    forConversationsOf(device.owner(), _ -> true, process -> process.forget(device));
  }

  private void forConversationsOf(
      AddressOfRecord owner, Predicate<ConversationId> wanted, Consumer<ConversationProcess> step) {
    ports()
        .blocking()
        .execute(() ->
            conversationsOf(owner).stream().filter(wanted).forEach(id -> awake.post(id, step)));
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
    legs.find(leg).ifPresent(process -> AwakeConversations.post(process, step));
  }

  /// A step that a peer starts: refused, with an answer it may retry on, when the mailbox is full
  /// or the leg is gone.
  private void fromLeg(LegId leg, Consumer<ConversationProcess> step, Reply reply) {
    Optional<ConversationProcess> process = legs.find(leg);
    if (process.isEmpty()) {
      reply.answer(new SubmitResult.Unavailable("leg ended"));
    } else if (!AwakeConversations.offer(process.get(), step)) {
      reply.answer(new SubmitResult.Unavailable(MAILBOX_FULL));
    }
  }

  // ---- which conversation a MESSAGE is for

  /// @param participants who takes part from now on, beside those who do already
  private record Target(ConversationId id, List<AddressOfRecord> participants) {
    static Target between(AddressOfRecord one, AddressOfRecord other) {
      return new Target(ConversationId.between(one, other), List.of(one, other));
    }
  }

  /// Nobody joins a group by paging it: no participants are named, so one that left is refused
  /// there.
  private static Optional<DeviceId> onlyDevice(Addressee to) {
    return to instanceof Addressee.One one ? one.device() : Optional.empty();
  }

  private Optional<Target> addressed(AddressOfRecord sender, Addressee to) {
    return switch (to) {
      case Addressee.One one -> Optional.of(Target.between(sender, one.subscriber()));
      case Addressee.Group(String focus) -> {
        ConversationId id = new ConversationId(focus);
        yield isGroupOf(id, sender) ? Optional.of(new Target(id, List.of())) : Optional.empty();
      }
    };
  }

  /// A receipt goes where its message is, whatever pair of addresses it came with. Of several
  /// conversations with a message of that id, the reporter's.
  private Optional<Target> conversationOfMessage(AddressOfRecord reporter, String messageId) {
    return ports().log().conversationsWith(messageId).stream()
        .flatMap(id -> find(id).stream())
        .filter(known -> known.participants().contains(reporter))
        .findFirst()
        .map(known -> new Target(known.id(), List.of()));
  }

  /// Ends every leg with a BYE, then stops the loops. Call before the SIP side closes.
  @Override
  public void close() {
    awake.close(process -> process.session(new SessionEvent.Stop()));
  }
}
