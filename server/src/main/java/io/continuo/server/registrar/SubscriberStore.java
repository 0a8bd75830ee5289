package io.continuo.server.registrar;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import java.util.List;

/// Port: subscribers that were provisioned into the store. Blocks; off the loops.
public interface SubscriberStore {
  /// Everybody, by primary address.
  List<ProvisionedSubscriber> all() throws StoreUnavailable;

  /// Adds a subscriber, or replaces the one with this primary address. Durable on return.
  ///
  /// @return addresses and user names that belong to another subscriber; when there are any,
  ///   nothing was changed
  List<String> provision(ProvisionedSubscriber subscriber) throws StoreUnavailable;

  /// Removes a subscriber with its aliases and secrets. Durable on return.
  ///
  /// @return whether there was one
  boolean withdraw(AddressOfRecord address) throws StoreUnavailable;
}
