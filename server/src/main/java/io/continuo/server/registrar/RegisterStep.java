package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.DeviceId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What one event does to a subscriber's bindings. It has been applied tentatively: the caller
/// stores `changes`, then tells the registrar [Registrar#commit] or [Registrar#undo].
///
/// @param outcome the answer, to be given when the step is committed
/// @param changes what to store; empty for a refusal or a query
/// @param after the bindings when this step is committed
/// @param renewed devices that are new, registered anew, or have another route
public record RegisterStep(
    AddressOfRecord subscriber,
    Registration.Outcome outcome,
    List<BindingChange> changes,
    List<Binding> after,
    Set<DeviceId> renewed) {
  public RegisterStep {
    changes = List.copyOf(changes);
    after = List.copyOf(after);
    renewed = Set.copyOf(renewed);
  }

  /// Every device that registered in it, refreshes included.
  Set<DeviceId> registered() {
    Set<DeviceId> devices = new HashSet<>();
    for (BindingChange change : changes) {
      if (change instanceof BindingChange.Put(Binding binding)) {
        devices.add(binding.device());
      }
    }
    return devices;
  }
}
