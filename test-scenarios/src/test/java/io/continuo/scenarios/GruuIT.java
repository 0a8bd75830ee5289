package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// GRUUs (RFC 5627): bob's devices get theirs with the answer to REGISTER, and alice reaches one of
/// them by it. That a GRUU in a Contact is reached is in [io.continuo.clients.WebDevicesIT].
@ExtendWith(Scenario.class)
class GruuIT {
  private static final String PHONE = "urn:uuid:b0b00000-0000-4000-8000-000000000001";

  private Person alice;
  private Person bob;

  @BeforeEach
  void bobHasTwoDevices() {
    alice.phone.registers();
    bob.tablet.asksForGruu().registers();
    bob.phone.hasInstance(PHONE).asksForGruu().registers();
  }

  @Test
  @Spec("RFC 5627 §5.2")
  @Spec("RFC 5627 §6.1")
  @Spec("RFC 5627 §4.4")
  void eitherKindReachesItsDeviceOnlyInTheDialogToo() {
    String everybodys = bob.phone.publicGruu();
    String secret = bob.phone.temporaryGruu();
    assertThat(everybodys).isEqualTo("sip:bob@continuo.test;gr=" + PHONE);
    assertThat(secret).doesNotContain("bob", PHONE).endsWith("@continuo.test;gr");

    chatsWithThePhoneBy(everybodys);
    chatsWithThePhoneBy(secret);
    bob.tablet.receivesNothing();
  }

  private void chatsWithThePhoneBy(String gruu) {
    alice.phone.invitesUri(gruu);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("for your phone");
    bob.phone.receives("for your phone").from(alice).once();
    alice.phone.chat().addresses(gruu);
    alice.phone.byes("SIP;cause=200");
    bob.phone.receivesBye();
  }

  @Test
  @Configured("invite.answer-after=1m")
  @Spec("RFC 5627 §5.4")
  @Spec("RFC 5627 §6.1")
  void whoHasGoneIs480AndWhatNamesNobodyIs404() {
    String everybodys = bob.phone.publicGruu();
    String secret = bob.phone.temporaryGruu();
    bob.phone.unregisters();
    alice.phone.invitesUri(everybodys);
    alice.phone.isRefused(480);
    alice.phone.invitesUri(secret);
    alice.phone.isRefused(404);

    alice.phone.invitesUri("sip:nobody@continuo.test;gr=" + PHONE);
    alice.phone.isRefused(404);
    alice.phone.invitesUri("sip:tgruu.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@continuo.test;gr");
    alice.phone.isRefused(404);

    bob.phone.dies();
    bob.phone.registers();
    alice.phone.invitesUri(secret);
    alice.phone.isRefused(404);
    alice.phone.invitesUri(everybodys);
    bob.phone.isInvited().rejects(486);
    alice.phone.isRefused(486);
  }
}
