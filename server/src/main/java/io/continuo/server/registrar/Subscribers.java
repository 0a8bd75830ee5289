package io.continuo.server.registrar;

import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import java.util.Optional;

/// Port: who is provisioned. Any thread; never blocks (served from memory).
public interface Subscribers {
  /// The subscriber that owns this primary address or alias.
  Optional<Subscriber> find(AddressOfRecord address);

  /// The digest secrets H(user:realm:password) of a digest user name, by algorithm; empty for an
  /// unknown user.
  Optional<DigestCredential> credential(String username);
}
