package io.continuo.server.registrar;

import io.continuo.server.conversation.StoreUnavailable;
import java.util.Collection;
import java.util.List;

/// Port: bindings that survive a restart. Blocks; called by one thread at a time, off the loops.
public interface BindingStore {
  /// Every stored binding, expired ones too, without flows.
  List<Binding> load() throws StoreUnavailable;

  /// Applies all changes in order, or none. On return they survive loss of power.
  ///
  /// @throws StoreUnavailable when the store can write nothing
  /// @throws BindingRefused when only some change of the batch cannot be written
  void write(Collection<BindingChange> batch) throws StoreUnavailable, BindingRefused;
}
