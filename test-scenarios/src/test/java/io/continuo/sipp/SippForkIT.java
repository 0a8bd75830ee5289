package io.continuo.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Every device of the callee is invited, and every answer is kept: played by SIPp.
class SippForkIT {
  @RegisterExtension final SippTest sipp = new SippTest();

  @Test
  @Spec("seed 003 §figure 3")
  void allFourDevicesAcceptAndStay() throws IOException {
    SippChat chat = sipp.starts();
    List<SippDevice> devices = chat.registered(SippChat.BOB, 4);
    List<SippRun> accepted = new ArrayList<>();
    for (SippDevice device : devices) {
      accepted.add(device.accepts());
    }
    SippDevice alice = chat.device(SippChat.ALICE);

    SippRun caller = alice.invitesAndLeavesWhenTold(SippChat.BOB).isAnswered();
    assertThat(alice.says("to all of you")).isEqualTo(200);

    for (SippDevice device : devices) {
      device.msrp().receives("to all of you");
    }
    caller.goesOn();
    caller.succeeds();
    for (SippRun run : accepted) {
      run.succeeds();
    }
    assertThat(callIds(accepted)).hasSize(4);
  }

  @Test
  @Spec("RFC 3261 §16.7")
  void aDeviceThatRejectsDoesNotEndItForItsSiblings() throws IOException {
    SippChat chat = sipp.starts();
    List<SippDevice> devices = chat.registered(SippChat.BOB, 2);
    SippRun rejected = devices.get(0).rejects();
    SippRun accepted = devices.get(1).accepts();
    SippDevice alice = chat.device(SippChat.ALICE);

    SippRun caller = alice.invitesAndLeavesWhenTold(SippChat.BOB).isAnswered();
    rejected.succeeds();
    assertThat(alice.says("still there")).isEqualTo(200);
    devices.get(1).msrp().receives("still there");

    caller.goesOn();
    caller.succeeds();
    accepted.succeeds();
  }

  @Test
  @Spec("RFC 3261 §13.2.2.4")
  void twoDevicesThatAnswerAtOnceAreBothAcknowledged() throws IOException {
    SippChat chat = sipp.starts();
    List<SippDevice> devices = chat.registered(SippChat.BOB, 2);
    SippRun first = devices.get(0).acceptsWhenTold();
    SippRun second = devices.get(1).acceptsWhenTold();
    SippRun caller = chat.device(SippChat.ALICE).invitesAndLeavesWhenTold(SippChat.BOB);
    first.sent("SIP/2.0 180", 1);
    second.sent("SIP/2.0 180", 1);

    first.goesOn();
    second.goesOn();

    first.received("ACK", 1);
    second.received("ACK", 1);
    caller.isAnswered().goesOn();
    caller.succeeds();
    first.succeeds();
    second.succeeds();
  }

  @Test
  @Spec("wire: late device")
  void aDeviceThatRegistersLateIsInvitedAndCatchesUp() throws IOException {
    SippChat chat = sipp.starts();
    SippDevice phone = chat.registered(SippChat.BOB, 1).getFirst();
    SippRun onPhone = phone.accepts();
    SippDevice alice = chat.device(SippChat.ALICE);
    SippRun caller = alice.invitesAndLeavesWhenTold(SippChat.BOB).isAnswered();
    assertThat(alice.says("before the tablet")).isEqualTo(200);
    phone.msrp().receives("before the tablet");

    SippDevice tablet = chat.device(SippChat.BOB);
    tablet.registers();
    SippRun onTablet = tablet.accepts();

    tablet.msrp().receives("before the tablet");
    assertThat(alice.says("after the tablet")).isEqualTo(200);
    tablet.msrp().receives("after the tablet");
    caller.goesOn();
    caller.succeeds();
    onPhone.succeeds();
    onTablet.succeeds();
  }

  private static List<String> callIds(List<SippRun> runs) throws IOException {
    List<String> ids = new ArrayList<>();
    for (SippRun run : runs) {
      ids.add(run.messages().getFirst().header("Call-ID").orElseThrow());
    }
    return ids.stream().distinct().toList();
  }
}
