package io.continuo.server.transport.sip;

import static io.continuo.server.transport.sip.Scene.ALICE_TCP;
import static io.continuo.server.transport.sip.Scene.ALICE_UDP;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.configuration.AuthSettings;
import io.continuo.server.configuration.RegistrarSettings;
import io.continuo.server.identity.DeviceId;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.ChannelKind;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import io.continuo.server.registrar.DeviceSource;
import io.continuo.sip.Flow;
import io.continuo.sip.NextHop;
import io.continuo.sip.SipHeader;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Flows (RFC 5626), Path (RFC 3327) and Service-Route (RFC 3608): what a REGISTER is told, and
/// which way a request takes when the first one fails.
class OutboundFlowsTest {
  private static final LegId LEG = new LegId("leg1");
  private static final String CONTACT =
      "<sip:alice@192.0.2.1:6000;transport=tcp;ob>;reg-id=1;+sip.instance=\"<urn:uuid:phone>\"";

  private final Scene scene = scene(RegistrarSettings.DEFAULT);

  private static Scene scene(RegistrarSettings registrar) {
    Scene scene =
        new Scene(
            Scene.auth(AuthSettings.TrustFlow.ALL),
            Scene.settings("multi-client", false, ""),
            registrar);
    scene.flowOwners.put(ALICE_UDP.toString(), Scene.ALICE);
    return scene;
  }

  private static SipHeaders register(String... more) {
    SipHeaders headers =
        SipHeaders.of(
            "From", "<sip:alice@continuo.test>;tag=1",
            "To", "<sip:alice@continuo.test>",
            "Call-ID", "reg1",
            "CSeq", "7 REGISTER",
            "Contact", CONTACT);
    for (int i = 0; i < more.length; i += 2) {
      headers = headers.with(more[i], more[i + 1]);
    }
    return headers;
  }

  private static FakeEndpoint.Request registers(Scene scene, SipHeaders headers, Flow flow) {
    return scene.request("REGISTER", "sip:continuo.test", headers, "", flow);
  }

  // ---- REGISTER

  @ParameterizedTest
  @ValueSource(strings = {"0", "x", "-1", "2147483648", "99999999999999999999", ""})
  @Spec("RFC 5626 §4.2")
  void aFlowThatIsNotNumberedRightIs400AndNothingIsBound(String regId) {
    String contact = CONTACT.replace("reg-id=1", "reg-id=" + regId);
    SipHeaders headers = register("Supported", "path, outbound");
    SipHeaders wrong =
        new SipHeaders(
            headers.all().stream()
                .map(header ->
                    header.name().equals("Contact") ? new SipHeader("Contact", contact) : header)
                .toList());
    assertThat(registers(scene, wrong, ALICE_TCP).status()).isEqualTo(400);
    assertThat(scene.registrations).isEmpty();
  }

  @Test
  @Spec("RFC 5626 §6")
  @Spec("RFC 5626 §4.4")
  void whoBindsAFlowOverAConnectionIsToldHowOftenToKeepItAlive() {
    SipHeaders ok =
        registers(scene, register("Supported", "path, outbound"), ALICE_TCP).answer().headers();

    assertThat(ok.lines("Require")).containsExactly("outbound");
    assertThat(ok.elements("Supported")).contains("outbound", "path", "gruu");
    assertThat(ok.first("Flow-Timer")).contains("120");
  }

  @Test
  @Spec("RFC 5626 §4.4")
  void theFlowTimerIsOfConnectionsOfOursOnlyAndMayBeLeftOut() {
    SipHeaders outbound = register("Supported", "outbound");
    assertThat(registers(scene, outbound, ALICE_UDP).answer().headers().has("Flow-Timer"))
        .isFalse();
    SipHeaders throughEdge =
        outbound
            .with("Via", "SIP/2.0/TCP edge.test;branch=z9hG4bK1, SIP/2.0/TCP 192.0.2.1")
            .with("Path", "<sip:token@edge.test;lr;ob>");
    FakeEndpoint.Request edge =
        scene.withDigest(
            "REGISTER", "sip:continuo.test", throughEdge, ALICE_TCP, "alice", Scene.PASSWORD);
    assertThat(edge.answer().headers().lines("Require")).containsExactly("outbound");
    assertThat(edge.answer().headers().has("Flow-Timer")).isFalse();

    RegistrarSettings d = RegistrarSettings.DEFAULT;
    Scene silent =
        scene(
            new RegistrarSettings(
                d.defaultExpires(),
                d.minExpires(),
                d.maxExpires(),
                d.maxDevices(),
                d.learnedLifetime(),
                d.inviteBackoff(),
                Duration.ZERO,
                ""));
    assertThat(registers(silent, outbound, ALICE_TCP).answer().headers().has("Flow-Timer"))
        .isFalse();
  }

