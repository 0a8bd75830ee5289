package io.continuo.server.registrar;

import io.continuo.server.identity.Subscriber;
import java.util.List;

/// A subscriber with the digest secrets it may use.
public record ProvisionedSubscriber(Subscriber subscriber, List<DigestCredential> credentials) {
  public ProvisionedSubscriber {
    credentials = List.copyOf(credentials);
  }
}
