package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import io.continuo.sip.screening.RawMessage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The stripe of a message is chosen by the Call-ID that its dialog is found by: whoever writes one
/// that is read in two ways would have two threads in one dialog.
class CallIdsTest {
  private static final Flow FLOW =
      new Flow(Flow.Transport.UDP, new InetSocketAddress("127.0.0.1", 5060), 0);

  /// Pieces of heads, those that end lines or begin fields among them.
  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          ":",
          "Call-ID: one",
          "Call-ID",
          "call-id:two",
          "i: three",
          "I",
          "Subject: x",
          "x",
          "four");

  private static String read(String message) {
    return CallIds.of(message.getBytes(StandardCharsets.UTF_8), FLOW);
  }

  private static String screened(String message) {
    return RawMessage.read(message.getBytes(StandardCharsets.UTF_8))
        .headers()
        .first("Call-ID")
        .orElse(FLOW.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPTIONS sip:x SIP/2.0\r\nCall-ID: one\r\n\r\n",
        "OPTIONS sip:x SIP/2.0\r\ni : one\r\n\r\n",
        "OPTIONS sip:x SIP/2.0\r\nSubject: a\r\n \r\nCall-ID:\r\n one\r\n\r\n",
        "OPTIONS sip:x SIP/2.0\nSubject: a\n \nCall-ID: one\n\n",
        "OPTIONS sip:x SIP/2.0\nx\nCall-ID: one\n\n",
        "\r\nOPTIONS sip:x SIP/2.0\r\nCall-ID: one\r\n\r\n"
      })
  @Spec("RFC 3261 §7.3.1")
  void itIsTheOneThatScreeningReads(String message) {
    assertThat(read(message)).isEqualTo("one").isEqualTo(screened(message));
  }

  @Test
  @Spec("RFC 3261 §7.3.1")
  void whateverAHeadIsMadeOfBothReadTheSameUnlessItIsRefused() {
    for (int seed = 0; seed < 30_000; seed++) {
      Random random = new Random(seed);
      String message =
          random
              .ints(random.nextInt(12), 0, PIECES.size())
              .mapToObj(PIECES::get)
              .collect(Collectors.joining("", "OPTIONS sip:x SIP/2.0\r\n", "\r\n\r\n"));
      RawMessage raw = RawMessage.read(message.getBytes(StandardCharsets.UTF_8));
      List<String> ids = raw.headers().lines("Call-ID");
      // Anything else is refused, on whichever stripe.
      if (raw.defect().isEmpty() && ids.size() == 1 && ids.getFirst().indexOf(' ') < 0) {
        assertThat(read(message)).as("seed %d: %s", seed, message).isEqualTo(screened(message));
      }
    }
  }
}
