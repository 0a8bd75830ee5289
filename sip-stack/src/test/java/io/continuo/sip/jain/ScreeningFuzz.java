package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.continuo.sip.Flow;
import io.continuo.sip.SipMessage;
import io.continuo.sip.screening.RawMessage;
import io.continuo.sip.screening.Refusals;
import io.continuo.sip.screening.Screening;
import io.continuo.sip.screening.Verdict;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Optional;

/// Whatever comes, screening gives a verdict and no exception, and what is answered is well-formed;
/// the stack's parser reads what passed, or says that it cannot in a way that is caught.
class ScreeningFuzz {
  private static final Flow FLOW =
      new Flow(Flow.Transport.UDP, new InetSocketAddress("127.0.0.1", 5060), 0);

  private final Screening screening = new Screening(EndpointTest.METHODS);
  private final Refusals refusals = new Refusals("Test", "tag");

  @FuzzTest
  void whateverComesGetsAVerdict(byte[] data) {
    CallIds.of(data, FLOW);
    RawMessage raw = RawMessage.read(data);
    raw.method();
    judged(raw, screening.judge(raw, true));
    judged(raw, screening.judge(raw, false));
  }

  private void judged(RawMessage raw, Verdict verdict) {
    switch (verdict) {
      case Verdict.Pass(SipMessage message) -> parses(message);
      case Verdict.Refuse refuse ->
          refusals.write(raw, FLOW, refuse).ifPresent(ScreeningFuzz::isWellFormed);
      case Verdict.Drop(String reason) -> assertThat(reason).isNotEmpty();
    }
  }

  private static void parses(SipMessage message) {
    try {
      assertThat(Parsing.reduced(message)).isNotNull();
    } catch (ParseException | RuntimeException refused) {
      // Answered 400, see Intake: an Error would end a stack's thread, and is not caught here
      // either.
      assertThat(refused).isNotInstanceOf(StackOverflowError.class);
    }
  }

  /// An answer that our own screening takes, with one status line and no line of the peer's making.
  private static void isWellFormed(Refusals.Answer answer) {
    String text = new String(answer.bytes(), StandardCharsets.UTF_8);
    assertThat(text).startsWith("SIP/2.0 ").endsWith("\r\nContent-Length: 0\r\n\r\n");
    String head = text.substring(0, text.length() - 4);
    assertThat(head.split("\r\n"))
        .allMatch(line -> line.indexOf('\r') < 0 && line.indexOf('\n') < 0);
    RawMessage read = RawMessage.read(answer.bytes());
    assertThat(read.isResponse()).isTrue();
    Optional<String> reason = Optional.of(read.startLine().substring("SIP/2.0 400 ".length()));
    assertThat(reason.get()).matches("[A-Za-z0-9 -]+");
  }
}
