package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.DeviceConfig.Role;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A device that is owed something is called back by the server alone: nobody writes again and
/// nobody registers again in any of these scenarios.
@ExtendWith(Scenario.class)
class CallBackIT {
  private Person alice;
  private Person bob;

  @ParameterizedTest
  @ValueSource(strings = {"", "SIP;cause=480;text=\"Temporarily Unavailable\""})
  @Spec("wire: BYE scopes")
  void aMessageThatCrossesAByeBringsTheDeviceBack(String reason) {
    theyChat();
    bob.phone.drops();
    alice.phone.sends("crosses");

    bob.phone.byes(reason);

    bob.phone.accepts();
    bob.phone.catchesUp("crosses");
    bob.phone.sends("back");
    alice.phone.receives("back").from(bob).once();
  }

  @Test
  @Configured("session.linger=2s")
  @Spec("wire: re-binding")
  void aDeviceThatDoesNotBindAgainIsInvitedAgain() {
    theyChat();
    bob.phone.drops();
    alice.phone.sends("one");
    alice.phone.sends("two");

    bob.phone.receivesBye();

    bob.phone.accepts();
    bob.phone.catchesUp("one", "two");
    bob.phone.sends("back");
    alice.phone.receives("back").from(bob).once();
  }

  @Test
  @Spec("RFC 4975 §5.4")
  void whereTheServerConnectedItConnectsAgain() {
    bob.phone.offers(Role.PASSIVE);
    theyChat();
    bob.phone.isBoundByTheServer();

    bob.phone.drops();
    alice.phone.sends("one");
    alice.phone.sends("two");

    bob.phone.catchesUp("one", "two");
    assertThat(bob.phone.chat().msrp().peerBinds()).as("connections by the server").isEqualTo(2);
    bob.phone.sends("back");
    alice.phone.receives("back").from(bob).once();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 480, 486, 503})
  @Configured("registrar.invite-backoff=1s")
  @Spec("wire: late device")
  void aDeviceThatMissedOneInviteIsTriedAgain(int status) {
    bobsTabletAcceptsWhileHisPhoneRings();
    alice.phone.sends("one");
    alice.phone.sends("two");
    bob.tablet.catchesUp("one", "two");

    bob.phone.rejects(status);

    bob.phone.accepts();
    bob.phone.catchesUp("one", "two");
    bob.phone.sends("back");
    alice.phone.receives("back").from(bob).once();
    bob.tablet.receivesCopyOf("back").once();
  }

  @Test
  @Configured({"registrar.invite-backoff=1s", "invite.ring-for=3s"})
  @Spec("RFC 3261 §9.1")
  void aDeviceThatNobodyPickedUpIsTriedAgain() {
    bobsTabletAcceptsWhileHisPhoneRings();
    alice.phone.sends("one");
    bob.tablet.receives("one").once();

    bob.phone.isCancelled();

    bob.phone.accepts();
    bob.phone.catchesUp("one");
  }

  @Test
  @Configured("registrar.invite-backoff=1s")
  @Spec("RFC 3261 §21.6.2")
  void aDeviceThatDeclinedIsNotTriedAgain() {
    bob.desktop.registers();
    bobsTabletAcceptsWhileHisPhoneRings();
    bob.desktop.isInvited();
    alice.phone.sends("one");
    bob.tablet.receives("one").once();

    bob.phone.rejects(603);
    bob.desktop.rejects(480);

    // It backs off as long as the phone would have, and later: then the phone's time is over too.
    bob.desktop.accepts();
    bob.desktop.catchesUp("one");
    alice.phone.sends("two");
    bob.tablet.receives("two").once();
    bob.desktop.receives("two").once();
    bob.phone.receivesNothing();
  }

  @Test
  @Configured("registrar.invite-backoff=1s")
  @Spec("RFC 3428 §4")
  void aPagerDeviceThatCouldNotTakeAMessageIsTriedAgain() {
    bob.phone.isPager();
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    alice.phone.isInTheChat();
    bob.phone.refusesNextMessageWith(503);

    alice.phone.sends("one");
    alice.phone.sends("two");

    bob.phone.catchesUp("one", "two");
  }

  private void theyChat() {
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("before");
    bob.phone.receives("before").from(alice).once();
  }

  private void bobsTabletAcceptsWhileHisPhoneRings() {
    alice.phone.registers();
    bob.phone.registers();
    bob.tablet.registers();
    alice.phone.invites(bob);
    bob.phone.isInvited();
    bob.tablet.accepts();
    alice.phone.isInTheChat();
  }
}
