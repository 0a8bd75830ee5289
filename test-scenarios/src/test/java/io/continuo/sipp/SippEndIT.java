package io.continuo.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class SippEndIT {
  @TempDir Path directory;

  @Test
  @Spec("RFC 3261 §9.2")
  void aCallerThatCancelsStopsEveryDeviceFromRinging(TestInfo test) throws IOException {
    try (SippChat chat =
        SippChat.start(name(test), directory, setup -> setup.with("invite.answer-after", "30s"))) {
      List<SippDevice> devices = chat.registered(SippChat.BOB, 2);
      SippRun first = devices.get(0).ringsUntilCancelled();
      SippRun second = devices.get(1).ringsUntilCancelled();

      SippRun caller = chat.device(SippChat.ALICE).invitesAndCancelsWhenTold(SippChat.BOB);
      caller.received("SIP/2.0 180", 1);
      first.sent("SIP/2.0 180", 1);
      second.sent("SIP/2.0 180", 1);
      caller.goesOn();

      caller.succeeds();
      first.succeeds();
      second.succeeds();
    }
  }

  @Test
  @Spec("RFC 3261 §15.1")
  void aCallersByeEndsTheSessionForEveryDevice(TestInfo test) throws IOException {
    try (SippChat chat = SippChat.start(name(test), directory)) {
      List<SippDevice> devices = chat.registered(SippChat.BOB, 2);
      SippRun first = devices.get(0).accepts();
      SippRun second = devices.get(1).accepts();
      SippRun caller =
          chat.device(SippChat.ALICE).invitesAndLeavesWhenTold(SippChat.BOB).isAnswered();
      first.received("ACK", 1);
      second.received("ACK", 1);

      caller.goesOn();

      caller.succeeds();
      first.succeeds();
      second.succeeds();
    }
  }

  @Test
  @Spec("RFC 3326 §2")
  void anInvitedUserThatLeavesEndsTheSessionForSiblingAndCaller(TestInfo test) throws IOException {
    try (SippChat chat = SippChat.start(name(test), directory)) {
      List<SippDevice> devices = chat.registered(SippChat.BOB, 2);
      SippRun leaves = devices.get(0).acceptsAndLeavesWhenTold();
      SippRun stays = devices.get(1).accepts();
      SippRun caller = chat.device(SippChat.ALICE).invites(SippChat.BOB).isAnswered();
      leaves.received("ACK", 1);
      stays.received("ACK", 1);

      leaves.goesOn();

      leaves.succeeds();
      stays.succeeds();
      caller.succeeds();
      assertThat(caller.messages()).anyMatch(m -> !m.sent() && m.firstLine().startsWith("BYE"));
    }
  }

  private static String name(TestInfo test) {
    return test.getTestMethod().orElseThrow().getName();
  }
}
