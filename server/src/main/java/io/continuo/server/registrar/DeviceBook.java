package io.continuo.server.registrar;

import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    return committed.stream()
        .anyMatch(b -> b.source() == DeviceSource.REGISTER && b.device().equals(device));
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
    return Stream.concat(
            bindings.stream().map(Binding::expires), told.stream().map(ToldDevice::expires))
        .min(Comparator.naturalOrder());
  }

  /// Flow names that anything in it refers to.
  Set<String> flows() {
    Set<String> flows = new HashSet<>();
    Stream.concat(bindings.stream(), committed.stream())
        .forEach(binding -> binding.flow().ifPresent(flows::add));
    told.forEach(one -> one.device().routes().forEach(route -> route.flow().ifPresent(flows::add)));
    return flows;
  }

  /// The devices as others may see them, in the order they were first known.
  ///
  /// @param open whether a flow can still carry something
  List<KnownDevice> devices(Predicate<String> open) {
    Map<DeviceId, Instant> since = new HashMap<>();
    committed.forEach(b -> since.merge(b.device(), b.since(), DeviceBook::earlier));
    told.forEach(t -> since.merge(t.device().id(), t.since(), DeviceBook::earlier));
    return since.entrySet().stream()
        .sorted(
            Map.Entry.<DeviceId, Instant>comparingByValue()
                .thenComparing(entry -> entry.getKey().instance()))
        .map(entry -> known(entry.getKey(), entry.getValue(), open))
        .toList();
  }

  private KnownDevice known(DeviceId id, Instant since, Predicate<String> open) {
    List<Binding> bound =
        committed.stream()
            .filter(binding -> binding.device().equals(id))
            .sorted(
                Comparator.comparing(Binding::source)
                    .thenComparing(Binding::updated, Comparator.reverseOrder()))
            .toList();
    List<ToldDevice> also = told.stream().filter(one -> one.device().id().equals(id)).toList();
    Device device =
        new Device(id, source(bound, also, since), channel(bound, also), routes(bound, also, open));
    return new KnownDevice(
        device,
        isRegistered(id),
        bound.stream().map(Binding::callId).collect(Collectors.toSet()),
        backoff.getOrDefault(id, Instant.MIN));
  }

  private static List<DeviceRoute> routes(
      List<Binding> bound, List<ToldDevice> also, Predicate<String> open) {
    List<DeviceRoute> routes = new ArrayList<>();
    Set<String> contacts = new LinkedHashSet<>();
    for (Binding binding : bound) {
      contacts.add(binding.contact());
      routes.add(route(binding, open));
    }
    also.stream()
        .flatMap(one -> one.device().routes().stream())
        .filter(route -> contacts.stream().noneMatch(c -> ContactUri.same(c, route.contact())))
        .map(route -> withOpenFlow(route, open))
        .forEach(routes::add);
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

  private static ChannelKind channel(List<Binding> bound, List<ToldDevice> also) {
    return bound.isEmpty()
        ? also.getFirst().device().channel()
        : ContactFeatures.channel(ContactFeatures.features(bound.getFirst().parameters()));
  }

  private static DeviceSource source(List<Binding> bound, List<ToldDevice> also, Instant since) {
    return Stream.concat(
            bound.stream().filter(b -> b.since().equals(since)).map(Binding::source),
            also.stream().filter(t -> t.since().equals(since)).map(t -> t.device().source()))
        .findFirst()
        .orElse(DeviceSource.REGISTER);
  }

  private static Predicate<ToldDevice> isTold(DeviceSource source, DeviceId device) {
    return one -> one.isToldBy(source) && one.device().id().equals(device);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
