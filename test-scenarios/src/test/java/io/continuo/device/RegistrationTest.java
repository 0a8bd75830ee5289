package io.continuo.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.device.ladder.Ladder;
import io.continuo.device.ladder.Wiretap;
import io.continuo.device.sip.DigestAnswer;
import io.continuo.device.sip.ServerTransaction;
import io.continuo.device.sip.SipAgent;
import io.continuo.device.sip.SipRequest;
import io.continuo.device.sip.SipResponse;
import io.continuo.device.sip.SipUser;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The device before a registrar that challenges.
class RegistrationTest {
  private static final InetSocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
  private final Ladder ladder = new Ladder("registrar");

  /// Challenges with the given algorithms, then takes whatever is right for one of them.
  private static final class Registrar implements SipUser {
    final List<SipRequest> requests = new ArrayList<>();
    private final List<String> algorithms;

    Registrar(String... algorithms) {
      this.algorithms = List.of(algorithms);
    }

    @Override
    public void requested(ServerTransaction request) {
      requests.add(request.request());
      String given = request.request().headers().first("Authorization").orElse("");
      request.respond(
          algorithms.stream().anyMatch(algorithm -> isRight(given, algorithm))
              ? request.answer(200)
              : challenge(request));
    }

    private SipResponse challenge(ServerTransaction request) {
      SipResponse answer = request.answer(401);
      for (String algorithm : algorithms) {
        answer =
            answer.with(
                "WWW-Authenticate",
                "Digest realm=\"continuo.test\", nonce=\"n1\", algorithm=%s, qop=\"auth\""
                    .formatted(algorithm));
      }
      return answer;
    }

    private static boolean isRight(String given, String algorithm) {
      if (!given.contains("algorithm=" + algorithm + ",")) {
        return false;
      }
      String cnonce = given.replaceAll(".*cnonce=\"([^\"]*)\".*", "$1");
      String ha1 = DigestAnswer.hash(algorithm, "alice:continuo.test:alice-secret");
      String ha2 = DigestAnswer.hash(algorithm, "REGISTER:sip:continuo.test");
      String middle = ":n1:00000001:" + cnonce + ":auth:";
      String right = DigestAnswer.hash(algorithm, ha1 + middle + ha2);
      return given.contains("response=\"" + right + "\"");
    }

    @Override
    public void cancelled(ServerTransaction invite, SipRequest cancel) {}

    @Override
    public void acknowledged(SipRequest ack) {}
  }

  private void registersBefore(Registrar registrar, SipAgent.Transport transport) {
    try (SipAgent agent =
            new SipAgent(
                transport, NOWHERE, Optional.empty(), ladder.lane("r"), new Wiretap(), registrar);
        Device alice =
            new Device(
                DeviceConfig.of("alice", "sip:alice@continuo.test", agent.local())
                    .over(transport)
                    .build(),
                ladder)) {
      assertThat(alice.register()).isEqualTo(200);
      assertThat(alice.unregister()).isEqualTo(200);
    }
  }

  @Test
  @Spec("RFC 8760 §2.4")
  void theFirstChallengeThatIsKnownIsAnswered() {
    Registrar registrar = new Registrar("SHA-512-256", "SHA-256", "MD5");
    registersBefore(registrar, SipAgent.Transport.TCP);
    assertThat(registrar.requests.get(1).headers().required("Authorization"))
        .contains("algorithm=SHA-256");
  }

  @Test
  void md5IsAnsweredWhenItIsAllThereIs() {
    Registrar registrar = new Registrar("MD5");
    registersBefore(registrar, SipAgent.Transport.UDP);
    assertThat(registrar.requests).hasSize(4);
  }

  @Test
  void theInstanceAndTheExpiryAreSaid() {
    Registrar registrar = new Registrar("SHA-256");
    registersBefore(registrar, SipAgent.Transport.TCP);
    assertThat(registrar.requests.getFirst().headers().required("Contact"))
        .contains("+sip.instance=\"<urn:uuid:")
        .endsWith("expires=3600");
    assertThat(registrar.requests.getLast().headers().required("Contact")).endsWith("expires=0");
  }

  @Test
  @Spec("RFC 3261 §17.1.2.1")
  void aLostDatagramIsSentAgain() throws IOException {
    try (DatagramSocket network = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Device alice =
            new Device(
                DeviceConfig.of(
                        "alice",
                        "sip:alice@continuo.test",
                        (InetSocketAddress) network.getLocalSocketAddress())
                    .over(SipAgent.Transport.UDP)
                    .build(),
                ladder)) {
      network.setSoTimeout(30_000);
      alice.chore("registers", alice::register);
      String first = next(network);
      assertThat(next(network)).isEqualTo(first).startsWith("REGISTER sip:continuo.test");
    }
  }

  private static String next(DatagramSocket network) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    network.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }
}
