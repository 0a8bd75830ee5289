package io.continuo.server.registrar;

import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/// Which devices every subscriber has, from every source: REGISTER (RFC 3261 §10), third-party
/// REGISTER, requests seen, presence, provisioning. A device that several sources tell of is one.
///
/// Bindings change in two steps, for an answer must not promise what is not stored: [#register] and
/// [#expire] apply a step to the bindings that the next REGISTER is judged by, and [#commit] shows
/// it to everybody once its changes are stored, or [#undo] takes it back. Steps of a subscriber are
/// committed in their order. What other sources tell is shown at once.
///
/// Threading: the registrar's loop only.
public final class Registrar {
  /// Names of closed flows that are remembered, for a REGISTER that is worked on after its
  /// connection was closed.
  private static final int CLOSED_FLOWS = 4096;

  private static final int NOT_FOUND = 404;
  private static final int TIMEOUT = 408;
  private static final int GONE = 410;
  private static final int UNAVAILABLE = 480;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final RegistrarSettings settings;
  private final RegisterRules rules;
  private final Map<AddressOfRecord, DeviceBook> books = new HashMap<>();
  private final Map<String, Set<AddressOfRecord>> openFlows = new HashMap<>();
  private final Set<String> closedFlows = new LinkedHashSet<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
  private final Map<AddressOfRecord, Instant> dueAt = new HashMap<>();

  public Registrar(RegistrarSettings settings) {
    this.settings = settings;
    this.rules = new RegisterRules(settings);
  }

  /// Takes the stored bindings, once, before anything else. Expired ones are left out; flows named
  /// connections of another process.
  public List<Publication> restore(Collection<Binding> stored, Instant now) {
    Map<AddressOfRecord, List<Binding>> bySubscriber = new HashMap<>();
    stored.stream()
        .filter(binding -> binding.liveAt(now))
        .sorted(Comparator.comparing(Binding::since))
        .forEach(
            b -> bySubscriber.computeIfAbsent(b.device().owner(), any -> new ArrayList<>()).add(b));
    return bySubscriber.entrySet().stream()
        .map(entry -> restored(entry.getKey(), entry.getValue()))
        .toList();
  }

  private Publication restored(AddressOfRecord subscriber, List<Binding> bindings) {
    keep(subscriber, DeviceBook.EMPTY.withBindings(bindings).withCommitted(bindings));
    Publication all = publish(subscriber, Set.of());
    return new Publication(subscriber, all.devices(), Map.of(), List.of(), List.of());
  }

  /// Works a REGISTER through (RFC 3261 §10.3). Nothing is seen of it before [#commit].
  public RegisterStep register(Registration registration, Instant now) {
    DeviceBook book = book(registration.subscriber());
    registration.flow().ifPresent(flow -> open(flow, registration.subscriber()));
    RegisterStep step = rules.apply(book.bindings(), book.devices(false), registration, now);
    DeviceBook next = book.withBindings(step.after());
    keep(registration.subscriber(), next);
    registration
        .flow()
        .filter(flow -> !next.refersTo(flow))
        .ifPresent(flow -> abandon(flow, registration.subscriber()));
    return step;
  }

  /// The step is stored: everybody may see it.
  public Publication commit(RegisterStep step) {
    DeviceBook book =
        book(step.subscriber()).withCommitted(step.after()).reached(step.registered());
    return publish(step.subscriber(), book.withinLimit(settings.maxDevices()), step.renewed());
  }

  /// A step could not be stored: the subscriber's bindings are again what was committed. The caller
  /// refuses every later step of the same subscriber that waits.
  public void undo(AddressOfRecord subscriber) {
    keep(subscriber, book(subscriber).withBindings(book(subscriber).committed()));
  }

  /// Ends what has expired: a step for each subscriber, to be stored and committed.
  public List<RegisterStep> expire(Instant now) {
    List<RegisterStep> steps = new ArrayList<>();
    while (!due.isEmpty() && !due.peek().at().isAfter(now)) {
      Due next = due.remove();
      if (dueAt.remove(next.subscriber(), next.at())) {
        steps.add(expire(next.subscriber(), now));
      }
    }
    return steps;
  }

