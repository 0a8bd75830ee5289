package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ServerUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// An operator stops the server while people chat.
@ExtendWith(Scenario.class)
class StopIT {
  private Person alice;
  private Person bob;
  private ServerUnderTest server;

  @Test
  @Spec("RFC 3326 §2")
  void everyDeviceIsToldByAByeAndTheChatGoesOnAfterwards() {
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("before");
    // Behind the barrier the server has taken bob's answer: it need not send this again after the
    // restart.
    bob.phone.receives("before").from(alice).once();

    server.stop();

    assertThat(alice.phone.receivesBye()).contains("cause=480");
    assertThat(bob.phone.receivesBye()).contains("cause=480");

    server.restart();
    bob.phone.registers();
    alice.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("after");
    bob.phone.receives("after").from(alice);
  }
}
