package io.continuo.sip.screening;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.Flow;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Octets that are no UTF-8 text.
class RawMessageTest {
  private static final Screening SCREENING = new Screening(Set.of("OPTIONS"));
  private static final Flow FLOW =
      new Flow(Flow.Transport.TCP, new InetSocketAddress("192.0.2.1", 6000), 1);

  private static RawMessage read(String extra, Charset charset) {
    String text =
        """
        OPTIONS sip:continuo.test SIP/2.0
        Via: SIP/2.0/TCP h;branch=z9hG4bK1
        From: <sip:a@continuo.test>;tag=1
        To: <sip:b@continuo.test>
        Call-ID: c
        CSeq: 1 OPTIONS
        Max-Forwards: 70

        """;
    String name = extra.substring(0, extra.indexOf(':') + 1);
    String with =
        text.contains("\n" + name)
            ? text.replaceFirst("(?m)^" + name + ".*$", extra)
            : text.replace("Max-Forwards", extra + "\nMax-Forwards");
    return RawMessage.read(with.replace("\n", "\r\n").getBytes(charset));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From: \"caf\u00e9 \u00ff\" <sip:a@continuo.test>;tag=1",
        "To: \"\u00c3\" <sip:b@continuo.test>;tag=2",
        "Call-ID: \u00e9",
        "Via: SIP/2.0/TCP h;branch=z9hG4bK1;x=\u00e9",
      })
  @Spec("RFC 3261 §8.2.6.2")
  void whatAnAnswerMustCopyGoesBackOctetByOctetInThe400(String field) {
    RawMessage raw = read(field, StandardCharsets.ISO_8859_1);
    Verdict verdict = SCREENING.judge(raw, true);
    assertThat(verdict).isEqualTo(Verdict.Refuse.badRequest("Malformed UTF-8"));

    byte[] answer =
        new Refusals("Test", "t").write(raw, FLOW, (Verdict.Refuse) verdict).orElseThrow().bytes();

    assertThat(new String(answer, StandardCharsets.ISO_8859_1))
        .startsWith("SIP/2.0 400 ")
        .contains("\r\n" + field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Subject: caf\u00e9", "User-Agent: \u00ff"})
  void inOtherFieldsTheyAreNoReasonToRefuse(String field) {
    assertThat(SCREENING.judge(read(field, StandardCharsets.ISO_8859_1), true))
        .isInstanceOf(Verdict.Pass.class);
  }

  @Test
  @Spec("RFC 3261 §25.1")
  void theReplacementCharacterItselfIsText() {
    String from = "From: \"\uFFFD\" <sip:a@continuo.test>;tag=1";
    assertThat(SCREENING.judge(read(from, StandardCharsets.UTF_8), true))
        .isInstanceOf(Verdict.Pass.class);
  }
}