  private RegisterStep expire(AddressOfRecord subscriber, Instant now) {
    DeviceBook book = book(subscriber);
    BindingDraft draft = new BindingDraft(book.bindings());
    draft.removeIf(binding -> !binding.liveAt(now));
    List<ToldDevice> told = book.told().stream().filter(one -> one.liveAt(now)).toList();
    keep(subscriber, book.withBindings(draft.after()).withTold(told));
    Registration.Outcome nobodyAsks = new Registration.Outcome.Bound(List.of());
    return new RegisterStep(subscriber, nobodyAsks, draft.changes(), draft.after(), Set.of());
  }

  /// The device asked for it.
  public Publication leaveAlone(DeviceId device, Instant until) {
    DeviceBook book = book(device.owner());
    if (book.devices(true).contains(device)) {
      keep(device.owner(), book.backingOff(device, until));
    }
    return publish(device.owner(), Set.of());
  }

  /// The flow behind a proxy is gone: a step without the bindings that name it (RFC 5626 §5.3).
  ///
  /// @param path values of Path, as registered
  public RegisterStep flowFailed(DeviceId device, String contact, List<String> path) {
    DeviceBook book = book(device.owner());
    BindingDraft draft = new BindingDraft(book.bindings());
    draft.removeIf(binding ->
        binding.device().equals(device)
            && binding.regId() != 0
            && binding.contact().equals(contact)
            && binding.path().equals(path));
    keep(device.owner(), book.withBindings(draft.after()));
    return new RegisterStep(
        device.owner(),
        new Registration.Outcome.Bound(List.of()),
        draft.changes(),
        draft.after(),
        Set.of());
  }

  /// An authenticated request came from this device: it no longer backs off, and is known until its
  /// route ends when it is not registered.
  ///
  /// @param device as [LearnedDevice#of] made it
  public Publication seen(Device device, Instant now) {
    AddressOfRecord subscriber = device.id().owner();
    DeviceBook book = book(subscriber).reached(Set.of(device.id()));
    if (!book.isRegistered(device.id())) {
      device.routes().forEach(r -> r.flow().ifPresent(flow -> open(flow, subscriber)));
      book = book.withTold(device, now).withinLimit(settings.maxDevices());
    }
    keep(subscriber, book);
    return publish(subscriber, Set.of());
  }

  /// A source that is not a request (`PROVISIONED`, `PRESENCE`) tells of a device. Empty when the
  /// subscriber has as many devices as allowed.
  public Optional<Publication> provision(Device device, Instant now) {
    AddressOfRecord subscriber = device.id().owner();
    Set<DeviceId> devices = new HashSet<>(book(subscriber).devices(false));
    if (devices.add(device.id()) && devices.size() > settings.maxDevices()) {
      return Optional.empty();
    }
    DeviceBook book = book(subscriber).withTold(device, now);
    keep(subscriber, book.withinLimit(settings.maxDevices()));
    return Optional.of(publish(subscriber, Set.of()));
  }

  /// The source no longer tells of the device.
  public Publication withdraw(DeviceSource source, DeviceId device) {
    keep(device.owner(), book(device.owner()).withoutTold(source, device));
    return publish(device.owner(), Set.of());
  }

  /// Whether this answer to an INVITE or MESSAGE changes what is known of a device.
  public static boolean judges(int status) {
    return switch (status) {
      case NOT_FOUND, TIMEOUT, GONE, UNAVAILABLE, SERVICE_UNAVAILABLE -> true;
      default -> false;
    };
  }

  /// An INVITE or MESSAGE to the device ended so.
  public Publication attempted(DeviceId device, int status, Instant now) {
    DeviceBook book = book(device.owner());
    keep(
        device.owner(),
        switch (status) {
          case NOT_FOUND, GONE -> book.withoutTold(DeviceSource.LEARNED, device);
          case TIMEOUT, UNAVAILABLE, SERVICE_UNAVAILABLE -> backingOff(book, device, now);
          default -> book;
        });
    return publish(device.owner(), Set.of());
  }

