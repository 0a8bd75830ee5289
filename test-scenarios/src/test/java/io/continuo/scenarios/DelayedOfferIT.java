package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.device.Chat;
import io.continuo.device.DeviceConfig.Role;
import io.continuo.device.sip.SipAgent.Transport;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A device invites without SDP, as application servers and third-party call control do: the offer
/// is the server's, and the chat is as any other.
@ExtendWith(Scenario.class)
class DelayedOfferIT {
  private Person alice;
  private Person bob;
  private Person carol;

  @ParameterizedTest(name = "over {0}, {1}")
  @CsvSource({"TCP,ACTIVE", "TCP,PASSIVE", "UDP,ACTIVE", "UDP,PASSIVE"})
  @Spec("RFC 3261 §13.2.1")
  @Spec("RFC 3264 §4")
  void anInviterWithoutAnOfferTalksBothWays(Transport transport, Role role) {
    alice.phone.offersNothing().offers(role).speaks(transport).registers();
    alice.tablet.registers();
    bob.phone.registers();
    bob.tablet.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.tablet.isInvited();

    bob.phone.sends("first");
    alice.phone.receives("first").from(bob).once();
    alice.phone.sends("second");
    bob.phone.receives("second").from(alice).once();
    alice.tablet.receives("first").from(bob).once();
    alice.tablet.receivesCopyOf("second").once();
    bob.tablet.accepts();
    bob.tablet.catchesUp("first", "second");
  }

  @Test
  @Spec("RFC 3261 §13.2.1")
  void aDeviceThatComesBackToItsGroupWithoutAnOfferCatchesUp() {
    alice.phone.registers();
    bob.phone.offersNothing().registers();
    carol.phone.registers();
    alice.phone.invites(bob, carol);
    bob.phone.accepts();
    carol.phone.accepts();
    alice.phone.isInTheChat();
    Chat group = bob.phone.chat();
    bob.phone.dies();
    alice.phone.sends("one");
    carol.phone.receives("one").from(alice);

    bob.phone.rejoins(group);
    bob.phone.isInTheChat();

    bob.phone.catchesUp("one");
    bob.phone.sends("two");
    alice.phone.receives("two").from(bob).once();
    carol.phone.receives("two").from(bob).once();
  }

  @Test
  @Spec("RFC 3261 §14.2")
  @Spec("RFC 4028 §7.4")
  void aReInviteWithoutSdpLeavesTheChatAsItIs() {
    alice.chatsWith(bob);

    alice.phone.asksForAnOffer();
    bob.phone.asksForAnOffer();
    bob.phone.refreshesWithoutSdp();

    bob.phone.sends("here");
    alice.phone.receives("here").from(bob).once();
    alice.phone.sends("there");
    bob.phone.receives("there").from(alice).once();
  }

  @Test
  @Spec("RFC 6337 §5.3")
  void anOfferThatIsAskedForEndsAHold() {
    alice.chatsWith(bob);
    bob.phone.holds();
    alice.phone.sends("meanwhile");
    bob.phone.receivesNothing();

    bob.phone.asksForAnOffer();

    bob.phone.catchesUp("meanwhile");
  }
}
