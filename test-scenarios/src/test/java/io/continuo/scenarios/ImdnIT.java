package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.Sent;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Disposition notifications: whom they reach, and whom they do not.
@ExtendWith(Scenario.class)
class ImdnIT {
  private Person alice;
  private Person bob;
  private Person carol;

  @BeforeEach
  void aGroupHasReadAMessage() {
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();
    bob.tablet.registers();
    carol.phone.registers();
    alice.phone.invites(bob, carol);
    alice.tablet.isInvited();
    bob.phone.accepts();
    bob.tablet.accepts();
    carol.phone.accepts();
    alice.phone.isInTheChat();
    says("hi");
  }

  private void says(String text) {
    alice.phone.sends(text);
    alice.tablet.receivesCopyOf(text);
    bob.phone.receives(text);
    bob.tablet.receives(text);
    carol.phone.receives(text);
  }

  private void alicesDevicesSee(String disposition, String text, Person reporter) {
    alice.phone.receivesReceipt(disposition).about(text).from(reporter);
    alice.tablet.receivesReceipt(disposition).about(text).from(reporter);
  }

  private void nobodyElseSeesAnything() {
    alice.phone.receivesNothing();
    alice.tablet.receivesNothing();
    bob.phone.receivesNothing();
    bob.tablet.receivesNothing();
    carol.phone.receivesNothing();
  }

  @Test
  @Spec("RFC 5438 §7.1")
  @Spec("wire: IMDN routing")
  void everyDispositionGoesToTheSenderAndToTheReportersSiblings() {
    for (String disposition :
        new String[] {
          "delivered", "displayed", "processed", "stored", "failed", "forbidden", "error", "deleted"
        }) {
      bob.phone.reports(disposition, "hi");

      alicesDevicesSee(disposition, "hi", bob);
      bob.tablet.receivesReceipt(disposition).about("hi").from(bob);
      nobodyElseSeesAnything();
    }
  }

  @Test
  @Spec("RFC 5438 §7.1")
  @Spec("wire: IMDN by MESSAGE")
  void aReceiptByMessageGoesWhereTheOthersGo() {
    for (String disposition : new String[] {"delivered", "displayed", "failed", "unheard-of"}) {
      ChatMessage message = bob.phone.message("hi");
      Sent report = bob.phone.device().pageReport(message.id(), message.from(), disposition);
      assertThat(report.await(Device.PATIENCE)).isEqualTo(200);

      alicesDevicesSee(disposition, "hi", bob);
      bob.tablet.receivesReceipt(disposition).about("hi").from(bob);
      nobodyElseSeesAnything();
    }
  }

  @Test
  @Spec("wire: first-per-subscriber")
  void theSenderIsToldOfADispositionOncePerSubscriber() {
    bob.phone.reportsDelivered("hi");
    alicesDevicesSee("delivered", "hi", bob);
    bob.tablet.receivesReceipt("delivered").about("hi").from(bob);

    bob.tablet.reportsDelivered("hi");
    nobodyElseSeesAnything();

    carol.phone.reportsDelivered("hi");
    alicesDevicesSee("delivered", "hi", carol);
    nobodyElseSeesAnything();
  }

  @Test
  @Configured("imdn.policy=every-device")
  @Spec("wire: first-per-subscriber")
  void theSenderMayBeToldByEveryDevice() {
    bob.phone.reportsDelivered("hi");
    alicesDevicesSee("delivered", "hi", bob);
    bob.tablet.receivesReceipt("delivered").about("hi").from(bob);

    bob.tablet.reportsDelivered("hi");
    alicesDevicesSee("delivered", "hi", bob);
    bob.phone.receivesReceipt("delivered").about("hi").from(bob);
    nobodyElseSeesAnything();
  }

  @Test
  @Spec("RFC 5438 §8.3")
  void aReceiptForAReceiptGoesNowhere() {
    ChatMessage message = bob.phone.message("hi");
    Sent report = bob.phone.chat().report(message.id(), message.from(), "delivered");
    assertThat(report.await(Device.PATIENCE)).isEqualTo(200);
    alicesDevicesSee("delivered", "hi", bob);
    bob.tablet.receivesReceipt("delivered").about("hi").from(bob);

    Sent onIt = alice.phone.chat().report(report.id(), bob.address(), "delivered");
    assertThat(onIt.await(Device.PATIENCE)).isEqualTo(200);
    nobodyElseSeesAnything();
  }

  @Test
  @Spec("wire: IMDN routing")
  void aReceiptOfTheSendersOwnDeviceIsNotForwarded() {
    alice.tablet.reportsDelivered("hi");

    nobodyElseSeesAnything();
  }

  @Test
  @Spec("wire: audience")
  void aReceiptOfSomebodyWhoNeverGotTheMessageIsDropped() {
    carol.phone.byes("SIP;cause=200;text=\"User leaves\"");
    alice.phone.sends("without carol");
    alice.tablet.receivesCopyOf("without carol");
    bob.phone.receives("without carol");
    String id = bob.tablet.receives("without carol").message().id();

    Sent report = carol.phone.device().pageReport(id, alice.address(), "displayed");
    assertThat(report.await(Device.PATIENCE)).isEqualTo(200);

    nobodyElseSeesAnything();
  }

  @Test
  @Spec("wire: IMDN order")
  void aDeviceThatComesLateGetsTheMessageBeforeItsReceipts() {
    bob.phone.reportsDelivered("hi");
    alicesDevicesSee("delivered", "hi", bob);
    bob.tablet.receivesReceipt("delivered").about("hi").from(bob);

    alice.desktop.registers();
    alice.desktop.isInvited();
    alice.desktop.receivesCopyOf("hi");
    alice.desktop.receivesReceipt("delivered").about("hi").from(bob);
    assertThat(alice.desktop.tellingsInOrder()).containsExactly("OwnCopy", "Receipt");
  }
}
