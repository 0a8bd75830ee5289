package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.testing.TextPeer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatelessProxyTest extends EndpointTest {
  private SipEndpoint endpoint;

  @BeforeEach
  void passesEverythingOn() {
    endpoint = endpoint();
    application.passed = request -> true;
  }

  private String routed(TextPeer from, TextPeer to, String method, String branch) {
    return """
    %s sip:bob@continuo.test SIP/2.0
    Via: SIP/2.0/%s 127.0.0.1:%d;branch=z9hG4bK%s
    Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKfirst
    Max-Forwards: 7
    Route: <sip:continuo.test;lr>, <%s;lr;odi=7>, <sip:last.test;lr>
    From: <sip:alice@continuo.test>;tag=peer
    To: <sip:bob@continuo.test>
    Call-ID: passed
    CSeq: 3 %s
    X-Kept:  as,  it ; was
    Contact: <sip:us@127.0.0.1>\
    """
        .formatted(method, from.transport(), from.port(), branch, to.uri("cscf"), method);
  }

  private static List<String> vias(String message) {
    return message.lines().filter(line -> line.startsWith("Via: ")).toList();
  }

  @ParameterizedTest
  @CsvSource({"UDP,UDP", "TCP,UDP"})
  @Spec("RFC 3261 §16.11")
  void aRequestGoesOnByItsRouteAndItsAnswersComeBack(String here, String there) {
    TextPeer before = peer(here, endpoint);
    TextPeer after = peer(there, endpoint);
    before.send(routed(before, after, "INVITE", "one") + "\n\nbody");

    String passed = after.receive("INVITE sip:bob@continuo.test SIP/2.0");
    assertThat(vias(passed)).hasSize(3);
    assertThat(vias(passed).get(1)).contains("branch=z9hG4bKone");
    assertThat(vias(passed).get(2)).isEqualTo("Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKfirst");
    assertThat(TextPeer.header(passed, "Max-Forwards")).isEqualTo("6");
    assertThat(passed.lines().filter(line -> line.startsWith("Route: ")))
        .containsExactly(
            "Route: <" + after.uri("cscf") + ";lr;odi=7>", "Route: <sip:last.test;lr>");
    assertThat(passed).doesNotContain("Record-Route").contains("X-Kept: as,  it ; was");
    assertThat(TextPeer.body(passed)).isEqualTo("body");

    for (int status : new int[] {180, 200}) {
      after.send(after.answer(passed, status, "bob", "X-Mine: yes") + "\n\nanswer");
      String answer = before.receive("SIP/2.0 " + status);
      assertThat(vias(answer)).hasSize(2);
      assertThat(vias(answer).getFirst()).contains("branch=z9hG4bKone");
      assertThat(answer).contains("X-Mine: yes");
      assertThat(TextPeer.body(answer)).isEqualTo("answer");
    }
    assertThat(application.told).isEmpty();
  }

  @Test
  @Spec("RFC 3261 §16.11")
  void aRepetitionAndTheCancelGetTheSameBranchAnotherRequestDoesNot() {
    TextPeer before = peer("UDP", endpoint);
    TextPeer after = peer("UDP", endpoint);
    before.send(routed(before, after, "INVITE", "one"));
    String branch = vias(after.receive()).getFirst();

    before.send(routed(before, after, "INVITE", "one"));
    assertThat(vias(after.receive()).getFirst()).isEqualTo(branch);
    before.send(routed(before, after, "CANCEL", "one"));
    assertThat(vias(after.receive("CANCEL")).getFirst()).isEqualTo(branch);
    before.send(routed(before, after, "INVITE", "two"));
    assertThat(vias(after.receive()).getFirst()).isNotEqualTo(branch);
  }

  @Test
  @Spec("RFC 3261 §16.3")
  void aRequestThatHasGoneTooFarEnds() {
    TextPeer before = peer("UDP", endpoint);
    before.send(
        routed(before, before, "INVITE", "one").replace("Max-Forwards: 7", "Max-Forwards: 0"));
    assertThat(before.receive()).startsWith("SIP/2.0 483 ");
    assertThat(application.next()).isEqualTo("screened 483 Too Many Hops");
  }

  @Test
  void aRouteThatLeadsBackToUsEnds() {
    TextPeer before = peer("UDP", endpoint);
    String us = "sip:127.0.0.1:" + endpoint.address().getPort();
    before.send(routed(before, before, "INVITE", "one").replace(before.uri("cscf"), us));
    assertThat(before.receive()).startsWith("SIP/2.0 482 ");
  }

  @Test
  void anAnswerThatNobodyAskedForIsSentNowhere() {
    TextPeer before = peer("UDP", endpoint);
    TextPeer after = peer("UDP", endpoint);
    before.send(routed(before, after, "INVITE", "one"));
    String passed = after.receive();
    String answer = after.answer(passed, 200, "bob", "");
    char letter = answer.charAt(answer.indexOf("branch=z9hG4bK") + 16);
    after.send(
        answer.replaceFirst("branch=(z9hG4bK..).", "branch=$1" + (letter == 'A' ? 'B' : 'A')));
    after.send(answer.replace("z9hG4bKone", "z9hG4bKtwo"));
    after.send(answer.replaceFirst("SIP/2.0 200", "SIP/2.0 202"));
    assertThat(before.receive()).startsWith("SIP/2.0 202 ");
  }
}
