package io.continuo.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// How sessions end: CANCEL and BYE by every side, played by SIPp.
class SippEndIT {
  @RegisterExtension final SippTest sipp = new SippTest();

  @Test
  @Spec("RFC 3261 §9.2")
  void aCallerThatCancelsStopsEveryDeviceFromRinging() throws IOException {
    SippChat chat = sipp.starts(setup -> setup.with("invite.answer-after", "30s"));
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

  @Test
  @Spec("RFC 3261 §15.1")
  void aCallersByeEndsTheSessionForEveryDevice() throws IOException {
    SippChat chat = sipp.starts();
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

  @Test
  @Spec("RFC 3326 §2")
  void anInvitedUserThatLeavesEndsTheSessionForSiblingAndCaller() throws IOException {
    SippChat chat = sipp.starts();
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

  @Test
  @Spec("RFC 3261 §18.2")
  void aCallerOverTcpChatsAndIsToldOfTheEnd() throws IOException {
    SippChat chat = sipp.starts();
    SippDevice bob = chat.registered(SippChat.BOB, 1).getFirst();
    SippRun leaves = bob.acceptsAndLeavesWhenTold();
    SippDevice alice = chat.device(SippChat.ALICE);
    SippRun caller = alice.invitesOverTcp(SippChat.BOB).isAnswered();
    leaves.received("ACK", 1);
    assertThat(alice.says("over TCP")).isEqualTo(200);
    bob.msrp().receives("over TCP");

    leaves.goesOn();

    leaves.succeeds();
    caller.succeeds();
    assertThat(caller.messages()).anyMatch(m -> !m.sent() && m.firstLine().startsWith("BYE"));
  }
}
