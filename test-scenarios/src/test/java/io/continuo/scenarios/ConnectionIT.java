package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// MSRP connections that break without a BYE: the device keeps its place.
@ExtendWith(Scenario.class)
class ConnectionIT {
  private Person alice;
  private Person bob;

  @BeforeEach
  void theyChat() {
    alice.chatsWith(bob);
    alice.phone.sends("before");
    bob.phone.receives("before").from(alice).once();
  }

  @Test
  @Spec("wire: re-binding")
  void aDeviceThatConnectsAgainGetsTheGap() {
    bob.phone.drops();
    alice.phone.sends("one");
    alice.phone.sends("two");

    bob.phone.rebinds();

    bob.phone.catchesUp("one", "two");
    bob.phone.sends("back");
    alice.phone.receives("back").from(bob).once();
  }

  @Test
  @Spec("wire: re-binding")
  void theInviterWhoConnectsAgainGetsTheGap() {
    alice.phone.drops();
    bob.phone.sends("one");
    bob.phone.sends("two");

    alice.phone.rebinds();

    alice.phone.catchesUp("one", "two");
    alice.phone.sends("back");
    bob.phone.receives("back").from(alice).once();
  }

  @Test
  @Spec("wire: exactly once")
  void aCopyWhoseAnswerWasLostComesAgainUnderItsMessageId() {
    bob.phone.mayRepeat();
    bob.phone.chat().msrp().answers().withhold();
    alice.phone.sends("unanswered");
    String id = bob.phone.receives("unanswered").message().id();
    bob.phone.drops();
    bob.phone.chat().msrp().answers().release();

    bob.phone.rebinds();

    alice.phone.sends("next");
    bob.phone.receives("next").once();
    assertThat(bob.phone.device().mailbox().arrivals(id)).as("copies on the wire").isEqualTo(2);
  }

  @Test
  @Spec("wire: re-binding")
  void aDeviceMayComeBackByANewInvite() {
    bob.phone.drops();
    alice.phone.sends("one");

    bob.phone.invites(alice);
    bob.phone.isInTheChat();
    bob.phone.receivesBye();

    bob.phone.catchesUp("one");
    bob.phone.sends("back");
    alice.phone.receives("back").from(bob).once();
    alice.phone.sends("two");
    bob.phone.receives("two").from(alice).once();
  }
}
