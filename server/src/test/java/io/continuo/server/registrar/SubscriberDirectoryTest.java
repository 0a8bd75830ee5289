package io.continuo.server.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.identity.AddressOfRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubscriberDirectoryTest {
  private static final AddressOfRecord TEL = AddressOfRecord.of("tel:+1");

  private final ProvisionedSubscriber alice =
      SubscriberStoreContract.subscriber("alice", "alice", "tel:+1");

  @Test
  void aSubscriberIsFoundByEveryAddressAndItsUserName() {
    SubscriberDirectory directory = new SubscriberDirectory(List.of(alice), List.of());

    assertThat(directory.find(alice.subscriber().address())).contains(alice.subscriber());
    assertThat(directory.find(TEL)).contains(alice.subscriber());
    assertThat(directory.credential("alice")).contains(alice.credentials().getFirst());
    assertThat(directory.credential("mallory")).isEmpty();
  }

  @Test
  void thoseOfTheFileAndOfTheStoreAreThere() {
    ProvisionedSubscriber bob = SubscriberStoreContract.subscriber("bob", "bob");
    SubscriberDirectory directory = new SubscriberDirectory(List.of(alice), List.of(bob));

    assertThat(directory.size()).isEqualTo(2);
    assertThat(directory.find(bob.subscriber().address())).isPresent();
    assertThat(directory.overridden()).isEmpty();
  }

  @Test
  void theFileWinsForASubscriberWhoIsInBoth() {
    ProvisionedSubscriber stored =
        SubscriberStoreContract.subscriber("alice", "old-name", "tel:+9");
    SubscriberDirectory directory = new SubscriberDirectory(List.of(alice), List.of(stored));

    assertThat(directory.find(alice.subscriber().address())).contains(alice.subscriber());
    assertThat(directory.credential("old-name")).isEmpty();
    assertThat(directory.find(AddressOfRecord.of("tel:+9"))).isEmpty();
    assertThat(directory.overridden()).containsExactly("sip:alice@continuo.test");
  }

  @Test
  void theFileKeepsAnAddressOrUserNameThatTheStoreGivesToAnother() {
    ProvisionedSubscriber bob =
        SubscriberStoreContract.subscriber("bob", "alice", "tel:+1", "tel:+2");
    SubscriberDirectory directory = new SubscriberDirectory(List.of(alice), List.of(bob));

    assertThat(directory.find(TEL)).contains(alice.subscriber());
    assertThat(directory.credential("alice").orElseThrow().subscriber())
        .isEqualTo(alice.subscriber().address());
    assertThat(directory.find(AddressOfRecord.of("tel:+2")).orElseThrow().aliases())
        .containsExactly(AddressOfRecord.of("tel:+2"));
    assertThat(directory.overridden()).containsExactlyInAnyOrder("tel:+1", "alice");
  }

  @Test
  void replacingServesTheNewOnesAtOnce() {
    SubscriberDirectory directory = new SubscriberDirectory(List.of(alice), List.of());

    directory.replace(List.of(), List.of(SubscriberStoreContract.subscriber("bob", "bob")));

    assertThat(directory.find(TEL)).isEmpty();
    assertThat(directory.credential("bob")).isPresent();
  }

  @Test
  void aCredentialNeverPrintsItsSecrets() {
    assertThat(alice.credentials().getFirst().toString())
        .doesNotContain("aaaa")
        .doesNotContain("bbbb");
  }
}
