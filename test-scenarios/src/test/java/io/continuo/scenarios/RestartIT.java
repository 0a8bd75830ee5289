package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ServerUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The server is killed and started again: nothing that it has accepted is lost.
@ExtendWith(Scenario.class)
class RestartIT {
  private static final String USER_LEAVES = "SIP;cause=200;text=\"User leaves\"";

  private ServerUnderTest server;
  private Person alice;
  private Person bob;

  @Test
  @Spec("wire: restart")
  void registrationsSurviveAKill() {
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();

    server.kill();
    server.restart();

    alice.phone.invites(bob);
    alice.tablet.isInvited();
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("after");
    bob.phone.receives("after").from(alice).once();
    alice.tablet.receivesCopyOf("after").once();
  }

  @Test
  @Spec("seed 003: offline devices")
  void whoWasOfflineGetsEverythingWhenItRegistersAfterAKill() {
    alice.phone.registers();
    alice.phone.invites(bob);
    alice.phone.isInTheChat();
    alice.phone.sends("one");
    alice.phone.sends("two");

    server.kill();
    server.restart();
    alice.phone.registers();
    alice.phone.sendsOnceMore(bob, "two");
    bob.phone.registers();
    bob.phone.accepts();

    bob.phone.catchesUp("one", "two");
    bob.phone.sends("three");
    alice.phone.receives("three").from(bob).once();
  }

  @Test
  @Spec("seed 003: restart of a session with its context")
  void aLaterInviteOpensTheConversationWithItsFullContext() {
    // That a device has answered is written lazily, and a kill may forget it.
    bob.phone.mayRepeat();
    alice.phone.mayRepeat();
    theyChat();
    alice.phone.sends("one");
    bob.phone.receives("one");
    bob.phone.sends("two");
    alice.phone.receives("two");
    alice.phone.byes(USER_LEAVES);
    bob.phone.receivesBye();
    server.kill();
    server.restart();

    alice.tablet.invites(bob);
    bob.phone.accepts();
    alice.phone.isInvited();
    alice.tablet.isInTheChat();

    alice.tablet.catchesUp("one", "two");
    alice.tablet.sends("three");
    bob.phone.catchesUp("three");
    alice.phone.receivesCopyOf("three").once();
  }

  @Test
  @Spec("wire: exactly once")
  void aKillBetweenTheAnswerAndTheCopiesLosesNothing() {
    bob.phone.mayRepeat();
    theyChat();
    bob.phone.chat().msrp().answers().withhold();

    alice.phone.sends("stored");
    server.kill();
    server.restart();

    bob.phone.registers();
    bob.phone.accepts();
    bob.phone.receives("stored").from(alice);
    bob.tablet.registers();
    bob.tablet.accepts();
    bob.tablet.catchesUp("stored");
    bob.phone.sends("there");
    bob.tablet.receivesCopyOf("there").once();
    alice.phone.accepts();
    alice.phone.catchesUp("there");
  }

  private void theyChat() {
    alice.phone.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
  }
}
