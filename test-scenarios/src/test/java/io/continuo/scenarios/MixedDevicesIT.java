package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.DeviceConfig.Role;
import io.continuo.device.msrp.Outgoing;
import io.continuo.device.sip.SipAgent.Transport;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Devices of several kinds in one conversation.
@ExtendWith(Scenario.class)
class MixedDevicesIT {
  private Person alice;
  private Person bob;

  @Test
  @Spec("wire: legacy devices")
  void aDeviceWithoutTheMarkIsInTheChatLikeAnyOther() {
    bob.phone.isLegacy();
    alice.chatsOnTwoDevicesWith(bob);

    alice.phone.sends("to all");
    bob.phone.receives("to all").from(alice).once();
    bob.tablet.receives("to all").from(alice).once();
    alice.tablet.receivesCopyOf("to all").once();

    bob.phone.sends("from the old one");
    alice.phone.receives("from the old one").from(bob).once();
    alice.tablet.receives("from the old one").from(bob).once();
    bob.tablet.receivesCopyOf("from the old one").once();
  }

  @Test
  @Spec("RFC 3428 §4")
  void aPagerDeviceIsInTheChatByMessage() {
    bob.phone.isPager();
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();
    bob.tablet.registers();
    alice.phone.invites(bob);
    alice.tablet.isInvited();
    bob.tablet.accepts();
    alice.phone.isInTheChat();

    alice.phone.sends("to all");
    ChatMessage paged = bob.phone.receives("to all").from(alice).once().message();
    bob.phone.wasPaged(alice, bob);
    ChatMessage inSession = bob.tablet.receives("to all").from(alice).once().message();
    assertThat(paged.raw()).as("the same bytes on both channels").isEqualTo(inSession.raw());
    alice.tablet.receivesCopyOf("to all").once();

    bob.phone.pages(alice, "paged");
    alice.phone.receives("paged").from(bob).once();
    alice.tablet.receives("paged").from(bob).once();
    bob.tablet.receivesCopyOf("paged").once();

    bob.tablet.sends("in the session");
    bob.phone.receivesCopyOf("in the session").once();
    bob.phone.wasPaged(bob, alice);
    alice.phone.receives("in the session").once();
    alice.tablet.receives("in the session").once();
  }

  @Test
  @Spec("RFC 4975 §8.6")
  void aDeviceThatTakesOnlyPlainTextGetsAndSendsPlainText() {
    bob.phone.takes("text/plain");
    alice.chatsOnTwoDevicesWith(bob);

    alice.phone.sends("wrapped");
    ChatMessage plain = bob.phone.receives("wrapped").message();
    assertThat(plain.contentType()).startsWith("text/plain");
    assertThat(plain.raw()).isEqualTo("wrapped".getBytes(StandardCharsets.UTF_8));
    alice.tablet.receivesCopyOf("wrapped").once();
    bob.tablet.receives("wrapped").once();

    byte[] text = "plain".getBytes(StandardCharsets.UTF_8);
    var sent = bob.phone.chat().send("plain", new Outgoing("plain1", "text/plain", text));
    assertThat(sent.await(Device.PATIENCE)).isEqualTo(200);
    alice.phone.receives("plain").from(bob).once();
    alice.tablet.receives("plain").from(bob).once();
    bob.tablet.receivesCopyOf("plain").from(bob).once();
  }

  @Test
  @Spec("RFC 3261 §18.2")
  void aDeviceOnUdpIsInTheChat() {
    alice.tablet.speaks(Transport.UDP);
    bob.phone.speaks(Transport.UDP);
    alice.chatsOnTwoDevicesWith(bob);

    alice.phone.sends("to all");
    bob.phone.receives("to all").from(alice).once();
    bob.tablet.receives("to all").from(alice).once();
    alice.tablet.receivesCopyOf("to all").once();
    bob.phone.sends("from UDP");
    alice.phone.receives("from UDP").from(bob).once();
    alice.tablet.receives("from UDP").from(bob).once();
    bob.tablet.receivesCopyOf("from UDP").once();
    bob.phone.byes();
    bob.phone.unregisters();
    alice.tablet.sends("from the other");
    alice.phone.receivesCopyOf("from the other").once();
    bob.tablet.receives("from the other").once();
  }

  @Test
  @Spec("RFC 6135 §4")
  void itDoesNotMatterWhichSideConnects() {
    alice.phone.offers(Role.PASSIVE);
    alice.tablet.offers(Role.PASSIVE);
    bob.phone.offers(Role.PASSIVE);
    bob.tablet.offers(Role.ACTIVE);
    alice.chatsOnTwoDevicesWith(bob);

    alice.phone.sends("to all");
    bob.phone.receives("to all").from(alice).once();
    bob.tablet.receives("to all").from(alice).once();
    alice.tablet.receivesCopyOf("to all").once();
    bob.phone.sends("back");
    alice.phone.receives("back").from(bob).once();
    alice.tablet.receives("back").from(bob).once();
    bob.tablet.receivesCopyOf("back").once();
  }
}
