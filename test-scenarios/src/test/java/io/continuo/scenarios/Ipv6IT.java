package io.continuo.scenarios;

import io.continuo.conformance.Spec;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A chat with every address an IPv6 one: SIP, SDP, MSRP and the operations port.
@ExtendWith(Scenario.class)
@Configured({
  "sip.host='::1'",
  "msrp.host='::1'",
  "msrp.connect-to=['::1/128']",
  "operations.host='::1'"
})
class Ipv6IT {
  private Person alice;
  private Person bob;

  @Test
  @Spec("RFC 4975 §6")
  @Spec("RFC 4566 §5.7")
  void aChatOverIpv6ReachesEveryDevice() {
    alice.phone.registers();
    alice.tablet.registers();
    bob.phone.registers();

    alice.phone.invites(bob);
    bob.phone.accepts();
    alice.tablet.isInvited();
    alice.phone.isInTheChat();

    alice.phone.sends("hi");
    bob.phone.receives("hi").from(alice);
    alice.tablet.receivesCopyOf("hi").once();

    bob.phone.sends("hello");
    alice.phone.receives("hello").from(bob);
    alice.tablet.receives("hello").from(bob);
  }
}
