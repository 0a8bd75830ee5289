package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Nobody of the other side can be reached.
@ExtendWith(Scenario.class)
class UnreachableIT {
  private Person alice;
  private Person bob;

  @Test
  @Spec("seed 003: offline devices")
  void whatIsSaidToSomebodyWhoIsOffIsKept() {
    alice.phone.registers();
    alice.phone.invites(bob);
    alice.phone.isInTheChat();
    alice.phone.sends("one");
    alice.phone.sends("two");

    bob.phone.registers();
    bob.phone.accepts();

    bob.phone.catchesUp("one", "two");
    bob.phone.sends("here");
    alice.phone.receives("here").from(bob).once();
  }

  @Test
  @Configured("invite.unreachable=refuse")
  @Spec("RFC 3261 §21.4.18")
  void anInvitationToSomebodyWhoIsOffMayBeRefused() {
    alice.phone.registers();

    alice.phone.invites(bob);

    alice.phone.isRefused(480);
  }
}
