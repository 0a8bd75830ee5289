package io.continuo.server.runtime;

import io.continuo.server.b2bua.ByeReason;
import io.continuo.server.b2bua.ConversationHeaders;
import io.continuo.server.b2bua.InboundInvitation;
import io.continuo.server.b2bua.InboundInvitation.ToWhom;
import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MediaTerms;
import io.continuo.server.b2bua.MsrpEnd;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.b2bua.MsrpSessions;
import io.continuo.server.b2bua.SipEvents;
import io.continuo.server.b2bua.SipSignalling;
import io.continuo.server.configuration.ServerConfiguration;
import io.continuo.server.configuration.SessionSettings;
import io.continuo.server.configuration.SessionSettings.Retention;
import io.continuo.server.conversation.Body;
import io.continuo.server.conversation.ConversationEffect;
import io.continuo.server.conversation.DeliveryOutcome;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.identity.Subscriber;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.Devices;
import io.continuo.server.registrar.DigestCredential;
import io.continuo.server.registrar.Subscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Conversations between alice and bob, one device each, with everything around them replaced by
/// small fakes: what the server says over SIP and MSRP is heard one thing after the other.
final class ChatOnFakes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration A_MOMENT = Duration.ofMillis(10);
  static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");
  static final AddressOfRecord BOB = AddressOfRecord.of("sip:bob@continuo.test");

  final Device alicePhone = device(ALICE, "phone");
  final Device bobPhone = device(BOB, "desk");
  final MemoryStore store;

  /// Of what alice's phone sends.
  int maxForwards = 70;

  /// How bob's phone is reached.
  ChannelKind bobsChannel = ChannelKind.SESSION;

  /// Bob's leg, once [#established].
  LegId bob = new LegId("none");

  /// Whether the registrar says that bob's device backs off.
  volatile boolean bobIsLeftAlone;

  private final Conversations conversations;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Said> heard = new LinkedBlockingQueue<>();
  private final AtomicInteger legs = new AtomicInteger();

  /// One thing that the server said.
  sealed interface Said {
    LegId leg();

    record Invited(LegId leg, Invitation invitation) implements Said {}

    record Rang(LegId leg) implements Said {}

    record Answered(LegId leg, ConversationHeaders headers) implements Said {}

    record Refused(LegId leg, int status) implements Said {}

    record Cancelled(LegId leg) implements Said {}

    record Ended(LegId leg, ByeReason reason) implements Said {}

    record RefreshSent(LegId leg, Duration expires) implements Said {}

    /// Its MSRP session.
    record Closed(LegId leg) implements Said {}

    record Sent(LegId leg, long sequence, String body) implements Said {}

    record Paged(LegId leg, long sequence, int maxForwards) implements Said {}
  }

  ChatOnFakes(Retention retention, MemoryStore store) {
    this.store = store;
    ServerConfiguration standard = ServerConfiguration.DEFAULT;
    this.conversations = new Conversations(standard.runtime());
    conversations.start(ports(with(standard, retention)));
  }

  private ChatPorts ports(ServerConfiguration configuration) {
    return new ChatPorts(
        configuration,
        new HeardSip(),
        new HeardMsrp(),
        new MediaTerms(100_000, false, 32),
        store.log(),
        store.directory(),
        this::devices,
        new Everybody(),
        () -> new LegId("server-" + legs.incrementAndGet()),
        UUID::randomUUID,
        new NobodyCounts(),
        blocking,
        Instant::now);
  }

  private Devices.Snapshot devices(AddressOfRecord subscriber) {
    if (subscriber.equals(ALICE)) {
      return new Devices.Snapshot(List.of(alicePhone), Map.of());
    }
    return bobIsLeftAlone
        ? new Devices.Snapshot(List.of(), Map.of(bobPhone.id(), A_MOMENT))
        : new Devices.Snapshot(List.of(bobPhone()), Map.of());
  }

  private static ServerConfiguration with(ServerConfiguration c, Retention retention) {
    SessionSettings s = c.session();
    return new ServerConfiguration(
        c.sip(),
        c.auth(),
        c.registrar(),
        c.msrp(),
        c.msrpTransports(),
        c.msrpRelays(),
        c.tls(),
        new SessionSettings(
            s.answerAfter(),
            s.ringFor(),
            s.unreachable(),
            s.linger(),
            retention,
            s.bye(),
            s.groupBye(),
            s.legacyDevices(),
            s.siblingInvite(),
            s.deliveryWindow(),
            s.dedupWindow(),
            s.deviceForgetAfter(),
            s.maxParticipants(),
            s.expires(),
            s.minExpires()),
        c.imdn(),
        c.storage(),
        c.operations(),
        c.runtime());
  }

  // ---- what devices do

  /// Alice's phone invites bob.
  LegId invite(ConversationHeaders headers) {
    LegId leg = new LegId("alice-" + legs.incrementAndGet());
    conversations.invited(
        new InboundInvitation(
            leg,
            alicePhone,
            Optional.empty(),
            new ToWhom.One(BOB),
            Optional.of(media(leg)),
            true,
            Optional.empty(),
            headers,
            Duration.ofMinutes(3),
            maxForwards,
            false));
    return leg;
  }

  /// Bob's device accepts what it was invited to, and binds.
  LegId accept() {
    LegId leg = hears(Said.Invited.class).leg();
    conversations.accepted(leg, media(leg), Optional.empty());
    conversations.bound(leg);
    return leg;
  }

  /// Both are in: alice's leg.
  LegId established() {
    LegId alice = invite(ConversationHeaders.NONE);
    bob = accept();
    hears(Said.Answered.class);
    conversations.bound(alice);
    return alice;
  }

  CompletableFuture<SubmitResult> send(LegId leg, String text) {
    CompletableFuture<SubmitResult> answer = new CompletableFuture<>();
    conversations.received(
        leg, text, "text/plain", Body.of(text.getBytes(StandardCharsets.UTF_8)), answer::complete);
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /// The device on this leg puts its line on hold, or takes it off.
  void directs(LegId leg, boolean receives) {
    conversations.directed(leg, receives);
  }

  /// The device on this leg has made a connection.
  void binds(LegId leg) {
    conversations.bound(leg);
  }

  /// The device on this leg has taken a copy.
  void takes(Said.Sent copy) {
    conversations.answered(copy.leg(), copy.sequence(), new DeliveryOutcome.Delivered());
  }

  /// Waits until nobody has this leg any more.
  void awaitGone(LegId leg) {
    hears(Said.Closed.class, closed -> closed.leg().equals(leg));
  }

  private Device bobPhone() {
    return new Device(bobPhone.id(), bobPhone.source(), bobsChannel, bobPhone.routes());
  }

  /// Alice's device sends bob a MESSAGE with Privacy.
  CompletableFuture<SubmitResult> pagesAnonymously(String text) {
    CompletableFuture<SubmitResult> answer = new CompletableFuture<>();
    conversations.message(
        alicePhone,
        new SipEvents.Addressee.One(BOB),
        ConversationHeaders.NONE,
        true,
        false,
        maxForwards,
        text,
        "text/plain",
        text.getBytes(StandardCharsets.UTF_8),
        answer::complete);
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  void bobIsReachable() {
    conversations.reachable(bobPhone());
  }

  void drops(LegId leg) {
    conversations.unbound(leg, "connection closed");
  }

  void bye(LegId leg, ByeReason reason) {
    conversations.bye(leg, reason);
  }

  /// Waits until everything that was told before has been done.
  SubmitResult barrier(LegId leg) {
    CompletableFuture<SubmitResult> answer = new CompletableFuture<>();
    conversations.probed(leg, answer::complete);
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /// The next thing of this kind that the server says; what it says before is passed over.
  <S extends Said> S hears(Class<S> kind) {
    return hears(kind, any -> true);
  }

  <S extends Said> S hears(Class<S> kind, Predicate<S> wanted) {
    try {
      for (Said next = next(); next != null; next = next()) {
        if (kind.isInstance(next) && wanted.test(kind.cast(next))) {
          return kind.cast(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("the server did not say " + kind.getSimpleName());
  }

  /// Everything that was said and not heard yet.
  List<Said> unheard() {
    return List.copyOf(heard);
  }

  private Said next() throws InterruptedException {
    return heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    conversations.close();
    blocking.close();
  }

  private static MsrpMedia media(LegId leg) {
    return new MsrpMedia(
        List.of("msrp://192.0.2.1:2000/" + leg.value() + ";tcp"),
        Setup.ACTIVE,
        9,
        List.of("text/plain", "message/cpim"),
        List.of("*"),
        Long.MAX_VALUE,
        true);
  }

  private static Device device(AddressOfRecord owner, String name) {
    DeviceRoute route =
        new DeviceRoute(
            "sip:" + name + "@192.0.2.1:5060",
            List.of(),
            Optional.of("tcp/192.0.2.1:5060/1"),
            0,
            Map.of(),
            Instant.MAX);
    return new Device(
        new DeviceId(owner, name), DeviceSource.REGISTER, ChannelKind.SESSION, List.of(route));
  }

  /// Takes whatever the chat says over SIP.
  private final class HeardSip implements SipSignalling {
    @Override
    public void invite(LegId leg, Invitation invitation) {
      heard.add(new Said.Invited(leg, invitation));
    }

    @Override
    public void ring(LegId leg) {
      heard.add(new Said.Rang(leg));
    }

    @Override
    public void answer(LegId leg, MsrpMedia media, String focus, ConversationHeaders headers) {
      heard.add(new Said.Answered(leg, headers));
    }

    @Override
    public void refuse(LegId leg, int status, String reason) {
      heard.add(new Said.Refused(leg, status));
    }

    @Override
    public void cancel(LegId leg, boolean answeredElsewhere) {
      heard.add(new Said.Cancelled(leg));
    }

    @Override
    public void bye(LegId leg, ByeReason reason) {
      heard.add(new Said.Ended(leg, reason));
    }

    @Override
    public void refresh(LegId leg, Duration expires) {
      heard.add(new Said.RefreshSent(leg, expires));
    }

    @Override
    public void page(
        LegId leg,
        Device device,
        AddressOfRecord from,
        String to,
        Optional<String> replyTo,
        int maxForwards,
        ConversationEffect.Deliver message) {
      heard.add(new Said.Paged(leg, message.sequence(), maxForwards));
    }
  }

  /// Takes whatever the chat sends over MSRP and does not answer it.
  private final class HeardMsrp implements MsrpSessions {
    @Override
    public MsrpEnd offer(LegId leg, Device device) {
      return new MsrpEnd(
          List.of("msrp://127.0.0.1:2855/" + leg.value() + ";tcp"), MsrpMedia.Carriage.PLAIN);
    }

    @Override
    public MsrpEnd answer(LegId leg, Device device, MsrpMedia offer) {
      return offer(leg, device);
    }

    @Override
    public void send(ConversationEffect.Deliver copy) {
      String body = new String(copy.body().whole(), StandardCharsets.UTF_8);
      heard.add(new Said.Sent(copy.leg(), copy.sequence(), body));
    }

    @Override
    public void expect(LegId leg, MsrpMedia ours) {}

    @Override
    public void start(
        LegId leg,
        AddressOfRecord subscriber,
        MsrpMedia peer,
        boolean connect,
        Optional<String> signalledFrom) {}

    @Override
    public void relay(ConversationEffect.Relay relay) {}

    @Override
    public void bind(LegId leg) {}

    @Override
    public void close(LegId leg) {
      heard.add(new Said.Closed(leg));
    }
  }

  /// Whoever one asks for is a subscriber.
  private static final class Everybody implements Subscribers {
    @Override
    public Optional<Subscriber> find(AddressOfRecord address) {
      return Optional.of(new Subscriber(address, Set.of()));
    }

    @Override
    public Optional<DigestCredential> credential(String username) {
      return Optional.empty();
    }
  }

  /// Counts are not looked at here.
  private static final class NobodyCounts implements ChatObserver {
    @Override
    public void counted(ConversationEffect.Counted what) {}

    @Override
    public void copySent() {}

    @Override
    public void copyAnswered(DeliveryOutcome outcome, Duration took) {}

    @Override
    public void outOfOrder() {
      throw new AssertionError("out of order");
    }

    @Override
    public void sessionStarted() {}

    @Override
    public void sessionEnded() {}
  }
}
