package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A message inside the INVITE.
@ExtendWith(Scenario.class)
class FirstMessageIT {
  private Person alice;
  private Person bob;

  @Test
  @Spec("wire: first message in the INVITE")
  void aMessageInsideTheInviteReachesEverybodyOnce() {
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();
    bob.tablet.registers();

    alice.phone.invitesSaying("hello", bob);
    alice.tablet.isInvited();
    bob.phone.accepts();
    bob.tablet.accepts();
    alice.phone.isInTheChat();

    bob.phone.receives("hello").from(alice).once();
    bob.tablet.receives("hello").from(alice).once();
    alice.tablet.receivesCopyOf("hello").once();
    alice.phone.receivesNothing();
    bob.phone.reportsDelivered("hello");
    alice.phone.receivesReceipt("delivered").about("hello").from(bob);
    alice.tablet.receivesReceipt("delivered").about("hello").from(bob);
    bob.tablet.receivesReceipt("delivered").about("hello").from(bob);
  }

  @Test
  @Spec("wire: first message in the INVITE")
  void aMessageInsideTheInviteIsKeptForWhoIsOff() {
    alice.phone.registers();
    alice.phone.invitesSaying("are you there?", bob);
    alice.phone.isInTheChat();

    bob.phone.registers();
    bob.phone.accepts();

    bob.phone.receives("are you there?").from(alice).once();
  }
}
