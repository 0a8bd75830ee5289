package io.continuo.server.runtime;

import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.BindingStore;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceEvents;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.server.registrar.Devices;
import io.continuo.server.registrar.KnownDevice;
import io.continuo.server.registrar.LearnedDevice;
import io.continuo.server.registrar.Publication;
import io.continuo.server.registrar.Registrar;
import io.continuo.server.registrar.Registration;
import io.continuo.server.registrar.Registration.Outcome;
import io.continuo.server.registrar.Registration.Outcome.Refused;
import io.continuo.server.registrar.Registrations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the [Registrar] on one thread of its own, keeps its bindings in a store and shows its
/// devices to every thread.
///
/// A REGISTER is answered when its bindings are stored; those that come while the store writes go
/// together into the next write. What cannot be written is answered 503 and it is as if it had not
/// come.
///
/// Threading: any thread may call. The registrar is touched by the thread `registrar` only, the
/// store by the thread `registrar-store` only. [DeviceEvents] and `then` are called on `registrar`
/// and must return at once.
public final class RegistrarService implements Registrations, Devices, AutoCloseable {
  /// Requests that wait for the registrar. One more REGISTER is refused with 503; of a request seen
  /// only the lifetime of its device is then not prolonged.
  static final int MAX_WAITING = 10_000;

  private static final Duration EXPIRY_TICK = Duration.ofSeconds(1);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final Logger log = LoggerFactory.getLogger(RegistrarService.class);

  private final RegistrarSettings settings;
  private final InstantSource time;
  private final Registrar registrar;
  private final BindingWriter writer;
  private final ScheduledExecutorService loop;
  private final AtomicInteger waiting = new AtomicInteger();

  /// Steps on the loop that may leave a device alone.
  private final AtomicInteger failuresWaiting = new AtomicInteger();

  private final Map<AddressOfRecord, List<KnownDevice>> published = new ConcurrentHashMap<>();
  private final FlowOwners flowOwners = new FlowOwners();
  private volatile DeviceEvents events = new Nobody();

  /// Restores what is stored and starts. Events go nowhere before [#announceTo].
  ///
  /// @throws StoreUnavailable when the stored bindings cannot be read
  public RegistrarService(RegistrarSettings settings, BindingStore store, InstantSource time)
      throws StoreUnavailable {
    this.settings = settings;
    this.time = time;
    this.registrar = new Registrar(settings);
    List<Publication> restored = registrar.restore(store.load(), time.instant());
    restored.forEach(this::show);
    this.loop =
        Executors.newSingleThreadScheduledExecutor(
            work -> Thread.ofPlatform().daemon().name("registrar").unstarted(work));
    this.writer = new BindingWriter(store, registrar, this::announce, this::post);
    loop.scheduleWithFixedDelay(
        guarded(this::expire),
        EXPIRY_TICK.toMillis(),
        EXPIRY_TICK.toMillis(),
        TimeUnit.MILLISECONDS);
    log.atInfo().addKeyValue("subscribers", restored.size()).log("registrar.restored");
  }

  /// Who is told of devices that come and go, from now on.
  public void announceTo(DeviceEvents listener) {
    events = listener;
  }

  @Override
  public void register(Registration registration, Consumer<Outcome> then) {
    if (!admit(() -> bind(registration, then))) {
      then.accept(unavailable("busy"));
    }
  }

  private void bind(Registration registration, Consumer<Outcome> then) {
    if (writer.accepts()) {
      writer.add(registrar.register(registration, time.instant()), then);
    } else {
      then.accept(unavailable("busy"));
    }
  }

  @Override
  public Device seen(
      AddressOfRecord subscriber,
      Registration.Contact contact,
      List<String> path,
      Optional<String> flow) {
    Instant now = time.instant();
    Optional<KnownDevice> known = LearnedDevice.match(known(subscriber, now), contact, flow);
    DeviceId id =
        known
            .map(one -> one.device().id())
            .orElseGet(() -> LearnedDevice.identity(subscriber, contact));
    Device learned =
        LearnedDevice.of(id, contact, path, flow, now.plus(settings.learnedLifetime()));
    if (known.filter(this::isNoNews).isEmpty()) {
      admit(() -> announce(registrar.seen(learned, time.instant())));
    }
    return known.filter(KnownDevice::registered).map(KnownDevice::device).orElse(learned);
  }

  /// Whether a request from this device tells the registrar nothing: it is registered, is not left
  /// alone, and nothing that waits will say otherwise.
  private boolean isNoNews(KnownDevice known) {
    return known.registered()
        && known.backoffUntil().equals(Instant.MIN)
        && failuresWaiting.get() == 0;
  }

  @Override
  public void attempted(DeviceId device, int status) {
    if (Registrar.judges(status)) {
      postFailure(() -> registrar.attempted(device, status, time.instant()));
    }
  }

  /// What may leave a device alone.
  private void postFailure(Supplier<Publication> step) {
    failuresWaiting.incrementAndGet();
    boolean taken =
        post(() -> {
          try {
            announce(step.get());
          } finally {
            failuresWaiting.decrementAndGet(); // when it is shown, so that nobody misses it
          }
        });
    if (!taken) {
      failuresWaiting.decrementAndGet();
    }
  }

