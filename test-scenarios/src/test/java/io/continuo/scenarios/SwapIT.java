package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.Chat;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A chat moves from one device of a subscriber to another, and loses nothing on the way.
@ExtendWith(Scenario.class)
class SwapIT {
  private Person alice;
  private Person bob;

  @Test
  @Spec("seed 003: late joining device")
  void aTabletThatWasOffGoesOnWithTheChatOfAPhoneThatDied() {
    theyChat();
    Chat phones = alice.phone.chat();

    alice.phone.dies();
    bob.phone.sends("three");
    alice.tablet.registers();
    alice.tablet.isInvited();

    alice.tablet.catchesUp("one", "two", "three");
    assertThat(alice.tablet.chat().callId()).as("a new INVITE").isNotEqualTo(phones.callId());

    alice.tablet.sends("four");
    bob.phone.receives("four").from(alice).once();
    bob.phone.sends("five");
    alice.tablet.receives("five").from(bob).once();
  }

  @Test
  @Spec("seed 003: late joining device")
  void aTabletOfTheInvitedSideGoesOnWithTheChatOfAPhoneThatDied() {
    theyChat();

    bob.phone.dies();
    alice.phone.sends("three");
    bob.tablet.registers();
    bob.tablet.accepts();

    bob.tablet.catchesUp("one", "two", "three");
    bob.tablet.sends("four");
    alice.phone.receives("four").from(bob).once();
    alice.phone.sends("five");
    bob.tablet.receives("five").from(alice).once();
  }

  @Test
  @Spec("wire: late device")
  void aPhoneThatIsSwitchedOnAgainGetsTheGapAndNothingTwice() {
    theyChat();
    alice.phone.dies();
    bob.phone.sends("three");
    alice.tablet.registers();
    alice.tablet.catchesUp("one", "two", "three");
    alice.tablet.sends("four");
    bob.phone.receives("four");

    alice.phone.registers();
    alice.phone.isInvited();

    alice.phone.catchesUp("three", "four");
    bob.phone.sends("five");
    alice.phone.receives("five").once();
    alice.tablet.receives("five").once();
  }

  @Test
  @Spec("seed 003: take-over")
  void aTabletThatJoinedTakesOverWhenThePhoneHangsUp() {
    theyChat();
    alice.tablet.registers();
    alice.tablet.catchesUp("one", "two");

    alice.phone.byes();
    alice.phone.unregisters();

    bob.phone.sends("three");
    alice.tablet.receives("three").from(bob).once();
    alice.tablet.sends("four");
    bob.phone.receives("four").from(alice).once();
  }

  private void theyChat() {
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("one");
    bob.phone.receives("one").from(alice);
    bob.phone.sends("two");
    alice.phone.receives("two").from(bob).once();
  }
}
