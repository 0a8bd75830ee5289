package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.ChatMessage;
import io.continuo.device.Device;
import io.continuo.device.Sent;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ScenarioDevice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A device that comes to a chat in which much has been said, and in which others go on talking.
@ExtendWith(Scenario.class)
class LateJoinIT {
  private static final int STORED = 500;

  /// Messages that each of two writers says while the late device catches up.
  private static final int MEANWHILE = 100;

  private Person alice;
  private Person bob;

  @Test
  @Spec("seed 003: late joining device")
  @Spec("wire: late device")
  void aLateDeviceGetsEverythingOnceAndInOrderWhileOthersGoOnWriting() {
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();
    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.phone.isInTheChat();
    alice.tablet.isInvited();
    says(alice.phone, "stored", STORED);
    alice.tablet.reads(STORED);
    bob.phone.reads(STORED);

    try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
      var one =
          CompletableFuture.runAsync(() -> says(alice.phone, "from alice", MEANWHILE), writers);
      var two = CompletableFuture.runAsync(() -> says(bob.phone, "from bob", MEANWHILE), writers);
      bob.tablet.registers();
      bob.tablet.accepts();
      bob.tablet.reads(STORED + 2 * MEANWHILE);
      CompletableFuture.allOf(one, two).join();
    }
    alice.tablet.reads(2 * MEANWHILE);
    bob.phone.reads(MEANWHILE);
    alice.phone.reads(MEANWHILE);

    assertThat(bytesOn(bob.tablet)).as("every byte, in order").isEqualTo(bytesOn(alice.tablet));
    assertThat(bob.tablet.device().mailbox().messages())
        .allSatisfy(message ->
            assertThat(bob.tablet.device().mailbox().arrivals(message.id())).isEqualTo(1));

    alice.phone.sends("live");
    bob.tablet.receives("live").from(alice).once();
    bob.phone.receives("live").once();
    alice.tablet.receivesCopyOf("live").once();
    bob.tablet.sends("here I am");
    alice.phone.receives("here I am").from(bob).once();
    alice.tablet.receives("here I am").from(bob).once();
    bob.phone.receivesCopyOf("here I am").once();
  }

  private static void says(ScenarioDevice writer, String what, int times) {
    List<Sent> sent = new ArrayList<>();
    for (int i = 1; i <= times; i++) {
      sent.add(writer.sending(what + " " + i));
      if (i % 20 == 0) {
        sent.forEach(each -> assertThat(each.await(Device.PATIENCE)).isEqualTo(200));
        sent.clear();
      }
    }
  }

  private static List<String> bytesOn(ScenarioDevice device) {
    return device.device().mailbox().messages().stream()
        .map(ChatMessage::raw)
        .map(raw -> new String(raw, StandardCharsets.ISO_8859_1))
        .toList();
  }
}
