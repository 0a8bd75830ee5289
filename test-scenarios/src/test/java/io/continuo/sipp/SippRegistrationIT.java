package io.continuo.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// REGISTER, also of an S-CSCF, and digest failures: played by SIPp.
class SippRegistrationIT {
  @RegisterExtension final SippTest sipp = new SippTest();

  @Test
  @Spec("RFC 3261 §10.2.1")
  void fourDevicesOfOneSubscriberRegister() throws IOException {
    SippChat chat = sipp.starts();
    List<SippDevice> devices = chat.registered(SippChat.BOB, 3);
    SippDevice fourth = chat.device(SippChat.BOB);
    devices.add(fourth);

    TracedMessage answer = fourth.registers().messages().getLast();

    assertThat(answer.firstLine()).isEqualTo("SIP/2.0 200 OK");
    for (SippDevice device : devices) {
      assertThat(answer.text()).contains(device.instance());
    }
  }

  @Test
  @Spec("RFC 3261 §18.2")
  void aDeviceRegistersOverTcpToo() throws IOException {
    SippDevice device = sipp.starts().device(SippChat.BOB);

    TracedMessage answer = device.registersOverTcp().messages().getLast();

    assertThat(answer.firstLine()).isEqualTo("SIP/2.0 200 OK");
    assertThat(answer.text()).containsIgnoringCase("transport=tcp").contains(device.instance());
  }

  @Test
  @Spec("RFC 3261 §22.1")
  void aWrongPasswordIsChallengedAgain() throws IOException {
    SippChat chat = sipp.starts();
    SippDevice device = chat.device(SippChat.BOB, "not the secret", chat.addresses().sip());

    device.run("register-refused").succeeds();
  }

  @Test
  @Spec("RFC 3261 §22.1")
  void anUnknownUserGetsTheSameAsAWrongPassword() throws IOException {
    SippChat chat = sipp.starts();
    SippDevice unknown = chat.device("nobody", "secret", chat.addresses().sip());
    SippDevice wrong = chat.device(SippChat.BOB, "wrong", chat.addresses().sip());

    List<String> toUnknown = answers(unknown.run("register-refused").succeeds());
    List<String> toWrong = answers(wrong.run("register-refused").succeeds());

    assertThat(toUnknown).isEqualTo(toWrong);
  }

  @Test
  @Spec("TS 24.229 §5.4.1.7")
  void aDeviceThatTheSCscfTellsOfIsInvited() throws IOException {
    InetAddress cscf = InetAddress.ofLiteral("127.0.0.2");
    InetSocketAddress address = new InetSocketAddress(cscf, Sipp.freePort(cscf));
    SippChat chat =
        sipp.starts(setup ->
            setup
                .with("sip.trusted-peers", "['127.0.0.2']")
                .with(
                    "sip.outbound-proxy",
                    "'sip:127.0.0.2:" + address.getPort() + ";transport=udp;lr'"));
    SippDevice behind = chat.device(SippChat.BOB);
    SippDevice alice = chat.device(SippChat.ALICE);
    behind.start(behind.sipp("scscf-registers").at(address)).succeeds();
    SippRun core = behind.start(behind.sipp("device-accepts").at(address));

    SippRun caller = alice.invitesAndLeavesWhenTold(SippChat.BOB).isAnswered();
    behind.msrp().isBound();
    caller.goesOn();

    caller.succeeds();
    core.succeeds();
  }

  private static List<String> answers(SippRun run) throws IOException {
    return run.messages().stream()
        .filter(message -> !message.sent())
        .map(TracedMessage::firstLine)
        .toList();
  }
}
