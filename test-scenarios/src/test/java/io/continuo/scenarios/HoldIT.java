package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A device puts its chat on hold and takes it off: nobody else notices, and nothing is lost.
@ExtendWith(Scenario.class)
class HoldIT {
  private Person alice;
  private Person bob;

  @BeforeEach
  void theyChat() {
    bob.tablet.registers();
    alice.chatsWith(bob);
    bob.tablet.accepts();
    alice.phone.sends("before");
    bob.phone.receives("before").from(alice).once();
    bob.tablet.receives("before").from(alice).once();
  }

  @Test
  @Spec("RFC 3264 §8.4")
  void whatIsSaidDuringAHoldComesAfterIt() {
    bob.phone.holds();

    alice.phone.sends("one");
    alice.phone.sends("two");
    bob.tablet.receives("one").from(alice).once();
    bob.tablet.receives("two").from(alice).once();
    bob.phone.receivesNothing();

    bob.phone.resumes();
    bob.phone.catchesUp("one", "two");
  }

  @Test
  @Spec("RFC 3264 §5.1")
  void aDeviceOnHoldMaySend() {
    bob.phone.holds();

    bob.phone.sends("I am listening to music");

    alice.phone.receives("I am listening to music").from(bob).once();
    bob.tablet.receivesCopyOf("I am listening to music").once();
    bob.phone.resumes();
    bob.phone.receivesNothing();
  }

  @Test
  @Spec("RFC 3264 §8.4")
  void aHoldOutlivesItsConnection() {
    bob.phone.holds();
    bob.phone.drops();
    alice.phone.sends("one");
    bob.tablet.receives("one").from(alice).once();

    bob.phone.rebinds();
    bob.phone.receivesNothing();

    bob.phone.resumes();
    bob.phone.catchesUp("one");
  }
}
