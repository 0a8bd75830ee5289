package io.continuo.server.registrar;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.identity.AddressOfRecord;
import io.continuo.server.identity.Subscriber;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubscriberDirectoryTest {
  private static final AddressOfRecord TEL = AddressOfRecord.of("tel:+1");

  private static final AddressOfRecord ALICE = AddressOfRecord.of("sip:alice@continuo.test");

  private final ProvisionedSubscriber alice =
      SubscriberStoreContract.subscriber("alice", "alice", "tel:+1");

  private static Optional<AddressOfRecord> found(
      SubscriberDirectory directory, AddressOfRecord address) {
    return directory.find(address).map(Subscriber::address);
  }

  @Test
  void aSubscriberIsFoundByEveryAddressAndItsUserName() {
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(alice), List.of(), "continuo.test");

    assertThat(found(directory, ALICE)).contains(ALICE);
    assertThat(found(directory, TEL)).contains(ALICE);
    assertThat(directory.credential("alice")).contains(alice.credentials().getFirst());
    assertThat(directory.credential("mallory")).isEmpty();
  }

  @Test
  void thoseOfTheFileAndOfTheStoreAreThere() {
    ProvisionedSubscriber bob = SubscriberStoreContract.subscriber("bob", "bob");
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(alice), List.of(bob), "continuo.test");

    assertThat(directory.size()).isEqualTo(2);
    assertThat(directory.find(bob.subscriber().address())).isPresent();
    assertThat(directory.overridden()).isEmpty();
  }

  @Test
  void theFileWinsForASubscriberWhoIsInBoth() {
    ProvisionedSubscriber stored =
        SubscriberStoreContract.subscriber("alice", "old-name", "tel:+9");
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(alice), List.of(stored), "continuo.test");

    assertThat(found(directory, ALICE)).contains(ALICE);
    assertThat(found(directory, TEL)).contains(ALICE);
    assertThat(directory.credential("old-name")).isEmpty();
    assertThat(directory.find(AddressOfRecord.of("tel:+9"))).isEmpty();
    assertThat(directory.overridden()).containsExactly("sip:alice@continuo.test");
  }

  @Test
  void theFileKeepsAnAddressOrUserNameThatTheStoreGivesToAnother() {
    ProvisionedSubscriber bob =
        SubscriberStoreContract.subscriber("bob", "alice", "tel:+1", "tel:+2");
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(alice), List.of(bob), "continuo.test");

    assertThat(found(directory, TEL)).contains(ALICE);
    assertThat(directory.credential("alice").orElseThrow().subscriber())
        .isEqualTo(alice.subscriber().address());
    assertThat(directory.find(AddressOfRecord.of("tel:+2")).orElseThrow().aliases())
        .containsExactlyInAnyOrder(
            AddressOfRecord.of("tel:+2"), AddressOfRecord.of("sip:+2@continuo.test"));
    assertThat(directory.overridden()).containsExactlyInAnyOrder("tel:+1", "alice");
  }

  @Test
  @Spec("RFC 3261 §19.1.6")
  void aTelephoneNumberIsTheSameSubscriberAsTelAndAsSip() {
    ProvisionedSubscriber carol = SubscriberStoreContract.subscriber("+15550100003", "carol");
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(alice), List.of(carol), "continuo.test");
    AddressOfRecord dialled = AddressOfRecord.of("sip:+1@continuo.test;user=phone");

    assertThat(found(directory, dialled)).contains(ALICE);
    assertThat(directory.find(TEL).orElseThrow().owns(dialled)).isTrue();
    assertThat(found(directory, AddressOfRecord.of("tel:+15550100003")))
        .contains(carol.subscriber().address());
    assertThat(directory.find(AddressOfRecord.of("sip:+1@elsewhere.test;user=phone"))).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §19.1.6")
  void whoHasNothingButANumberHasItAtOurDomain() {
    ProvisionedSubscriber number =
        new ProvisionedSubscriber(new Subscriber(TEL, Set.of()), List.of());
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(number), List.of(), "Continuo.test");

    assertThat(found(directory, AddressOfRecord.of("sip:+1@continuo.test"))).contains(TEL);
    assertThat(found(directory, AddressOfRecord.of("sip:+1@continuo.test;user=phone")))
        .contains(TEL);
    assertThat(directory.find(AddressOfRecord.of("sip:+1@elsewhere.test"))).isEmpty();
    assertThat(directory.find(TEL).orElseThrow().owns(AddressOfRecord.of("sip:+1@continuo.test")))
        .isTrue();
  }

  @Test
  void whoeverHasTheOtherFormOfANumberKeepsIt() {
    ProvisionedSubscriber number = SubscriberStoreContract.subscriber("+1", "number");
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(alice, number), List.of(), "continuo.test");

    AddressOfRecord sip = number.subscriber().address();
    assertThat(found(directory, sip)).contains(sip);
    assertThat(found(directory, TEL)).contains(ALICE);
    assertThat(directory.find(TEL).orElseThrow().owns(sip)).isFalse();
    assertThat(directory.find(sip).orElseThrow().owns(TEL)).isFalse();
  }

  @Test
  void replacingServesTheNewOnesAtOnce() {
    SubscriberDirectory directory =
        new SubscriberDirectory(List.of(alice), List.of(), "continuo.test");

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
