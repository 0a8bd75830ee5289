package io.continuo.server;

import io.continuo.server.identity.AddressOfRecord;

/// Reads the address that an operator typed.
final class SubscriberAddress {
  private SubscriberAddress() {}

  static AddressOfRecord of(String typed) throws StoreCommand.Refused {
    return AddressOfRecord.parse(typed)
        .filter(address -> address.uri().startsWith("tel:") || address.uri().contains("@"))
        .orElseThrow(() ->
            new StoreCommand.Refused(
                "'" + typed + "' is no address like sip:user@host or tel:+15550100004"));
  }
}
