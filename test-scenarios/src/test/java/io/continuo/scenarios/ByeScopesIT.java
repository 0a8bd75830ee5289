package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a BYE ends: a device's part, a user's part, or the session.
@ExtendWith(Scenario.class)
@Spec("wire: BYE scopes")
class ByeScopesIT {
  private Person alice;
  private Person bob;

  private void theyChatOnTwoDevicesEach() {
    alice.chatsOnTwoDevicesWith(bob);
    bob.phone.isBoundByTheServer();
    bob.tablet.isBoundByTheServer();
  }

  @Test
  void aByeWithoutReasonIsTheDevicesOwnUntilTheNextMessage() {
    theyChatOnTwoDevicesEach();

    bob.phone.byes();
    alice.phone.receivesNothing();
    bob.tablet.receivesNothing();
    bob.phone.registers();
    // A device that is new must be invited: its REGISTER comes behind the refresh.
    bob.desktop.registers();
    bob.desktop.accepts();
    bob.phone.receivesNothing();

    alice.phone.sends("new");
    bob.tablet.receives("new").once();
    bob.desktop.receives("new").once();
    alice.tablet.receivesCopyOf("new").once();
    bob.phone.accepts();
    bob.phone.catchesUp("new");
  }

  @Test
  @Spec("RFC 3326 §2")
  void aUserWhoLeavesAOneToOneChatEndsItForAll() {
    theyChatOnTwoDevicesEach();

    bob.phone.byes("SIP;cause=200;text=\"User leaves\"");

    bob.tablet.receivesBye();
    alice.phone.receivesBye();
    alice.tablet.receivesBye();
  }

  @Test
  @Spec("RFC 3326 §2")
  void aDeviceThatDroppedIsInvitedForTheNextMessage() {
    theyChatOnTwoDevicesEach();

    bob.phone.byes("SIP;cause=503;text=\"Service Unavailable\"");
    alice.tablet.receivesNothing();
    bob.tablet.receivesNothing();

    alice.phone.sends("next");
    bob.phone.accepts();
    bob.phone.catchesUp("next");
    bob.tablet.receives("next").once();
    alice.tablet.receivesCopyOf("next").once();
  }

  @Test
  @Configured("session.bye=user-leaves")
  void aByeWithoutReasonMayMeanThatTheUserLeaves() {
    theyChatOnTwoDevicesEach();

    bob.phone.byes();

    bob.tablet.receivesBye();
    alice.phone.receivesBye();
    alice.tablet.receivesBye();
  }
}
