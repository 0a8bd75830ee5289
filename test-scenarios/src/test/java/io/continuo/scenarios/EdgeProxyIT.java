package io.continuo.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.sip.SipHeaders;
import io.continuo.scenarios.language.Configured;
import io.continuo.scenarios.language.Person;
import io.continuo.scenarios.language.Scenario;
import io.continuo.scenarios.language.ScenarioDevice;
import io.continuo.scenarios.language.ServerUnderTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Bob's phone is behind an edge proxy, with two flows to it: Path (RFC 3327), Service-Route (RFC
/// 3608), and a flow that the edge has lost (RFC 5626 §5.3).
@ExtendWith(Scenario.class)
@Configured("registrar.service-route=sip:continuo.test;lr")
class EdgeProxyIT {
  private static final String ONE = "urn:uuid:b0b00000-0000-4000-8000-000000000001";

  private ServerUnderTest server;
  private Person alice;
  private Person bob;
  private EdgeProxy edge;
  private ScenarioDevice mobile;
  private ScenarioDevice wifi;

  @BeforeEach
  void bobsPhoneRegistersThroughTheEdge() throws IOException {
    edge = new EdgeProxy(server.sip());
    alice.phone.registers();
    mobile = bob.phone.hasInstance(ONE).hasFlow(1).isBehind(edge).registers();
    wifi = bob.tablet.hasInstance(ONE).hasFlow(2).isBehind(edge).registers();
  }

  @Test
  @Spec("RFC 3327 §5.3")
  @Spec("RFC 3608 §6.3")
  @Spec("RFC 3608 §6.1")
  void theDeviceIsReachedByItsPathAndItsRequestsComeByTheServiceRoute() {
    SipHeaders told = wifi.registration().headers();
    assertThat(told.all("Path")).containsExactly(path(wifi));
    assertThat(told.all("Service-Route")).containsExactly("<sip:continuo.test;lr>");

    alice.phone.invites(bob);
    wifi.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("by the Path");
    wifi.receives("by the Path").from(alice).once();
    assertThat(edge.brought("INVITE"))
        .singleElement()
        .satisfies(invite -> assertThat(UdpSip.header(invite, "Route")).isEqualTo(path(wifi)))
        .satisfies(invite -> assertThat(invite).startsWith("INVITE " + wifi.device().uri()));
    alice.phone.byes("SIP;cause=200");
    wifi.receivesBye();

    // The edge put the Service-Route before it.
    wifi.invites(alice);
    alice.phone.accepts();
    wifi.isInTheChat();
    wifi.sends("by the Service-Route");
    alice.phone.receives("by the Service-Route").from(bob).once();
    wifi.byes("SIP;cause=200");
    alice.phone.receivesBye();
    mobile.receivesNothing();
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void aFlowThatTheEdgeHasLostIsUnboundAndTheOtherOneIsTaken() {
    edge.loses(local(wifi));

    alice.phone.invites(bob);
    mobile.accepts();
    alice.phone.isInTheChat();
    alice.phone.sends("the other way");
    mobile.receives("the other way").from(alice).once();
    assertThat(edge.brought("INVITE"))
        .extracting(invite -> UdpSip.header(invite, "Route"))
        .containsExactly(path(wifi), path(mobile));
    alice.phone.byes("SIP;cause=200");
    mobile.receivesBye();

    // The lost one is not tried again.
    alice.phone.invites(bob);
    mobile.accepts();
    alice.phone.isInTheChat();
    assertThat(edge.brought("INVITE")).hasSize(3);
  }

  @Test
  @Spec("RFC 3261 §13.2.2.4")
  void aForkBehindTheEdgeIsOneDeviceAndWhoAnswersLaterIsEnded() {
    ScenarioDevice behindIt = bob.desktop.isBehind(edge);
    edge.forks(local(wifi), local(behindIt));

    alice.phone.invites(bob);
    wifi.isInvited();
    behindIt.isInvited();
    wifi.accepts();
    behindIt.answers();
    behindIt.receivesBye();

    alice.phone.isInTheChat();
    alice.phone.sends("to one of them");
    wifi.receives("to one of them").from(alice).once();
    wifi.sends("it is me");
    alice.phone.receives("it is me").from(bob).once();
    assertThat(edge.brought("ACK")).as("both are acknowledged").hasSize(2);
    assertThat(edge.brought("BYE")).as("one is ended").hasSize(1);
    mobile.receivesNothing();
  }

  private String path(ScenarioDevice flow) {
    return edge.pathOf(local(flow));
  }

  private static InetSocketAddress local(ScenarioDevice flow) {
    return flow.device().local();
  }
}
