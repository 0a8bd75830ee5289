package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TextPeer;
import io.continuo.sip.testing.WireFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The stack below prints stack traces of its own where it is surprised; none of ours may.
class SilenceTest extends EndpointTest {
  private static final long SEED = 20_260_117;
  private static final int DAMAGED = 40;

  private final PrintStream console = System.err;
  private final PrintStream output = System.out;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void giveBack() {
    System.setErr(console);
    System.setOut(output);
  }

  @Test
  void nothingIsPrintedWhateverComes() {
    LoggerFactory.getLogger(SilenceTest.class).debug("our own log has found its stream by now");
    SipEndpoint endpoint = endpoint();
    application.onInvite = invite -> invite.respond(SipResponse.of(486));
    PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setErr(capture);
    System.setOut(capture);
    Random random = new Random(SEED);
    for (String transport : List.of("UDP", "TCP")) {
      for (String file : WireFiles.names()) {
        TextPeer peer = peer(transport, endpoint);
        write(peer, WireFiles.octets(file));
        for (int i = 0; i < DAMAGED && transport.equals("UDP"); i++) {
          write(peer, damaged(WireFiles.octets(file), random));
        }
      }
      TextPeer good = peer(transport, endpoint);
      String request = good.request("OPTIONS", "sip:x", "good", 1, "");
      assertThat(good.answerTo(request))
          .as("seed %s", SEED)
          .startsWith("SIP/2.0 200")
          .contains("good");
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private static byte[] damaged(byte[] octets, Random random) {
    for (int hits = random.nextInt(4); hits >= 0; hits--) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
    }
    return octets;
  }

  private static void write(TextPeer peer, byte[] octets) {
    try {
      peer.sendRaw(octets);
    } catch (UncheckedIOException closedForWhatCame) {
      assertThat(peer.transport()).isEqualTo("TCP");
    }
  }
}
