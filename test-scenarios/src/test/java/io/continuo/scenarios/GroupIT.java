package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.Chat;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A group: people drop out of it, come back, and leave it.
@ExtendWith(Scenario.class)
class GroupIT {
  private static final String USER_LEAVES = "SIP;cause=200;text=\"User leaves\"";

  private Person alice;
  private Person bob;
  private Person carol;
  private Person dave;

  @BeforeEach
  void theyAreAGroup() {
    alice.phone.registers();
    bob.phone.registers();
    bob.tablet.registers();
    carol.phone.registers();
    alice.phone.invites(bob, carol);
    bob.phone.accepts();
    bob.tablet.accepts();
    carol.phone.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("before");
    bob.phone.receives("before").from(alice);
    bob.tablet.receives("before").from(alice);
    carol.phone.receives("before").from(alice).once();
  }

  @Test
  @Spec("seed 003: rejoining")
  @Spec("RFC 4579 §5.2")
  void aGroupGoesOnWithoutASubscriberWhoThenComesBackToItsFocus() {
    Chat group = bob.phone.chat();
    bob.phone.dies();
    bob.tablet.dies();

    alice.phone.sends("one");
    carol.phone.receives("one").from(alice);
    carol.phone.sends("two");
    alice.phone.receives("two").from(carol);

    bob.phone.rejoins(group);
    bob.phone.isInTheChat();
    bob.phone.catchesUp("one", "two");
    bob.tablet.registers();
    bob.tablet.accepts();
    bob.tablet.catchesUp("one", "two");

    bob.phone.sends("three");
    alice.phone.receives("three").from(bob).once();
    carol.phone.receives("three").from(bob).once();
    bob.tablet.receivesCopyOf("three").once();
  }

  @Test
  @Spec("RFC 3326 §2")
  @Spec("wire: BYE scopes")
  void aUserWhoLeavesIsOutOnEveryDeviceAndSeesNothingMore() {
    bob.phone.byes(USER_LEAVES);
    bob.tablet.receivesBye();

    alice.phone.sends("without bob");
    carol.phone.receives("without bob").from(alice).once();
    bob.phone.receivesNothing();
    bob.tablet.receivesNothing();

    dave.phone.registers();
    bob.phone.invites(dave);
    dave.phone.accepts();
    bob.tablet.isInvited();
    bob.desktop.registers();
    // It must be invited to the chat with dave, by the same REGISTER.
    bob.desktop.isInvited();
    carol.phone.sends("still without bob");
    alice.phone.receives("still without bob").from(carol).once();
    bob.desktop.receivesNothing();
  }

  @Test
  @Spec("wire: audience")
  void aUserWhoLeftAndComesBackSeesNothingOfTheTimeBetween() {
    Chat group = bob.phone.chat();
    bob.phone.sends("of bob's");
    bob.tablet.receivesCopyOf("of bob's");
    alice.phone.receives("of bob's");
    carol.phone.receives("of bob's");
    bob.phone.byes(USER_LEAVES);
    bob.tablet.receivesBye();
    bob.tablet.unregisters();
    alice.phone.sends("between");
    carol.phone.receives("between");
    carol.phone.reportsDisplayed("of bob's");

    bob.phone.rejoins(group);
    bob.phone.isInTheChat();
    alice.phone.sends("welcome back");

    bob.phone.catchesUp("welcome back");
    carol.phone.receives("welcome back").once();
    assertThat(bob.phone.device().mailbox().messages())
        .noneMatch(message -> message.text().equals("between"));
    bob.phone.receivesNothing();
  }

  @Test
  @Spec("wire: BYE scopes")
  void aDeviceThatHangsUpIsInvitedAgainForANewMessage() {
    bob.tablet.byes();
    alice.phone.receivesNothing();
    bob.phone.receivesNothing();
    bob.tablet.registers();
    // A device that is new must be invited: its REGISTER comes behind the refresh.
    bob.desktop.registers();
    bob.desktop.accepts();
    bob.desktop.catchesUp("before");
    bob.tablet.receivesNothing();

    alice.phone.sends("new");

    bob.tablet.accepts();
    bob.tablet.catchesUp("new");
    bob.desktop.receives("new").once();
    bob.phone.receives("new").once();
    carol.phone.receives("new").once();
  }
}
