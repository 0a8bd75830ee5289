package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ScenarioDevice;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One device of bob's with two flows (RFC 5626), over its mobile network and over Wi-Fi: it is
/// invited over one of them, and over the other when that one fails. Whatever reached the other
/// flow too would be left unread, and fail the scenario. A flow that fails at an edge proxy is in
/// [EdgeProxyIT].
@ExtendWith(Scenario.class)
class FlowsIT {
  private static final String ONE = "urn:uuid:b0b00000-0000-4000-8000-000000000001";

  private Person alice;
  private Person bob;
  private ScenarioDevice mobile;
  private ScenarioDevice wifi;

  @BeforeEach
  void bobsPhoneHasTwoFlows() {
    alice.phone.registers();
    mobile = bob.phone.hasInstance(ONE).hasFlow(1).registers();
    wifi = bob.tablet.hasInstance(ONE).hasFlow(2).registers();
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void theDeviceIsInvitedOnceOverTheFlowThatRegisteredLast() {
    alice.phone.invites(bob);
    chatsOver(wifi);
    mobile.receivesNothing();

    mobile.registers();
    alice.phone.invites(bob);
    chatsOver(mobile);
    wifi.receivesNothing();
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void anInviteWhoseFlowBreaksMovesToTheOtherAndTheNextOneGoesThereAtOnce() {
    alice.phone.invites(bob);
    wifi.isInvited();
    alice.phone.hearsItRing();
    wifi.losesItsFlow();
    chatsOver(mobile);

    alice.phone.invites(bob);
    chatsOver(mobile);
    wifi.receivesNothing();
  }

  private void chatsOver(ScenarioDevice flow) {
    flow.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("over one flow");
    flow.receives("over one flow").from(alice).once();
    flow.sends("and back");
    alice.phone.receives("and back").from(bob).once();
    alice.phone.byes("SIP;cause=200");
    flow.receivesBye();
  }
}
