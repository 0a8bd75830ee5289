package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Invitations that come to nothing: given up, declined, refused by one device, nobody there.
@ExtendWith(Scenario.class)
class DeclineIT {
  private Person alice;
  private Person bob;

  private void aliceInvitesBobsTwoDevices() {
    alice.phone.registers();
    bob.phone.registers();
    bob.tablet.registers();
    alice.phone.invites(bob);
    bob.phone.isInvited();
    bob.tablet.isInvited();
  }

  @Test
  @Configured("invite.answer-after=1m")
  @Spec("RFC 3261 §9.2")
  void aCancelEndsTheRingingOfEveryDevice() {
    aliceInvitesBobsTwoDevices();
    alice.phone.hearsItRing();

    alice.phone.cancels();

    bob.phone.isCancelled();
    bob.tablet.isCancelled();
  }

  @Test
  @Configured("invite.answer-after=1m")
  @Spec("RFC 3261 §21.6.2")
  void aDeclineIsForAllDevicesOfTheSubscriber() {
    aliceInvitesBobsTwoDevices();

    bob.phone.rejects(603);

    bob.tablet.isCancelled();
    alice.phone.isRefused(603);
  }

  @Test
  @Configured("invite.answer-after=1m")
  @Spec("RFC 3261 §21.4.24")
  void aBusyDeviceRefusesForItselfOnly() {
    aliceInvitesBobsTwoDevices();

    bob.phone.rejects(486);
    bob.tablet.accepts();

    alice.phone.isInTheChat();
    alice.phone.sends("hi");
    bob.tablet.receives("hi").from(alice).once();
    bob.phone.receivesNothing();
  }

  @Test
  @Configured("invite.answer-after=1m")
  @Spec("RFC 3261 §16.7")
  void theInviterIsRefusedWhenEveryDeviceIsBusy() {
    aliceInvitesBobsTwoDevices();

    bob.phone.rejects(486);
    bob.tablet.rejects(486);

    alice.phone.isRefused(486);
  }

  @Test
  @Spec("wire: answering the inviter")
  void aDeviceThatStillRingsMayAcceptLaterAndGetsWhatWasSaid() {
    aliceInvitesBobsTwoDevices();
    alice.phone.isInTheChat();
    alice.phone.sends("while it rings");

    bob.tablet.accepts();

    bob.tablet.receives("while it rings").from(alice).once();
    bob.phone.accepts();
    bob.phone.receives("while it rings").from(alice).once();
  }
}
