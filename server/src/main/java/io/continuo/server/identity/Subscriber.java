package io.continuo.server.identity;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A subscriber as provisioned.
///
/// @param address the primary address: the one conversations, bindings and log entries name
/// @param aliases its other addresses (the implicit registration set, TS 23.228 §5.2.1a), without
///   the primary one
public record Subscriber(AddressOfRecord address, Set<AddressOfRecord> aliases) {
  public Subscriber {
    aliases = Set.copyOf(aliases);
  }

  /// The primary address and the aliases.
  public Set<AddressOfRecord> addresses() {
    return Stream.concat(Stream.of(address), aliases.stream()).collect(Collectors.toSet());
  }

  /// Whether `other` is one of this subscriber's own addresses.
  public boolean owns(AddressOfRecord other) {
    return address.equals(other) || aliases.contains(other);
  }
}