  @Override
  public Optional<KnownDevice> known(AddressOfRecord subscriber, String instance) {
    return known(subscriber).stream()
        .filter(one -> one.device().id().instance().equals(instance))
        .findFirst();
  }

  @Override
  public void leaveAlone(DeviceId device, Duration time) {
    postFailure(() -> registrar.leaveAlone(device, this.time.instant().plus(time)));
  }

  /// Left out when the store is behind: the next request that is sent there tells again.
  @Override
  public void flowFailed(DeviceId device, String contact, List<String> path) {
    post(() -> {
      if (writer.accepts()) {
        writer.add(registrar.flowFailed(device, contact, path), nobodyAsks -> {});
      }
    });
  }

  @Override
  public Optional<AddressOfRecord> ownerOfFlow(String flow) {
    return flowOwners.ownerOf(flow, time.instant());
  }

  @Override
  public void flowClosed(String flow) {
    post(() -> registrar.flowClosed(flow).forEach(this::announce));
  }

  @Override
  public Snapshot now(AddressOfRecord subscriber) {
    Instant now = time.instant();
    List<Device> reachable = new ArrayList<>();
    Map<DeviceId, Duration> leftAlone = new HashMap<>();
    for (KnownDevice known : published.getOrDefault(subscriber, List.of())) {
      known
          .at(now)
          .ifPresent(device -> {
            if (known.backsOffAt(now)) {
              leftAlone.put(device.id(), Duration.between(now, known.backoffUntil()));
            } else {
              reachable.add(device);
            }
          });
    }
    return new Snapshot(reachable, leftAlone);
  }

  /// A source other than requests (PROVISIONED, PRESENCE) tells of a device. `then` gets false when
  /// the subscriber has as many devices as allowed. Any thread.
  public void provision(Device device, Consumer<Boolean> then) {
    post(() -> {
      Optional<Publication> done = registrar.provision(device, time.instant());
      done.ifPresent(this::announce);
      then.accept(done.isPresent());
    });
  }

  /// The source no longer tells of the device. Any thread.
  public void withdraw(DeviceSource source, DeviceId device) {
    post(() -> announce(registrar.withdraw(source, device)));
  }

  /// Devices that are registered now, of all subscribers; for a gauge. Any thread.
  public long registeredDevices() {
    Instant now = time.instant();
    return published.values().stream()
        .flatMap(List::stream)
        .filter(known -> known.registered() && known.at(now).isPresent())
        .count();
  }

  /// Every device of the subscriber, those that back off too; for an operator. Any thread.
  public List<KnownDevice> known(AddressOfRecord subscriber) {
    return known(subscriber, time.instant());
  }

  /// Ends what has expired by now, without waiting for the clock's next tick. Any thread.
  void expireNow() {
    post(this::expire);
  }

  /// Stores what was taken, answers it, and stops. What comes later is refused with 503.
  @Override
  public void close() {
    if (loop.isShutdown()) {
      return;
    }
    writer.close(CLOSE_WAIT);
    loop.shutdown();
    try {
      if (!loop.awaitTermination(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().addKeyValue("waiting", waiting.get()).log("registrar.close-timeout");
        loop.shutdownNow();
      }
    } catch (InterruptedException stop) {
      loop.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  static Refused unavailable(String warning) {
    return new Refused(SERVICE_UNAVAILABLE, Optional.of(warning), OptionalInt.empty());
  }

  private List<KnownDevice> known(AddressOfRecord subscriber, Instant now) {
    return published.getOrDefault(subscriber, List.of()).stream()
        .filter(known -> known.at(now).isPresent())
        .toList();
  }

  private void expire() {
    if (writer.accepts()) {
      registrar.expire(time.instant()).forEach(step -> writer.add(step, nobodyAsks -> {}));
    }
  }

  /// Shows it to every thread, then tells of it. On the loop.
  private void announce(Publication publication) {
    show(publication);
    publication.reachable().forEach(device -> events.reachable(device));
    publication.unreachable().forEach(device -> events.unreachable(device));
    publication
        .reachable()
        .forEach(
            device -> log.atDebug().addKeyValue("device", device.id()).log("device.reachable"));
    publication
        .unreachable()
        .forEach(device -> log.atDebug().addKeyValue("device", device).log("device.unreachable"));
  }

  private void show(Publication publication) {
    if (publication.devices().isEmpty()) {
      published.remove(publication.subscriber());
    } else {
      published.put(publication.subscriber(), publication.devices());
    }
    flowOwners.show(publication.subscriber(), publication.flows());
  }

  /// Runs it on the loop unless too much waits there.
  private boolean admit(Runnable work) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return false;
    }
    boolean taken =
        post(() -> {
          waiting.decrementAndGet();
          work.run();
        });
    if (!taken) {
      waiting.decrementAndGet();
    }
    return taken;
  }

  private boolean post(Runnable work) {
    try {
      loop.execute(guarded(work));
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  /// The loop's catch-all: a bug in one step must not end the loop.
  static Runnable guarded(Runnable work) {
    return () -> {
      try {
        work.run();
      } catch (RuntimeException bug) {
        log.atError().setCause(bug).log("registrar.step-failed");
      }
    };
  }

  /// Hears the events before anybody listens.
  private static final class Nobody implements DeviceEvents {
    @Override
    public void reachable(Device device) {}

    @Override
    public void unreachable(DeviceId device) {}
  }
}
