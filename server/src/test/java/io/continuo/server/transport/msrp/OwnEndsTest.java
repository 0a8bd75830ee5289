package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.server.b2bua.MsrpEnd;
import io.continuo.server.b2bua.MsrpMedia;
import io.continuo.server.b2bua.MsrpMedia.Carriage;
import io.continuo.server.b2bua.MsrpMedia.Setup;
import io.continuo.server.configuration.MsrpTransportSettings;
import io.continuo.server.configuration.MsrpTransportSettings.Offer;
import io.continuo.server.identity.LegId;
import io.continuo.server.registrar.Device;
import io.continuo.server.registrar.DeviceRoute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Over what a device is offered a session (`msrp.offer`), and answered one.
class OwnEndsTest {
  private static final LegId LEG = new LegId("leg");

  private static OwnEnds ends(Offer offer, boolean requireTls, String... transports) {
    MsrpTransportSettings d = MsrpTransportSettings.DEFAULT;
    MsrpTransportSettings settings =
        new MsrpTransportSettings(
            List.of(transports),
            0,
            0,
            0,
            offer,
            requireTls,
            true,
            d.fingerprintHashes(),
            d.matchSessionId(),
            d.websocketOrigins(),
            d.websocketPing(),
            d.websocketFrame(),
            d.handshakeTimeout());
    return new OwnEnds(
        "192.0.2.9",
        settings,
        Optional.of(OwnCertificate.material()),
        carrier -> 1000 + carrier.ordinal());
  }

  private static Device signallingOver(String transport) {
    DeviceRoute route =
        new DeviceRoute(
            "sip:bob@192.0.2.1",
            List.of(),
            transport.isEmpty() ? Optional.empty() : Optional.of(transport + "/192.0.2.1:5060/7"),
            0,
            Map.of(),
            Instant.MAX);
    Device phone = MsrpEndpointFixture.PHONE;
    return new Device(phone.id(), phone.source(), phone.channel(), List.of(route));
  }

  @ParameterizedTest
  @CsvSource({
    "AS_SIGNALLED, udp,     tcp tls ws wss, msrp://192.0.2.9:1000/leg;tcp",
    "AS_SIGNALLED, '',      tcp tls ws wss, msrp://192.0.2.9:1000/leg;tcp",
    "AS_SIGNALLED, tls,     tcp tls ws wss, msrps://192.0.2.9:1001/leg;tcp",
    "AS_SIGNALLED, tls,     tcp,            msrp://192.0.2.9:1000/leg;tcp",
    "AS_SIGNALLED, tcp,     tls,            msrps://192.0.2.9:1001/leg;tcp",
    "AS_SIGNALLED, ws,      tcp tls ws wss, msrp://192.0.2.9:1002/leg;ws",
    "AS_SIGNALLED, wss,     tcp tls ws wss, msrps://192.0.2.9:1003/leg;ws",
    "AS_SIGNALLED, ws,      tcp wss,        msrps://192.0.2.9:1003/leg;ws",
    "TCP,          tls,     tcp tls ws wss, msrp://192.0.2.9:1000/leg;tcp",
    "TCP,          wss,     tcp tls ws wss, msrps://192.0.2.9:1003/leg;ws",
    "TLS,          udp,     tcp tls ws wss, msrps://192.0.2.9:1001/leg;tcp",
  })
  void theOfferFollowsThePolicyAndTheDevice(
      Offer offer, String signalling, String transports, String path) {
    MsrpEnd end = ends(offer, false, transports.split(" ")).offer(LEG, signallingOver(signalling));
    assertThat(end.path()).containsExactly(path);
    assertThat(end.carriage().secure()).isEqualTo(path.startsWith("msrps"));
    assertThat(end.carriage().fingerprints())
        .hasSize(path.startsWith("msrps") && path.endsWith("tcp") ? 1 : 0);
  }

  @Test
  void whereTlsIsRequiredNothingElseIsOffered() {
    assertThat(
            ends(Offer.TCP, true, "tcp", "tls").offer(LEG, signallingOver("udp")).path().getFirst())
        .startsWith("msrps://");
  }

  @ParameterizedTest
  @CsvSource({
    "true,  msrps://h:1/s;tcp, msrps://192.0.2.9:1001/leg;tcp",
    "false, msrp://h:1/s;tcp,  msrp://192.0.2.9:1000/leg;tcp",
    "false, msrp://h:1/s;ws,   msrp://192.0.2.9:1002/leg;ws",
    "true,  msrps://h:1/s;ws,  msrps://192.0.2.9:1003/leg;ws",
    "true,  msrps://h:1/s;wss, msrps://192.0.2.9:1003/leg;ws",
  })
  void anAnswerIsOverWhatWasOfferedAndTheNextOfferToo(boolean secure, String path, String ours) {
    OwnEnds ends = ends(Offer.AS_SIGNALLED, false, "tcp", "tls", "ws", "wss");
    Device device = signallingOver("tcp");
    MsrpMedia offer =
        new MsrpMedia(
            List.of(path),
            Setup.ACTIVE,
            9,
            List.of(),
            List.of(),
            Long.MAX_VALUE,
            true,
            new Carriage(secure, "", false, List.of()));
    assertThat(ends.answer(LEG, device, offer).path()).containsExactly(ours);
    assertThat(ends.offer(LEG, device).path()).containsExactly(ours);
  }
}
