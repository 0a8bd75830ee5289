package io.continuo.server.registrar;

import io.continuo.server.identity.DeviceId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The bindings of one subscriber while one REGISTER is worked through: nothing of it counts until
/// every Contact was found good (RFC 3261 §10.3, last paragraph of step 7).
///
/// Threading: lives inside one call.
final class BindingDraft {
  private final List<Binding> before;
  private final List<Binding> after;
  private final List<BindingChange> changes = new ArrayList<>();
  private final Set<DeviceId> renewed = new LinkedHashSet<>();

  BindingDraft(List<Binding> before) {
    this.before = before;
    this.after = new ArrayList<>(before);
  }

  List<Binding> before() {
    return before;
  }

  List<Binding> after() {
    return after;
  }

  List<BindingChange> changes() {
    return changes;
  }

  Set<DeviceId> renewed() {
    return renewed;
  }

  Optional<Binding> find(Predicate<Binding> wanted) {
    return after.stream().filter(wanted).findFirst();
  }

  void removeIf(Predicate<Binding> unwanted) {
    for (Binding binding : after.stream().filter(unwanted).toList()) {
      remove(binding);
    }
  }

  void remove(Binding binding) {
    after.remove(binding);
    changes.add(BindingChange.Remove.of(binding));
  }

  void add(Binding fresh) {
    after.add(fresh);
    changes.add(new BindingChange.Put(fresh));
    renewed.add(fresh.device());
  }

  void replace(Binding old, Binding fresh) {
    after.set(after.indexOf(old), fresh);
    if (!old.name().equals(fresh.name())) {
      changes.add(BindingChange.Remove.of(old));
    }
    changes.add(new BindingChange.Put(fresh));
    if (!old.callId().equals(fresh.callId())
        || !old.sameRouteAs(fresh)
        || !old.device().equals(fresh.device())) {
      renewed.add(fresh.device());
    }
  }

  /// Drops what was registered longest ago while the device has more than `limit` bindings.
  void keepLatest(DeviceId device, int limit) {
    if (after.size() <= limit) {
      return;
    }
    List<Binding> ofDevice =
        after.stream()
            .filter(binding -> binding.device().equals(device))
            .sorted(Comparator.comparing(Binding::updated))
            .toList();
    ofDevice.stream().limit(Math.max(0, ofDevice.size() - limit)).forEach(this::remove);
  }
}
