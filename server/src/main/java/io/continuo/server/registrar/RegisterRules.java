package io.continuo.server.registrar;

import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.registrar.Registration.BoundContact;
import io.continuo.server.registrar.Registration.Contact;
import io.continuo.server.registrar.Registration.Outcome;
import io.continuo.server.registrar.Registration.Outcome.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a REGISTER does to the bindings of its subscriber (RFC 3261 §10.3, RFC 5626 §6).
final class RegisterRules {
  /// Bindings of one device. One more drops the one registered longest ago: a device that comes
  /// with a new port each time must not fill the table.
  static final int MAX_ROUTES = 4;

  private static final int MAX_SECONDS_DIGITS = 10;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int INTERVAL_TOO_BRIEF = 423;
  private static final int OUT_OF_ORDER = 500;

  private final RegistrarSettings settings;

  RegisterRules(RegistrarSettings settings) {
    this.settings = settings;
  }

  /// @param bindings all of the subscriber, from every source, oldest first
  /// @param told devices that other sources told of and that count against the limit
  RegisterStep apply(
      List<Binding> bindings, Set<DeviceId> told, Registration registration, Instant now) {
    BindingDraft draft = new BindingDraft(bindings);
    draft.removeIf(binding -> !binding.liveAt(now));
    Optional<Refused> refusal =
        registration.removeAll()
            ? removeAll(draft, registration)
            : bindAll(draft, registration, now);
    return refusal
        .or(() -> overLimit(draft, told))
        .map(refused -> unchanged(registration, refused, bindings))
        .orElseGet(() -> changed(registration, draft, now));
  }

  private static RegisterStep unchanged(
      Registration registration, Refused refused, List<Binding> bindings) {
    return new RegisterStep(registration.subscriber(), refused, List.of(), bindings, Set.of());
  }

  private static RegisterStep changed(Registration registration, BindingDraft draft, Instant now) {
    List<BoundContact> listing =
        draft.after().stream()
            .filter(binding -> binding.source() == registration.source())
            .map(binding -> listed(binding, now))
            .toList();
    return new RegisterStep(
        registration.subscriber(),
        new Outcome.Bound(listing),
        draft.changes(),
        draft.after(),
        draft.renewed());
  }

  private static BoundContact listed(Binding binding, Instant now) {
    long seconds = Duration.between(now, binding.expires()).plusMillis(999).toSeconds();
    return new BoundContact(binding.contact(), binding.parameters(), seconds, binding.callId());
  }

  // RFC 3261 §10.3 step 6.
  private static Optional<Refused> removeAll(BindingDraft draft, Registration registration) {
    if (!registration.contacts().isEmpty() || registration.expires().orElse(-1) != 0) {
      return refused(BAD_REQUEST, "Contact * needs Expires 0 and no other Contact");
    }
    if (draft.before().stream().anyMatch(binding -> isOutOfOrder(binding, registration))) {
      return refused(OUT_OF_ORDER, "CSeq out of order");
    }
    draft.removeIf(binding -> binding.source() == registration.source());
    return Optional.empty();
  }

