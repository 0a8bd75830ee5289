package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;

/// What a step changes in the stored bindings. Applied in order.
public sealed interface BindingChange {
  /// Writes a binding, over the one of the same subscriber, source and name.
  record Put(Binding binding) implements BindingChange {}

  /// Removes a binding; nothing when it is not there.
  record Remove(AddressOfRecord subscriber, DeviceSource source, String name)
      implements BindingChange {

    static Remove of(Binding binding) {
      return new Remove(binding.device().owner(), binding.source(), binding.name());
    }
  }
}
