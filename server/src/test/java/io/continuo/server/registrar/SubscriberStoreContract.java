package io.continuo.server.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.conversation.StoreUnavailable;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What every [SubscriberStore] does.
public interface SubscriberStoreContract {
  SubscriberStore subscribers() throws StoreUnavailable;

  @Test
  default void aSubscriberComesBackWithAliasesAndSecrets() throws StoreUnavailable {
    ProvisionedSubscriber alice = subscriber("alice", "alice", "tel:+1", "sip:al@continuo.test");

    assertThat(subscribers().provision(alice)).isEmpty();

    assertThat(subscribers().all()).containsExactly(alice);
  }

  @Test
  default void aSubscriberWithoutSecretsIsOneToo() throws StoreUnavailable {
    ProvisionedSubscriber bare =
        new ProvisionedSubscriber(
            new Subscriber(RegisterRequest.subscriber("x"), Set.of()), List.of());

    subscribers().provision(bare);

    assertThat(subscribers().all()).containsExactly(bare);
  }

  @Test
  default void provisioningAgainReplacesTheSubscriber() throws StoreUnavailable {
    subscribers().provision(subscriber("alice", "alice", "tel:+1"));
    ProvisionedSubscriber next = subscriber("alice", "alice2", "tel:+2");

    assertThat(subscribers().provision(next)).isEmpty();

    assertThat(subscribers().all()).containsExactly(next);
  }

  @Test
  default void whatBelongsToAnotherIsRefusedAndNothingChanges() throws StoreUnavailable {
    ProvisionedSubscriber alice = subscriber("alice", "alice", "tel:+1");
    subscribers().provision(alice);

    assertThat(subscribers().provision(subscriber("bob", "alice", "tel:+1", "tel:+2")))
        .containsExactlyInAnyOrder("tel:+1", "alice");

    assertThat(subscribers().all()).containsExactly(alice);
  }

  @Test
  default void aWithdrawnSubscriberFreesItsNames() throws StoreUnavailable {
    subscribers().provision(subscriber("alice", "alice", "tel:+1"));

    assertThat(subscribers().withdraw(RegisterRequest.subscriber("alice"))).isTrue();
    assertThat(subscribers().withdraw(RegisterRequest.subscriber("alice"))).isFalse();

    assertThat(subscribers().all()).isEmpty();
    assertThat(subscribers().provision(subscriber("bob", "alice", "tel:+1"))).isEmpty();
  }

  static ProvisionedSubscriber subscriber(String user, String username, String... aliases) {
    AddressOfRecord address = RegisterRequest.subscriber(user);
    Set<AddressOfRecord> others =
        Arrays.stream(aliases).map(AddressOfRecord::of).collect(Collectors.toSet());
    return new ProvisionedSubscriber(
        new Subscriber(address, others),
        List.of(
            new DigestCredential(
                address, username, Map.of("MD5", "a".repeat(32), "SHA-256", "b".repeat(64)))));
  }
}