  // RFC 3261 §10.3 step 7.
  private Optional<Refused> bindAll(BindingDraft draft, Registration registration, Instant now) {
    if (namesSeveralFlows(registration)) {
      return refused(BAD_REQUEST, "one Contact only with reg-id");
    }
    for (Contact contact : registration.contacts()) {
      Optional<Refused> refusal = bind(draft, registration, contact, now);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  private Optional<Refused> bind(
      BindingDraft draft, Registration registration, Contact contact, Instant now) {
    long asked = expiresOf(contact, registration);
    if (asked > 0 && asked < settings.minExpires().toSeconds()) {
      int least = (int) settings.minExpires().toSeconds();
      return Optional.of(new Refused(INTERVAL_TOO_BRIEF, Optional.empty(), OptionalInt.of(least)));
    }
    Optional<String> instance = ContactFeatures.instance(contact.parameters());
    Optional<Binding> old = draft.find(binding -> names(registration, contact, instance, binding));
    if (old.filter(draft.before()::contains)
        .filter(b -> isOutOfOrder(b, registration))
        .isPresent()) {
      return refused(OUT_OF_ORDER, "CSeq out of order");
    }
    if (asked == 0) {
      old.ifPresent(draft::remove);
      return Optional.empty();
    }
    Duration lasting = Duration.ofSeconds(Math.min(asked, settings.maxExpires().toSeconds()));
    Binding fresh = fresh(registration, contact, old, now, now.plus(lasting));
    old.ifPresentOrElse(binding -> draft.replace(binding, fresh), () -> draft.add(fresh));
    draft.keepLatest(fresh.device(), MAX_ROUTES);
    return Optional.empty();
  }

  private static Binding fresh(
      Registration registration,
      Contact contact,
      Optional<Binding> old,
      Instant now,
      Instant expires) {
    Map<String, String> parameters = new HashMap<>(contact.parameters());
    parameters.remove("expires");
    if (registration.source() == DeviceSource.REGISTER) {
      // A GRUU is what the registrar says, never the device (RFC 5627 §5.1).
      parameters.keySet().removeAll(Set.of("pub-gruu", "temp-gruu"));
    }
    DeviceId own = ContactFeatures.device(registration.subscriber(), contact);
    boolean named = ContactFeatures.instance(parameters).isPresent();
    return new Binding(
        named ? own : old.map(Binding::device).orElse(own),
        registration.source(),
        contact.uri(),
        parameters,
        registration.callId(),
        registration.cseq(),
        registration.path(),
        registration.flow(),
        old.map(Binding::since).orElse(now),
        now,
        expires);
  }

  /// Whether the Contact speaks of this binding: the same flow of the same instance, else an equal
  /// URI. Equal URIs of two instances are two devices: behind NATs, private addresses repeat.
  ///
  /// @param instance that the Contact names
  private static boolean names(
      Registration registration, Contact contact, Optional<String> instance, Binding binding) {
    if (binding.source() != registration.source()) {
      return false;
    }
    if (instance.isPresent()) {
      Optional<String> bound = ContactFeatures.instance(binding.parameters());
      if (bound.isPresent() && !instance.equals(bound)) {
        return false;
      }
    }
    int flow = ContactFeatures.regId(contact.parameters());
    if (flow != 0 && binding.regId() != 0) {
      return flow == binding.regId();
    }
    return ContactUri.same(contact.uri(), binding.contact());
  }

  private static boolean isOutOfOrder(Binding binding, Registration registration) {
    return binding.source() == registration.source()
        && binding.callId().equals(registration.callId())
        && registration.cseq() <= binding.cseq();
  }

  // RFC 5626 §6: a REGISTER that names a flow binds that one Contact.
  private boolean namesSeveralFlows(Registration registration) {
    List<Contact> binding =
        registration.contacts().stream()
            .filter(contact -> expiresOf(contact, registration) > 0)
            .toList();
    return binding.size() > 1
        && binding.stream().anyMatch(c -> ContactFeatures.regId(c.parameters()) != 0);
  }

  /// Seconds; what is malformed counts as absent (RFC 3261 §10.2.1.1).
  private long expiresOf(Contact contact, Registration registration) {
    OptionalLong own = seconds(contact.parameters().get("expires"));
    if (own.isPresent()) {
      return own.getAsLong();
    }
    return registration.expires().isPresent()
        ? registration.expires().getAsInt()
        : settings.defaultExpires().toSeconds();
  }

  private static OptionalLong seconds(@Nullable String text) {
    return text != null && isNumber(text)
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_SECONDS_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private Optional<Refused> overLimit(BindingDraft draft, Set<DeviceId> told) {
    if (draft.renewed().isEmpty()) {
      return Optional.empty(); // a refresh brings no device
    }
    Set<DeviceId> before = devices(draft.before(), told);
    Set<DeviceId> after = devices(draft.after(), told);
    boolean more = !before.containsAll(after);
    return more && after.size() > settings.maxDevices()
        ? refused(FORBIDDEN, "too many devices")
        : Optional.empty();
  }

  private static Set<DeviceId> devices(List<Binding> bindings, Set<DeviceId> told) {
    Set<DeviceId> devices = new HashSet<>(told);
    bindings.forEach(binding -> devices.add(binding.device()));
    return devices;
  }

  private static Optional<Refused> refused(int status, String warning) {
    return Optional.of(new Refused(status, Optional.of(warning), OptionalInt.empty()));
  }
}
