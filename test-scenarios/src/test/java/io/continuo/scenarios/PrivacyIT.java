package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.ladder.Wiretap.Direction;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ScenarioDevice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What one subscriber's devices are told of another's: nothing but what was said.
@ExtendWith(Scenario.class)
class PrivacyIT {
  private static final String PHONE = "urn:uuid:a11ce000-0000-4000-8000-000000000001";
  private static final String TABLET = "urn:uuid:a11ce000-0000-4000-8000-000000000002";
  private static final String PHONES_HOST = "127.77.1.1";
  private static final String TABLETS_HOST = "127.77.1.2";

  private Person alice;
  private Person bob;

  @Test
  @Spec("RFC 3323 §5")
  @Spec("wire: privacy")
  void nothingOfAnyDeviceOfAliceReachesBob() {
    alice.phone.hasInstance(PHONE).livesAt(PHONES_HOST).registers();
    alice.tablet.hasInstance(TABLET).livesAt(TABLETS_HOST).registers();
    bob.phone.registers();
    bob.tablet.isPager().registers();
    alice.phone.invites(bob);
    alice.tablet.isInvited();
    bob.phone.accepts();
    alice.phone.isInTheChat();
    everythingIsSaid();
    alice.tablet.byes();
    alice.phone.byes("SIP;cause=200;text=\"User leaves\"");
    bob.phone.receivesBye();

    for (ScenarioDevice device : List.of(bob.phone, bob.tablet)) {
      String heard = device.device().wiretap().text(Direction.RECEIVED);
      assertThat(heard).as("what bob was told").contains("from the phone", "displayed");
      assertThat(heard.toLowerCase(java.util.Locale.ROOT))
          .doesNotContain("a11ce000", "127.77.", "alice.phone", "alice.tablet", "continuo-device")
          .doesNotContain(port(alice.phone.device().uri()), port(alice.tablet.device().uri()));
    }
  }

  /// A message of each device, receipts of both, typing, a lost connection.
  private void everythingIsSaid() {
    alice.phone.sends("from the phone");
    bob.phone.receives("from the phone");
    bob.tablet.receives("from the phone");
    alice.tablet.receivesCopyOf("from the phone");
    alice.tablet.sends("from the tablet");
    bob.phone.receives("from the tablet");
    bob.tablet.receives("from the tablet");
    alice.phone.receivesCopyOf("from the tablet");
    alice.phone.composes();
    bob.phone.seesTyping(alice);
    bob.phone.sends("answer");
    bob.tablet.receivesCopyOf("answer");
    alice.phone.receives("answer");
    alice.tablet.receives("answer");
    alice.phone.reportsDelivered("answer");
    receiptsOf("delivered");
    alice.tablet.receivesReceipt("delivered").about("answer").from(alice);
    alice.tablet.reportsDisplayed("answer");
    receiptsOf("displayed");
    alice.phone.receivesReceipt("displayed").about("answer").from(alice);
    alice.tablet.drops();
    alice.tablet.rebinds();
  }

  private void receiptsOf(String disposition) {
    bob.phone.receivesReceipt(disposition).about("answer").from(alice);
    bob.tablet.receivesReceipt(disposition).about("answer").from(alice);
  }

  private static String port(String uri) {
    return uri.replaceAll(".*(:\\d+);.*", "$1");
  }
}