  @Test
  @Spec("RFC 5626 §6")
  void aRegistrationWithoutOutboundIsNotToldOfIt() {
    SipHeaders ok = registers(scene, register("Supported", "path"), ALICE_TCP).answer().headers();

    assertThat(ok.has("Require")).isFalse();
    assertThat(ok.has("Flow-Timer")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|439",
        "<sip:edge.test;lr>|439",
        "<sip:second.test;lr;ob>, <sip:edge.test;lr>|439",
        "<sip:second.test;lr>, <sip:edge.test;lr;ob>|200"
      })
  @Spec("RFC 5626 §6")
  void aFirstHopWithoutOutboundIs439(String path, int status) {
    SipHeaders headers =
        register("Supported", "path, outbound")
            .with("Via", "SIP/2.0/TCP edge.test;branch=z9hG4bK1")
            .with("Via", "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK2");
    FakeEndpoint.Request request =
        scene.withDigest(
            "REGISTER",
            "sip:continuo.test",
            path == null ? headers : headers.with("Path", path),
            ALICE_TCP,
            "alice",
            Scene.PASSWORD);

    assertThat(request.status()).isEqualTo(status);
    assertThat(scene.registrations).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  @Spec("RFC 3608 §6.3")
  void aServiceRouteIsToldWhenThereIsOne() {
    RegistrarSettings d = RegistrarSettings.DEFAULT;
    Scene routed =
        scene(
            new RegistrarSettings(
                d.defaultExpires(),
                d.minExpires(),
                d.maxExpires(),
                d.maxDevices(),
                d.learnedLifetime(),
                d.inviteBackoff(),
                d.flowTimer(),
                "sip:127.0.0.1:5070;transport=tcp;lr"));

    assertThat(registers(routed, register(), ALICE_TCP).answer().headers().lines("Service-Route"))
        .containsExactly("<sip:127.0.0.1:5070;transport=tcp;lr>");
    assertThat(registers(scene, register(), ALICE_TCP).answer().headers().has("Service-Route"))
        .isFalse();
  }

  @Test
  @Spec("RFC 3608 §6.1")
  void whatDevicesSendByTheServiceRouteReachesUs() {
    SipHeaders headers =
        Scene.chatHeaders("bob").with("Route", "<sip:127.0.0.1:5070;transport=tcp;lr>");
    scene.invite("sip:bob@continuo.test", headers, "application/sdp", Scene.chatSdp(), ALICE_TCP);

    assertThat(scene.invitations).hasSize(1);
  }

  @Test
  @Spec("RFC 3327 §5.3")
  void aPathIsTakenFromWhoDoesNotSupportItAndNotTold() {
    SipHeaders headers = register("Path", "<sip:edge.test;lr>");
    SipHeaders ok =
        scene
            .withDigest(
                "REGISTER", "sip:continuo.test", headers, ALICE_TCP, "alice", Scene.PASSWORD)
            .answer()
            .headers();

    assertThat(scene.registrations.getFirst().path()).containsExactly("<sip:edge.test;lr>");
    assertThat(ok.has("Path")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"path,200", "outbound,200", "gruu,200", "sec-agree,420"})
  @Spec("RFC 3327 §5.3")
  @Spec("RFC 3261 §8.2.2.3")
  void whatMayBeRequired(String tag, int status) {
    FakeEndpoint.Request request = registers(scene, register("Require", tag), ALICE_TCP);

    assertThat(request.status()).isEqualTo(status);
    assertThat(request.answer().headers().first("Unsupported"))
        .isEqualTo(status == 420 ? Optional.of(tag) : Optional.empty());
  }

  // ---- which way

  private static final String BOBS = "sip:bob@10.0.0.1;ob";

  private static DeviceRoute edge(int regId, String path) {
    return new DeviceRoute(BOBS, List.of(path), Optional.empty(), regId, Map.of(), Instant.MAX);
  }

  private static Device bob(DeviceRoute... routes) {
    return new Device(
        new DeviceId(Scene.BOB, "urn:uuid:bobs"),
        DeviceSource.REGISTER,
        ChannelKind.SESSION,
        List.of(routes));
  }

  private static DeviceRoute direct(long connection, int regId) {
    Flow flow = Scene.flow(Flow.Transport.TCP, "192.0.2.2", connection);
    return new DeviceRoute(
        BOBS, List.of(), Optional.of(flow.toString()), regId, Map.of(), Instant.MAX);
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void aFlowThatFailedAtItsEdgeIsUnboundAndTheNextOneTried() {
    scene.gateway.invite(
        LEG,
        Scene.invitation(
            bob(edge(1, "<sip:one@edge1.test;lr;ob>"), edge(2, "<sip:two@edge2.test;lr;ob>"))));
    scene
        .endpoint
        .calls
        .getFirst()
        .listener()
        .refused(SipResponse.of(430, SipHeaders.of("CSeq", "1 INVITE")));

    assertThat(scene.failedFlows)
        .containsExactly("urn:uuid:bobs " + BOBS + " [<sip:one@edge1.test;lr;ob>]");
    assertThat(scene.endpoint.calls).hasSize(2);
    assertThat(scene.endpoint.calls.getLast().request().headers().lines("Route"))
        .containsExactly("<sip:two@edge2.test;lr;ob>");
    assertThat(scene.told).isEmpty();
  }

  @Test
  @Spec("RFC 5626 §5.3")
  void aConnectionThatClosesWhileTheDeviceRingsMovesTheInviteToTheOtherFlow() {
    scene.gateway.invite(LEG, Scene.invitation(bob(direct(9, 1), direct(10, 2))));
    FakeEndpoint.Call first = scene.endpoint.calls.getFirst();
    first.listener().provisional(SipResponse.of(180, SipHeaders.of("CSeq", "1 INVITE")));
    first.listener().refused(SipResponse.of(503));

    assertThat(scene.endpoint.calls).hasSize(2);
    assertThat(scene.endpoint.calls.getLast().request().nextHop())
        .isEqualTo(new NextHop.OverFlow(Scene.flow(Flow.Transport.TCP, "192.0.2.2", 10)));
    assertThat(scene.told).containsExactly("ringing leg1");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  @Spec("RFC 5626 §5.3")
  void aFlowOverWhichNobodyAnswersIsFollowedByTheOther(int status) {
    scene.gateway.invite(LEG, Scene.invitation(bob(direct(9, 1), direct(10, 2))));
    scene.endpoint.calls.getFirst().listener().refused(SipResponse.of(status));

    assertThat(scene.endpoint.calls).hasSize(2);
    assertThat(scene.endpoint.calls.getLast().request().nextHop())
        .isEqualTo(new NextHop.OverFlow(Scene.flow(Flow.Transport.TCP, "192.0.2.2", 10)));
    assertThat(scene.told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 503})
  void aDeviceThatRangAndThenSaysNoIsNotTriedOverItsOtherFlow(int status) {
    scene.gateway.invite(LEG, Scene.invitation(bob(direct(9, 1), direct(10, 2))));
    FakeEndpoint.Call first = scene.endpoint.calls.getFirst();
    first.listener().provisional(SipResponse.of(180, SipHeaders.of("CSeq", "1 INVITE")));
    first.listener().refused(SipResponse.of(status, SipHeaders.of("CSeq", "1 INVITE")));

    assertThat(scene.endpoint.calls).hasSize(1);
  }

  // ---- 503 with Retry-After from a device

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"120|120", "120 (in a meeting);duration=60|120", "999999999|3600"})
  @Spec("RFC 3261 §20.33")
  void aDeviceThatSaysWhenToComeBackIsLeftAloneSoLong(String retryAfter, int seconds) {
    scene.gateway.invite(LEG, Scene.invitation(bob(direct(9, 0))));
    scene
        .endpoint
        .calls
        .getFirst()
        .listener()
        .refused(SipResponse.of(503, SipHeaders.of("CSeq", "1 INVITE", "Retry-After", retryAfter)));

    assertThat(scene.attempts)
        .containsExactly("urn:uuid:bobs 503", "urn:uuid:bobs left alone " + seconds);
    assertThat(scene.told).containsExactly("refused leg1 503 after " + seconds);
  }
}
