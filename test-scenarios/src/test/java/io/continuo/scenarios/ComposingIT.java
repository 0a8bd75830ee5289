package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Is-composing indications: relayed as they come, never kept.
@ExtendWith(Scenario.class)
class ComposingIT {
  private Person alice;
  private Person bob;

  @Test
  @Spec("RFC 3994 §3")
  @Spec("wire: is-composing")
  void thatSomebodyTypesIsSeenByTheOthersButNotByTheirOwnDevicesNorLater() {
    alice.chatsOnTwoDevicesWith(bob);

    alice.phone.composes();

    bob.phone.seesTyping(alice);
    bob.tablet.seesTyping(alice);
    alice.tablet.receivesNothing();
    alice.phone.receivesNothing();

    alice.phone.sends("typed");
    bob.phone.receives("typed");
    bob.tablet.receives("typed");
    alice.tablet.receivesCopyOf("typed");
    bob.desktop.registers();
    bob.desktop.accepts();
    bob.desktop.catchesUp("typed");
    bob.desktop.receivesNothing();
  }
}
