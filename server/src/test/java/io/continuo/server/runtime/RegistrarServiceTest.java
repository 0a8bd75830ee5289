package io.continuo.server.runtime;

import static io.continuo.server.registrar.RegisterRequest.contactOf;
import static io.continuo.server.registrar.RegisterRequest.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Binding;
import io.continuo.server.registrar.BindingChange;
import io.continuo.server.registrar.BindingRefused;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceEvents;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.KnownDevice;
import io.continuo.server.registrar.RegisterRequest;
import io.continuo.server.registrar.Registration.Outcome;
import io.continuo.server.registrar.Registration.Outcome.Bound;
import io.continuo.server.registrar.Registration.Outcome.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrarServiceTest {
  private static final AddressOfRecord ALICE = subscriber("alice");
  private static final AddressOfRecord BOB = subscriber("bob");
  private static final String FLOW = "tcp/192.0.2.1:40000/3";

  /// How long something that has to come is waited for, however slow the machine is.
  private static final int WAIT_SECONDS = 60;

  private final Rows store = new Rows();
  private final Told told = new Told();
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private RegistrarService service;

  @BeforeEach
  void start() throws StoreUnavailable {
    service = new RegistrarService(RegistrarSettings.DEFAULT, store, () -> now);
    service.announceTo(told);
  }

  @AfterEach
  void stop() {
    store.release(1_000_000);
    service.close();
  }

  @Test
  void aBindingIsStoredBeforeItIsAnsweredAndSeen() throws Exception {
    store.hold();
    CompletableFuture<Outcome> answer = register(phone());
    store.awaitWrite();

    assertThat(answer).isNotDone();
    assertThat(service.of(ALICE)).isEmpty();
    store.release(1);

    assertThat(answer.get(WAIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Bound.class);
    assertThat(service.of(ALICE)).hasSize(1);
    assertThat(told.next()).isEqualTo("reachable sip:alice@192.0.2.1");
  }

  @Test
  void registrationsThatComeDuringAWriteGoTogether() throws Exception {
    store.hold();
    List<CompletableFuture<Outcome>> answers = new ArrayList<>(List.of(register(phone())));
    store.awaitWrite();
    for (int i = 0; i < 50; i++) {
      answers.add(register(RegisterRequest.of("u" + i).contact("sip:u@192.0.2.1")));
    }
    barrier();
    store.release(2);

    for (CompletableFuture<Outcome> answer : answers) {
      assertThat(answer.get(WAIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Bound.class);
    }
    assertThat(store.writes).isEqualTo(2);
  }

  @Test
  void aFailedWriteIsAnswered503AndLeavesWhatWas() throws Exception {
    answer(register(phone()));
    store.failing = true;

    Refused refused =
        (Refused)
            answer(register(RegisterRequest.of("alice").call("t", 1).contact("sip:t@192.0.2.2")));

    assertThat(refused.status()).isEqualTo(503);
    store.failing = false;
    Bound bound = (Bound) answer(register(RegisterRequest.of("alice").call("q", 1)));
    assertThat(bound.contacts()).hasSize(1);
    assertThat(service.of(ALICE)).hasSize(1);
  }

  @Test
  void whatWasJudgedByAFailedWriteFailsWithIt() throws Exception {
    store.hold();
    store.failing = true;
    CompletableFuture<Outcome> first = register(phone());
    store.awaitWrite();
    CompletableFuture<Outcome> second =
        register(RegisterRequest.of("alice").call("call-1", 2).contact("sip:alice@192.0.2.1"));
    CompletableFuture<Outcome> other = register(RegisterRequest.of("bob").contact("sip:b@x"));
    barrier();
    store.failing = false;
    store.failNext = true;
    store.release(2);

    assertThat(answer(first)).isInstanceOf(Refused.class);
    assertThat(answer(second)).isInstanceOf(Refused.class);
    assertThat(answer(other)).isInstanceOf(Bound.class);
    assertThat(store.rows.values()).extracting(b -> b.device().owner()).containsExactly(BOB);
  }

  @Test
  void whatTheStoreRefusesFailsNobodyElseInItsWrite() throws Exception {
    store.hold();
    List<CompletableFuture<Outcome>> answers = new ArrayList<>(List.of(register(phone())));
    store.awaitWrite();
    store.unstorable = "sip:too-long@x";
    for (int i = 0; i < 20; i++) {
      answers.add(register(RegisterRequest.of("u" + i).contact("sip:u@192.0.2.1")));
    }
    CompletableFuture<Outcome> refused =
        register(RegisterRequest.of("bob").contact("sip:too-long@x"));
    CompletableFuture<Outcome> behind =
        register(RegisterRequest.of("bob").call("q", 1).contact("sip:b@x"));
    answers.add(register(RegisterRequest.of("last").contact("sip:last@x")));
    barrier();
    store.release(1_000);

    for (CompletableFuture<Outcome> answer : answers) {
      assertThat(answer(answer)).isInstanceOf(Bound.class);
    }
    assertThat(((Refused) answer(refused)).status()).isEqualTo(503);
    assertThat(((Refused) answer(behind)).status()).isEqualTo(503);
    assertThat(store.rows).hasSize(22);
    assertThat(service.of(BOB)).isEmpty();
    assertThat(((Bound) answer(register(RegisterRequest.of("bob").call("r", 1)))).contacts())
        .isEmpty();
  }

  @Test
  void aStepBeforeTheRefusedOneIsKept() throws Exception {
    store.hold();
    CompletableFuture<Outcome> other = register(phone());
    store.awaitWrite();
    store.unstorable = "sip:too-long@x";
    CompletableFuture<Outcome> good =
        register(RegisterRequest.of("bob").call("a", 1).contact("sip:b@x"));
    CompletableFuture<Outcome> refused =
        register(RegisterRequest.of("bob").call("b", 1).contact("sip:too-long@x"));
    barrier();
    store.release(1_000);

    assertThat(answer(other)).isInstanceOf(Bound.class);
    assertThat(answer(good)).isInstanceOf(Bound.class);
    assertThat(answer(refused)).isInstanceOf(Refused.class);
    assertThat(service.of(BOB)).hasSize(1);
    assertThat(((Bound) answer(register(RegisterRequest.of("bob").call("r", 1)))).contacts())
        .hasSize(1);
  }

  @Test
  void aStoreThatIsDownIsAskedOnceForAllThatWait() throws Exception {
    store.hold();
    List<CompletableFuture<Outcome>> answers = new ArrayList<>(List.of(register(phone())));
    store.awaitWrite();
    store.failing = true;
    for (int i = 0; i < 50; i++) {
      answers.add(register(RegisterRequest.of("u" + i).contact("sip:u@192.0.2.1")));
    }
    barrier();
    store.release(1_000);

    for (CompletableFuture<Outcome> answer : answers) {
      assertThat(((Refused) answer(answer)).status()).isEqualTo(503);
    }
    assertThat(store.writes).isEqualTo(2);
    assertThat(service.registeredDevices()).isZero();
  }

  @Test
  void bindingsSurviveARestartWithoutTheirFlows() throws Exception {
    answer(register(phone().over(FLOW)));
    assertThat(service.ownerOfFlow(FLOW)).contains(ALICE);
    service.close();

    start();

    assertThat(service.of(ALICE)).hasSize(1);
    assertThat(service.of(ALICE).getFirst().route().flow()).isEmpty();
    assertThat(service.ownerOfFlow(FLOW)).isEmpty();
    assertThat(told.next()).startsWith("reachable");
    assertThat(told.isSilent()).isTrue();
  }

  @Test
  void aDeviceExpiresByTheClockEvenBeforeItIsSweptAway() throws Exception {
    answer(register(phone().expires(60).over(FLOW)));
    told.next();
    now = now.plusSeconds(60);

    assertThat(service.of(ALICE)).isEmpty();
    assertThat(service.ownerOfFlow(FLOW)).isEmpty();

    service.expireNow();
    assertThat(told.next()).isEqualTo("unreachable sip:alice@192.0.2.1");
    barrier();
    assertThat(store.rows).isEmpty();
  }

  @Test
  void aClosedFlowHasNoOwner() throws Exception {
    answer(register(phone().over(FLOW)));

    service.flowClosed(FLOW);
    barrier();

    assertThat(service.ownerOfFlow(FLOW)).isEmpty();
    assertThat(service.of(ALICE).getFirst().route().flow()).isEmpty();
  }

  @Test
  void aFlowOfTwoSubscribersProvesNobody() throws Exception {
    answer(register(phone().over(FLOW)));
    answer(register(RegisterRequest.of("bob").contact("sip:bob@192.0.2.1").over(FLOW)));

    assertThat(service.ownerOfFlow(FLOW)).isEmpty();
    answer(register(RegisterRequest.of("bob").call("x", 1).star().expires(0)));
    assertThat(service.ownerOfFlow(FLOW)).contains(ALICE);
  }

  @Test
  void aRequestSeenMakesItsDeviceKnown() throws Exception {
    Device learned =
        service.seen(ALICE, contactOf("sip:alice@192.0.2.7"), List.of(), Optional.empty());

    assertThat(learned.source()).isEqualTo(DeviceSource.LEARNED);
    assertThat(told.next()).isEqualTo("reachable sip:alice@192.0.2.7");
    assertThat(service.of(ALICE)).containsExactly(learned);
  }

  @Test
  void aRequestOverTheFlowOfARegisteredDeviceIsThatDevice() throws Exception {
    answer(register(phone().over(FLOW)));

    Device seen =
        service.seen(ALICE, contactOf("sip:alice@10.0.0.1"), List.of(), Optional.of(FLOW));
    barrier();

    assertThat(seen).isEqualTo(service.of(ALICE).getFirst());
    assertThat(service.of(ALICE)).hasSize(1);
  }

  @Test
  void aDeviceThatBacksOffIsLeftOutUntilItsTimeIsOver() throws Exception {
    answer(register(phone()));
    DeviceId id = service.of(ALICE).getFirst().id();

    service.attempted(id, 408);
    barrier();
    Duration backoff = RegistrarSettings.DEFAULT.inviteBackoff();
    assertThat(service.now(ALICE).reachable()).isEmpty();
    assertThat(service.now(ALICE).leftAlone()).containsExactly(Map.entry(id, backoff));

    now = now.plus(backoff);
    assertThat(service.now(ALICE).reachable()).hasSize(1);
    assertThat(service.now(ALICE).leftAlone()).isEmpty();
  }

  @Test
  void aDeviceThatIsLeftAloneIsBackWithItsNextRequest() throws Exception {
    answer(register(phone().over(FLOW)));
    DeviceId id = service.of(ALICE).getFirst().id();
    service.leaveAlone(id, Duration.ofHours(1));
    barrier();

    service.seen(ALICE, contactOf("sip:alice@10.0.0.1"), List.of(), Optional.of(FLOW));
    barrier();

    assertThat(service.of(ALICE)).hasSize(1);
  }

  /// The failure waits on the loop when the request comes, which must not be taken for no news.
  @Test
  void aRequestRightBehindAFailureEndsTheBackOff() throws Exception {
    answer(register(phone().over(FLOW)));
    DeviceId id = service.of(ALICE).getFirst().id();
    CountDownLatch held = new CountDownLatch(1);
    service.provision(landline(BOB), _ -> await(held));

    service.attempted(id, 408);
    service.seen(ALICE, contactOf("sip:alice@10.0.0.1"), List.of(), Optional.of(FLOW));
    held.countDown();
    barrier();

    assertThat(service.of(ALICE)).hasSize(1);
  }

  @Test
  void anAnswerThatSaysNothingOfTheDeviceChangesNothing() throws Exception {
    answer(register(phone()));
    DeviceId id = service.of(ALICE).getFirst().id();
    List<KnownDevice> shown = service.known(ALICE);

    for (int status : List.of(200, 202, 415, 486, 500, 603)) {
      service.attempted(id, status);
    }
    barrier();

    assertThat(service.known(ALICE)).isEqualTo(shown);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aProvisionedDeviceIsThereUntilItIsWithdrawn() throws Exception {
    Device landline = landline(ALICE);
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    service.provision(landline, taken::complete);

    assertThat(taken.get(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(service.of(ALICE)).containsExactly(landline);
    service.withdraw(DeviceSource.PROVISIONED, landline.id());
    barrier();
    assertThat(service.of(ALICE)).isEmpty();
  }

  @Test
  void whatWasTakenBeforeTheCloseIsAnsweredAndLaterOnesAreRefused() throws Exception {
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(register(RegisterRequest.of("u" + i).contact("sip:u@192.0.2.1")));
    }

    service.close();

    for (CompletableFuture<Outcome> answer : answers) {
      assertThat(answer.get(WAIT_SECONDS, TimeUnit.SECONDS)).isInstanceOf(Bound.class);
    }
    assertThat(store.rows).hasSize(200);
    assertThat(answer(register(phone()))).isInstanceOf(Refused.class);
  }

  @Test
  void aListenerThatFailsCostsNobodyTheAnswer() throws Exception {
    service.announceTo(new Failing());

    assertThat(answer(register(RegisterRequest.of("bob").contact("sip:bob@x"))))
        .isInstanceOf(Bound.class);
    service.announceTo(told);

    assertThat(answer(register(phone()))).isInstanceOf(Bound.class);
  }

  private static RegisterRequest phone() {
    return RegisterRequest.of("alice").contact("sip:alice@192.0.2.1");
  }

  private static Device landline(AddressOfRecord owner) {
    DeviceRoute route =
        new DeviceRoute("tel:+15550100001", List.of(), Optional.empty(), 0, Map.of(), Instant.MAX);
    return new Device(
        new DeviceId(owner, "tel:+15550100001"),
        DeviceSource.PROVISIONED,
        io.continuo.server.registrar.ChannelKind.PAGER,
        List.of(route));
  }

  private CompletableFuture<Outcome> register(RegisterRequest request) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    service.register(request.build(), answer::complete);
    return answer;
  }

  private static Outcome answer(CompletableFuture<Outcome> answer) throws Exception {
    return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// Everything handed in before has passed the loop.
  private void barrier() throws Exception {
    CompletableFuture<Boolean> passed = new CompletableFuture<>();
    service.provision(landline(subscriber("barrier")), passed::complete);
    passed.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /// A store in memory that can be held and made to fail.
  private static final class Rows implements BindingStore {
    private final Map<String, Binding> rows = new LinkedHashMap<>();
    private final Semaphore gate = new Semaphore(1_000_000);
    private final Semaphore arrived = new Semaphore(0);
    private volatile boolean failing;
    private volatile boolean failNext;
    private volatile String unstorable = "";
    private volatile int writes;

    void hold() {
      gate.drainPermits();
    }

    void release(int count) {
      gate.release(count);
    }

    void awaitWrite() throws InterruptedException {
      assertThat(arrived.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public List<Binding> load() {
      return rows.values().stream().map(Rows::withoutFlow).toList();
    }

    @Override
    public void write(Collection<BindingChange> batch) throws StoreUnavailable, BindingRefused {
      arrived.release();
      gate.acquireUninterruptibly();
      writes++;
      if (failing || failNext) {
        failNext = false;
        throw new StoreUnavailable("disk full");
      }
      for (BindingChange change : batch) {
        if (change instanceof BindingChange.Put(Binding put) && put.contact().equals(unstorable)) {
          throw new BindingRefused("too long", new IllegalArgumentException(unstorable));
        }
      }
      for (BindingChange change : batch) {
        switch (change) {
          case BindingChange.Put(Binding binding) ->
              rows.put(binding.device().owner() + " " + binding.source() + binding.name(), binding);
          case BindingChange.Remove(AddressOfRecord owner, DeviceSource source, String name) ->
              rows.remove(owner + " " + source + name);
        }
      }
    }

    private static Binding withoutFlow(Binding b) {
      return new Binding(
          b.device(),
          b.source(),
          b.contact(),
          b.parameters(),
          b.callId(),
          b.cseq(),
          b.path(),
          Optional.empty(),
          b.since(),
          b.updated(),
          b.expires());
    }
  }

  private static final class Told implements DeviceEvents {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void reachable(Device device) {
      events.add("reachable " + device.id().instance());
    }

    @Override
    public void unreachable(DeviceId device) {
      events.add("unreachable " + device.instance());
    }

    String next() throws InterruptedException {
      String event = events.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(event).isNotNull();
      return event;
    }

    boolean isSilent() {
      return events.isEmpty();
    }
  }

  private static final class Failing implements DeviceEvents {
    @Override
    public void reachable(Device device) {
      throw new IllegalStateException("a bug of the listener");
    }

    @Override
    public void unreachable(DeviceId device) {
      throw new IllegalStateException("a bug of the listener");
    }
  }
}
