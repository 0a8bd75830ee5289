package io.continuo.server.registrar;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// All that is known of one subscriber's devices. A value: each event makes a new one.
///
/// @param bindings the bindings with all steps that wait for the store
/// @param committed the bindings that are stored: what everybody else sees
/// @param told devices from sources that are not stored here
/// @param backoff devices that could not be reached, and until when they are left alone
/// @param published the devices as last published
record DeviceBook(
    List<Binding> bindings,
    List<Binding> committed,
    List<ToldDevice> told,
    Map<DeviceId, Instant> backoff,
    List<KnownDevice> published) {
  static final DeviceBook EMPTY =
      new DeviceBook(List.of(), List.of(), List.of(), Map.of(), List.of());

  private static final Comparator<Map.Entry<DeviceId, Instant>> BY_AGE =
      Map.Entry.<DeviceId, Instant>comparingByValue()
          .thenComparing(entry -> entry.getKey().instance());
  private static final Comparator<Binding> BEST_FIRST =
      Comparator.comparing(Binding::source)
          .thenComparing(Binding::updated, Comparator.reverseOrder());

  DeviceBook {
    bindings = List.copyOf(bindings);
    committed = List.copyOf(committed);
    told = List.copyOf(told);
    backoff = Map.copyOf(backoff);
    published = List.copyOf(published);
  }

  DeviceBook withBindings(List<Binding> next) {
    return new DeviceBook(next, committed, told, backoff, published);
  }

  DeviceBook withCommitted(List<Binding> next) {
    return new DeviceBook(bindings, next, told, backoff, published);
  }

  DeviceBook withPublished(List<KnownDevice> next) {
    return new DeviceBook(bindings, committed, told, backoff, next);
  }

  /// Puts a device its source tells of, over what the same source told of it before.
  DeviceBook withTold(Device device, Instant now) {
    List<ToldDevice> next = new ArrayList<>(told);
    Predicate<ToldDevice> same = isTold(device.source(), device.id());
    Instant since = next.stream().filter(same).map(ToldDevice::since).findFirst().orElse(now);
    next.removeIf(same);
    next.add(new ToldDevice(device, since));
    return withTold(next);
  }

  DeviceBook withoutTold(DeviceSource source, DeviceId device) {
    return withTold(told.stream().filter(isTold(source, device).negate()).toList());
  }

  DeviceBook withTold(List<ToldDevice> next) {
    return new DeviceBook(bindings, committed, next, backoff, published);
  }

  DeviceBook backingOff(DeviceId device, Instant until) {
    Map<DeviceId, Instant> next = new HashMap<>(backoff);
    next.put(device, until);
    return new DeviceBook(bindings, committed, told, next, published);
  }

  DeviceBook reached(Set<DeviceId> devices) {
    if (devices.stream().noneMatch(backoff::containsKey)) {
      return this;
    }
    Map<DeviceId, Instant> next = new HashMap<>(backoff);
    next.keySet().removeAll(devices);
    return new DeviceBook(bindings, committed, told, next, published);
  }

  boolean isEmpty() {
    return bindings.isEmpty() && committed.isEmpty() && told.isEmpty() && published.isEmpty();
  }

  boolean isRegistered(DeviceId device) {
    for (Binding binding : committed) {
      if (binding.source() == DeviceSource.REGISTER && binding.device().equals(device)) {
        return true;
      }
    }
    return false;
  }

  /// Every device, whether its step is stored or not, learned ones only when `learnedToo`.
  Set<DeviceId> devices(boolean learnedToo) {
    Set<DeviceId> devices = new HashSet<>();
    bindings.forEach(binding -> devices.add(binding.device()));
    told.stream()
        .filter(one -> learnedToo || !one.isToldBy(DeviceSource.LEARNED))
        .forEach(one -> devices.add(one.device().id()));
    return devices;
  }

  /// Forgets learned devices, the one that ends first before the others, while there are more than
  /// `limit` devices: what a device says of itself by REGISTER counts more.
  DeviceBook withinLimit(int limit) {
    if (bindings.size() + told.size() <= limit) {
      return this;
    }
    DeviceBook book = this;
    while (book.devices(true).size() > limit) {
      Optional<ToldDevice> first =
          book.told.stream()
              .filter(one -> one.isToldBy(DeviceSource.LEARNED))
              .filter(one -> !isRegistered(one.device().id()))
              .min(Comparator.comparing(ToldDevice::expires));
      if (first.isEmpty()) {
        return book;
      }
      book = book.withoutTold(DeviceSource.LEARNED, first.get().device().id());
    }
    return book;
  }

  /// When the next thing in it ends.
  Optional<Instant> nextEnd() {
    Instant next = null;
    for (Binding binding : bindings) {
      next = next == null ? binding.expires() : earlier(next, binding.expires());
    }
    for (ToldDevice one : told) {
      next = next == null ? one.expires() : earlier(next, one.expires());
    }
    return Optional.ofNullable(next);
  }

  /// Whether it knows the same bindings and devices as another: the very same, so that a look is
  /// cheap.
  boolean holdsWhat(DeviceBook other) {
    return bindings == other.bindings && committed == other.committed && told == other.told;
  }

  /// Whether anything in it names this flow.
  boolean refersTo(String flow) {
    return names(bindings, flow)
        || names(committed, flow)
        || told.stream()
            .flatMap(one -> one.device().routes().stream())
            .anyMatch(route -> route.flow().filter(flow::equals).isPresent());
  }

  private static boolean names(List<Binding> bindings, String flow) {
    for (Binding binding : bindings) {
      if (binding.flow().isPresent() && binding.flow().get().equals(flow)) {
        return true;
      }
    }
    return false;
  }

  /// Flows that it refers to and another does not.
  Set<String> flowsNotIn(DeviceBook other) {
    Set<String> flows = new HashSet<>();
    bindings.forEach(binding -> binding.flow().ifPresent(flows::add));
    committed.forEach(binding -> binding.flow().ifPresent(flows::add));
    told.forEach(one -> one.device().routes().forEach(route -> route.flow().ifPresent(flows::add)));
    flows.removeIf(other::refersTo);
    return flows;
  }

  /// The devices as others may see them, in the order they were first known.
  ///
  /// @param open whether a flow can still carry something
  List<KnownDevice> devices(Predicate<String> open) {
    Map<DeviceId, Instant> since = new HashMap<>();
    committed.forEach(b -> since.merge(b.device(), b.since(), DeviceBook::earlier));
    told.forEach(t -> since.merge(t.device().id(), t.since(), DeviceBook::earlier));
    List<Map.Entry<DeviceId, Instant>> inOrder = new ArrayList<>(since.entrySet());
    inOrder.sort(BY_AGE);
    List<KnownDevice> devices = new ArrayList<>(inOrder.size());
    inOrder.forEach(entry -> devices.add(known(entry.getKey(), entry.getValue(), open)));
    return devices;
  }

  private KnownDevice known(DeviceId id, Instant since, Predicate<String> open) {
    List<Binding> bound = new ArrayList<>(RegisterRules.MAX_ROUTES);
    Set<String> calls = new HashSet<>();
    for (Binding binding : committed) {
      if (binding.device().equals(id)) {
        bound.add(binding);
        calls.add(binding.callId());
      }
    }
    bound.sort(BEST_FIRST);
    List<ToldDevice> also =
        told.isEmpty() ? told : told.stream().filter(one -> one.device().id().equals(id)).toList();
    List<DeviceRoute> routes = routes(bound, also, open);
    Device device =
        new Device(id, source(bound, also, since), channel(bound, routes, also), routes);
    return new KnownDevice(device, isRegistered(id), calls, backoff.getOrDefault(id, Instant.MIN));
  }

  private static List<DeviceRoute> routes(
      List<Binding> bound, List<ToldDevice> also, Predicate<String> open) {
    List<DeviceRoute> routes = new ArrayList<>(bound.size() + also.size());
    bound.forEach(binding -> routes.add(route(binding, open)));
    for (ToldDevice one : also) {
      for (DeviceRoute route : one.device().routes()) {
        if (bound.stream().noneMatch(b -> ContactUri.same(b.contact(), route.contact()))) {
          routes.add(withOpenFlow(route, open));
        }
      }
    }
    return routes;
  }

  private static DeviceRoute route(Binding binding, Predicate<String> open) {
    return new DeviceRoute(
        binding.contact(),
        binding.path(),
        binding.flow().filter(open),
        binding.regId(),
        ContactFeatures.features(binding.parameters()),
        binding.expires());
  }

  private static DeviceRoute withOpenFlow(DeviceRoute route, Predicate<String> open) {
    return new DeviceRoute(
        route.contact(),
        route.path(),
        route.flow().filter(open),
        route.regId(),
        route.features(),
        route.expires());
  }

  /// @param routes those of the bindings first
  private static ChannelKind channel(
      List<Binding> bound, List<DeviceRoute> routes, List<ToldDevice> also) {
    return bound.isEmpty()
        ? also.getFirst().device().channel()
        : ContactFeatures.channel(routes.getFirst().features());
  }

  private static DeviceSource source(List<Binding> bound, List<ToldDevice> also, Instant since) {
    for (Binding binding : bound) {
      if (binding.since().equals(since)) {
        return binding.source();
      }
    }
    for (ToldDevice one : also) {
      if (one.since().equals(since)) {
        return one.device().source();
      }
    }
    return DeviceSource.REGISTER;
  }

  private static Predicate<ToldDevice> isTold(DeviceSource source, DeviceId device) {
    return one -> one.isToldBy(source) && one.device().id().equals(device);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
