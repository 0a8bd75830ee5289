package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A service that forgets a session when it has ended: that session, and nothing else.
@ExtendWith(Scenario.class)
@Configured("session.retention=discard")
class DiscardIT {
  private static final String USER_LEAVES = "SIP;cause=200;text=\"User leaves\"";

  /// The message comes while the server erases, or just before or after: often enough for each.
  private static final int ROUNDS = 8;

  private Person alice;
  private Person bob;
  private Person carol;

  @Test
  @Spec("seed 003: discarding")
  void aSessionThatIsDiscardedIsForgotten() {
    theyChat();
    alice.phone.sends("one");
    bob.phone.receives("one");
    alice.phone.byes(USER_LEAVES);
    bob.phone.receivesBye();

    carol.phone.registers();
    bob.phone.invites(carol);
    carol.phone.accepts();
    bob.tablet.registers();
    // It must be invited to the chat with carol, by the same REGISTER.
    bob.tablet.accepts();
    bob.tablet.receivesNothing();
    alice.phone.invites(bob);
    bob.phone.accepts();
    bob.tablet.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("two");
    bob.tablet.catchesUp("two");
    bob.phone.catchesUp("two");
  }

  @Test
  @Spec("seed 003: discarding")
  void whatIsAcceptedWhileTheSessionBeforeItIsErasedIsNotLost() {
    alice.phone.registers();
    bob.phone.registers();
    for (int round = 1; round <= ROUNDS; round++) {
      alice.phone.invites(bob);
      bob.phone.accepts();
      alice.phone.isInTheChat();
      alice.phone.sends("forgotten " + round);
      bob.phone.receives("forgotten " + round);

      alice.phone.byes(USER_LEAVES);
      alice.phone.pages(bob, "kept " + round);

      bob.phone.receivesBye();
      bob.phone.accepts();
      bob.phone.catchesUp("kept " + round);
      bob.phone.byes(USER_LEAVES);
    }
  }

  private void theyChat() {
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
  }
}
