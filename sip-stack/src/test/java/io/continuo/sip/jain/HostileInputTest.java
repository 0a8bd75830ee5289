package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No input ends the endpoint: seeded damage to good messages, then a good one is still answered.
class HostileInputTest extends EndpointTest {
  private static final long SEED = 20_260_101;
  private static final int MESSAGES = 3_000;
  private static final String[] METHODS_TRIED = {
    "INVITE", "ACK", "BYE", "CANCEL", "REGISTER", "NOTIFY", "UPDATE"
  };

  @ParameterizedTest
  @ValueSource(strings = {"UDP", "TCP"})
  void damagedMessagesDoNotEndTheEndpoint(String transport) {
    SipEndpoint endpoint = endpoint();
    application.onInvite = invite -> invite.respond(SipResponse.of(486));
    Random random = new Random(SEED);
    TextPeer peer = peer(transport, endpoint);
    for (int i = 0; i < MESSAGES; i++) {
      if (transport.equals("TCP") && i % 100 == 0) {
        peer = peer(transport, endpoint);
      }
      write(peer, damaged(peer, random, i));
      if (i % 300 == 299) {
        goesOn(endpoint, transport, i);
      }
    }
  }

  private static byte[] damaged(TextPeer peer, Random random, int i) {
    String method = METHODS_TRIED[random.nextInt(METHODS_TRIED.length)];
    String more = "Contact: <" + peer.uri("a") + ">\nContent-Length: 0";
    String good = peer.request(method, "sip:b@continuo.test", "hostile-" + i, 1, more);
    byte[] bytes = (good.replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    for (int hits = random.nextInt(6); hits >= 0; hits--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  // A connection that the endpoint closed for what came over it refuses more: that is the answer.
  private static void write(TextPeer peer, byte[] bytes) {
    try {
      peer.sendRaw(bytes);
    } catch (java.io.UncheckedIOException closed) {
      assertThat(peer.transport()).isEqualTo("TCP");
    }
  }

  private void goesOn(SipEndpoint endpoint, String transport, int i) {
    TextPeer good = peer(transport, endpoint);
    String request = good.request("OPTIONS", "sip:x", "good-" + i, 1, "");
    assertThat(good.answerTo(request)).as("seed %s", SEED).contains("200 OK", "good-" + i);
  }
}
