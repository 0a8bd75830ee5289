package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Figure;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The three ladders of seed 003: subscriber A with two devices, B with two, C with one.
@ExtendWith(Scenario.class)
@Configured("session.group-bye=ends-session")
class FiguresIT {
  private Person alice;
  private Person bob;
  private Person carol;

  @Test
  @Figure("3")
  @Spec("seed 003: figure 3")
  void everyDeviceOfEverybodyIsInvitedAndBound() {
    everybodyIsInTheChat();
  }

  @Test
  @Figure("4")
  @Spec("seed 003: figure 4")
  void aMessageAndItsReceiptsAreCopiedToEveryDeviceThatTheyConcern() {
    everybodyIsInTheChat();

    alice.phone.sends("hi");

    alice.tablet.receivesCopyOf("hi").once();
    bob.phone.receives("hi").from(alice).once();
    bob.tablet.receives("hi").from(alice).once();
    carol.phone.receives("hi").from(alice).once();

    bob.phone.reportsDelivered("hi");

    alice.phone.receivesReceipt("delivered").about("hi").from(bob);
    alice.tablet.receivesReceipt("delivered").about("hi").from(bob);
    bob.tablet.receivesReceipt("delivered").about("hi").from(bob);
    carol.phone.receivesNothing();

    carol.phone.reportsDelivered("hi");

    alice.phone.receivesReceipt("delivered").about("hi").from(carol);
    alice.tablet.receivesReceipt("delivered").about("hi").from(carol);
    bob.phone.receivesNothing();
    bob.tablet.receivesNothing();
  }

  @Test
  @Figure("5")
  @Spec("seed 003: figure 5")
  void aByeOfAnyDeviceEndsTheSessionForAll() {
    everybodyIsInTheChat();

    alice.tablet.byes();

    alice.phone.receivesBye();
    bob.phone.receivesBye();
    bob.tablet.receivesBye();
    carol.phone.receivesBye();
  }

  private void everybodyIsInTheChat() {
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();
    bob.tablet.registers();
    carol.phone.registers();

    alice.phone.invites(bob, carol);
    alice.tablet.isInvited();
    bob.phone.accepts();
    bob.tablet.accepts();
    carol.phone.accepts();
    alice.phone.isInTheChat();

    alice.phone.isToldMultiClient();
    alice.tablet.isToldMultiClient();
    bob.phone.isToldMultiClient();
    bob.tablet.isToldMultiClient();
    carol.phone.isToldMultiClient();

    alice.phone.isBoundByTheServer();
    alice.tablet.isBoundByTheServer();
    bob.phone.isBoundByTheServer();
    bob.tablet.isBoundByTheServer();
    carol.phone.isBoundByTheServer();
  }
}
