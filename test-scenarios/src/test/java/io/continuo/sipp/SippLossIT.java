package io.continuo.sipp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.ServerSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A network that loses datagrams between SIPp and the server.
class SippLossIT {
  private static final long SEED = 20_260_101;
  private static final double LOSS = 0.25;

  @RegisterExtension final SippTest sipp = new SippTest();

  @Test
  @Spec("RFC 3261 §17.1.1")
  @Spec("RFC 3261 §17.2.1")
  void aChatIsSetUpAndEndedThoughAQuarterOfTheDatagramsIsLost() throws IOException {
    SippChat chat = sipp.starts();
    try (LossyForwarder lossy = LossyForwarder.towards(chat.addresses().sip(), SEED, LOSS)) {
      List<SippDevice> devices = new ArrayList<>();
      List<SippRun> accepted = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SippDevice device =
            chat.device(SippChat.BOB, ServerSetup.passwordOf(SippChat.BOB), lossy.address());
        device.registers();
        devices.add(device);
        accepted.add(device.accepts());
      }
      SippDevice alice =
          chat.device(SippChat.ALICE, ServerSetup.passwordOf(SippChat.ALICE), lossy.address());

      SippRun caller = alice.invitesAndLeavesWhenTold(SippChat.BOB).isAnswered();
      for (SippDevice device : devices) {
        device.msrp().isBound();
      }
      caller.goesOn();

      caller.succeeds();
      for (SippRun run : accepted) {
        run.succeeds();
      }
      System.out.printf(
          "seed %d: %d datagrams lost, %d retransmissions%n",
          SEED, lossy.lost(), lossy.retransmissions());
      assertThat(lossy.lost()).isPositive();
      assertThat(lossy.retransmissions()).isPositive();
    }
  }
}
