package io.continuo.server.transport.sip;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.b2bua.Invitation;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.configuration.SipSettings;
import io.continuo.server.identity.LegId;
import io.continuo.sip.Flow;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Addresses of IPv6 in settings, URIs and SDP.
class Ipv6Test {
  private static final Flow CORE = Scene.flow(Flow.Transport.TCP, "2001:db8::9", 3);

  private static Scene onIpv6(String host) {
    return new Scene(
        AuthSettings.DEFAULT,
        new SipSettings(
            "continuo.test",
            host,
            0,
            Set.of("udp", "tcp"),
            5061,
            5080,
            5443,
            Set.of(),
            "chat",
            "multi-client",
            false,
            Set.of("2001:DB8:0::9"),
            "",
            65_000,
            1_300,
            10,
            Duration.ofMinutes(1),
            List.of(),
            Duration.ofSeconds(10)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1]"})
  void ourContactAndSdpAreWellFormed(String host) {
    Scene scene = onIpv6(host);
    Invitation invitation =
        Scene.invitation(
            Scene.device("urn:uuid:b", "sip:bob@[2001:db8::2]:6000", Optional.empty()));
    MsrpMedia media = invitation.offer();
    scene.gateway.invite(
        new LegId("leg"),
        new Invitation(
            invitation.device(),
            invitation.from(),
            invitation.to(),
            Optional.empty(),
            new MsrpMedia(
                List.of("msrp://[::1]:2855/leg1;tcp"),
                media.setup(),
                2855,
                media.acceptTypes(),
                media.acceptWrappedTypes(),
                media.maxSize(),
                true),
            invitation.headers(),
            invitation.expires()));
    OutboundRequest request = scene.endpoint.calls.getFirst().request();
    assertThat(request.headers().first("Contact").orElse(""))
        .startsWith("<sip:continuo@[::1]:5070;");
    assertThat(new String(request.body(), StandardCharsets.UTF_8))
        .contains("c=IN IP6 ::1\r\n", "a=path:msrp://[::1]:2855/leg1;tcp\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sip:bob@continuo.test", "sip:bob@[::1]", "sip:bob@[::1]:5070"})
  void anInviteToOurAddressIsTakenAndATrustedPeerBelieved(String uri) {
    Scene scene = onIpv6("::1");
    SipHeaders headers =
        Scene.chatHeaders("bob").with("P-Asserted-Identity", "<sip:alice@continuo.test>");
    scene.invite(uri, headers, "application/sdp", Scene.chatSdp(), CORE);
    assertThat(scene.invitations).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sip:[::1]", "sip:[::1]:5070;transport=tcp"})
  void ourAddressIsTheServer(String uri) {
    assertThat(
            onIpv6("::1")
                .request("OPTIONS", uri, Scene.from("alice"), "", Scene.ALICE_TCP)
                .status())
        .isEqualTo(200);
  }
}