  /// A connection is gone: no route names it any more.
  public List<Publication> flowClosed(String flow) {
    closedFlows.add(flow);
    if (closedFlows.size() > CLOSED_FLOWS) {
      closedFlows.remove(closedFlows.iterator().next());
    }
    Set<AddressOfRecord> users = openFlows.getOrDefault(flow, Set.of());
    openFlows.remove(flow);
    return users.stream().map(user -> publish(user, Set.of())).toList();
  }

  private DeviceBook backingOff(DeviceBook book, DeviceId device, Instant now) {
    return book.devices(true).contains(device)
        ? book.backingOff(device, now.plus(settings.inviteBackoff()))
        : book;
  }

  private DeviceBook book(AddressOfRecord subscriber) {
    return books.getOrDefault(subscriber, DeviceBook.EMPTY);
  }

  private void open(String flow, AddressOfRecord subscriber) {
    if (!closedFlows.contains(flow)) {
      openFlows.computeIfAbsent(flow, any -> new LinkedHashSet<>()).add(subscriber);
    }
  }

  private boolean isOpen(String flow, AddressOfRecord subscriber) {
    return openFlows.getOrDefault(flow, Set.of()).contains(subscriber);
  }

  private void keep(AddressOfRecord subscriber, DeviceBook next) {
    DeviceBook before = book(subscriber);
    if (next.isEmpty()) {
      books.remove(subscriber);
    } else {
      books.put(subscriber, next);
    }
    if (!next.holdsWhat(before)) {
      before.flowsNotIn(next).forEach(flow -> abandon(flow, subscriber));
      next.nextEnd().ifPresent(end -> remind(subscriber, end));
    }
  }

  private void abandon(String flow, AddressOfRecord subscriber) {
    openFlows.computeIfPresent(
        flow,
        (name, users) -> {
          users.remove(subscriber);
          return users.isEmpty() ? null : users;
        });
  }

  /// One reminder for each subscriber, at the earliest end of anything it has.
  private void remind(AddressOfRecord subscriber, Instant end) {
    Instant planned = dueAt.get(subscriber);
    if (end.isBefore(Instant.MAX) && (planned == null || end.isBefore(planned))) {
      dueAt.put(subscriber, end);
      due.add(new Due(end, subscriber));
    }
  }

  private Publication publish(AddressOfRecord subscriber, Set<DeviceId> renewed) {
    return publish(subscriber, book(subscriber), renewed);
  }

  /// Keeps the book and shows it.
  private Publication publish(AddressOfRecord subscriber, DeviceBook book, Set<DeviceId> renewed) {
    List<KnownDevice> devices = book.devices(flow -> isOpen(flow, subscriber));
    Set<DeviceId> before = ids(book.published());
    Set<DeviceId> after = ids(devices);
    List<Device> reachable =
        devices.stream()
            .map(KnownDevice::device)
            .filter(d -> renewed.contains(d.id()) || !before.contains(d.id()))
            .toList();
    List<DeviceId> gone = before.stream().filter(id -> !after.contains(id)).toList();
    keep(subscriber, book.reached(Set.copyOf(gone)).withPublished(devices));
    return new Publication(subscriber, devices, registeredFlows(book, subscriber), reachable, gone);
  }

  private Map<String, Instant> registeredFlows(DeviceBook book, AddressOfRecord subscriber) {
    Map<String, Instant> flows = new HashMap<>();
    for (Binding binding : book.committed()) {
      binding
          .flow()
          .filter(flow -> isOpen(flow, subscriber))
          .ifPresent(flow -> flows.merge(flow, binding.expires(), Registrar::later));
    }
    return flows;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Set<DeviceId> ids(List<KnownDevice> devices) {
    Set<DeviceId> ids = new LinkedHashSet<>();
    devices.forEach(known -> ids.add(known.device().id()));
    return ids;
  }

  private record Due(Instant at, AddressOfRecord subscriber) {}
}
