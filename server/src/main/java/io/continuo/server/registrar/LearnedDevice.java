package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Recognises the device that a request came from, or describes it when it is not known yet.
public final class LearnedDevice {
  private LearnedDevice() {}

  /// The known device with the Contact's `+sip.instance`, else the only one on that flow, else one
  /// with that Contact URI. Of devices that named their instance, only the first rule finds them
  /// when the Contact names another.
  public static Optional<KnownDevice> match(
      List<KnownDevice> known, Registration.Contact contact, Optional<String> flow) {
    Optional<String> instance = ContactFeatures.instance(contact);
    Optional<KnownDevice> named =
        instance.flatMap(id -> first(known, one -> one.device().id().instance().equals(id)));
    if (named.isPresent()) {
      return named;
    }
    List<KnownDevice> candidates =
        known.stream().filter(one -> instance.isEmpty() || !isNamed(one.device())).toList();
    List<KnownDevice> onFlow =
        candidates.stream().filter(one -> flow.isPresent() && uses(one.device(), flow)).toList();
    return onFlow.size() == 1
        ? Optional.of(onFlow.getFirst())
        : first(candidates, one -> hasContact(one.device(), contact.uri()));
  }

  /// The device as this request shows it.
  public static Device of(
      DeviceId id,
      Registration.Contact contact,
      List<String> path,
      Optional<String> flow,
      Instant expires) {
    Map<String, String> features = ContactFeatures.features(contact.parameters());
    int regId = ContactFeatures.regId(contact.parameters());
    DeviceRoute route = new DeviceRoute(contact.uri(), path, flow, regId, features, expires);
    return new Device(id, DeviceSource.LEARNED, ContactFeatures.channel(features), List.of(route));
  }

  /// The instance that a Contact names, as [DeviceId] has it.
  public static Optional<String> instance(String uri, Map<String, String> parameters) {
    return ContactFeatures.instance(new Registration.Contact(uri, parameters));
  }

  /// The identity that a Contact gives its device.
  public static DeviceId identity(AddressOfRecord owner, Registration.Contact contact) {
    return ContactFeatures.device(owner, contact);
  }

  private static boolean isNamed(Device device) {
    return device.id().instance().startsWith("urn:");
  }

  private static boolean uses(Device device, Optional<String> flow) {
    return device.routes().stream().anyMatch(route -> route.flow().equals(flow));
  }

  private static boolean hasContact(Device device, String uri) {
    return device.routes().stream().anyMatch(route -> ContactUri.same(route.contact(), uri));
  }

  private static Optional<KnownDevice> first(
      List<KnownDevice> known, Predicate<KnownDevice> wanted) {
    return known.stream().filter(wanted).findFirst();
  }
}
