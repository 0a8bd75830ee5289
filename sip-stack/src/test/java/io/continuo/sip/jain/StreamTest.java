package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is special about TCP.
class StreamTest extends EndpointTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String options(TextPeer peer, String callId, String length, String body) {
    return peer.request("OPTIONS", "sip:continuo.test", callId, 1, "").replace("\n", "\r\n")
        + "\r\n"
        + length
        + "\r\n\r\n"
        + body;
  }

  @Test
  @Spec("RFC 3261 §18.3")
  void aMessageMayComeByteByByte() {
    TextPeer peer = peer("TCP", endpoint());
    for (byte b : bytes(options(peer, "slow", "Content-Length: 5", "héll"))) {
      peer.sendRaw(new byte[] {b});
    }
    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("slow");
  }

  @Test
  @Spec("RFC 3261 §7.3.1")
  void aFoldedLengthIsRead() {
    TextPeer peer = peer("TCP", endpoint());
    peer.sendRaw(
        bytes(
            options(peer, "folded", "Content-Length:\r\n 5", "hello")
                + options(peer, "next", "X: 1\r\n l: 7\r\nl:\r\n\t0", "")));
    // Two calls, which may be on two loops: their answers have no order.
    assertThat(List.of(peer.receive(), peer.receive()))
        .allMatch(answer -> answer.startsWith("SIP/2.0 200"))
        .anyMatch(answer -> answer.contains("folded"))
        .anyMatch(answer -> answer.contains("next"));
  }

  @Test
  @Spec("RFC 5626 §4.4.1")
  void aDoubleLineBreakIsAnsweredByOne() {
    TextPeer peer = peer("TCP", endpoint());
    peer.sendRaw(bytes("\r\n\r\n"));
    assertThat(peer.readRaw(2)).isEqualTo(bytes("\r\n"));
    peer.sendRaw(bytes("\r\n\r\n" + options(peer, "after", "l: 0", "")));
    assertThat(peer.readRaw(2)).isEqualTo(bytes("\r\n"));
    assertThat(peer.receive()).contains("after");
  }

  @Test
  void anOversizeBodyIs513AtOnceAndSkipped() {
    TextPeer peer = peer("TCP", endpoint());
    peer.sendRaw(bytes(options(peer, "bomb", "Content-Length: 100000", "")));
    assertThat(peer.receive()).startsWith("SIP/2.0 513 Message Too Large\r\n").contains("bomb");
    assertThat(application.next()).isEqualTo("screened 513 Message Too Large");
    peer.sendRaw(new byte[100_000]);
    peer.sendRaw(bytes(options(peer, "after", "Content-Length: 0", "")));
    assertThat(peer.receive()).startsWith("SIP/2.0 200").contains("after");
  }

  @Test
  void whatCannotBeSkippedIsAnsweredAndClosed() {
    SipEndpoint endpoint = endpoint();
    TextPeer peer = peer("TCP", endpoint);
    peer.sendRaw(bytes(options(peer, "huge", "Content-Length: 4000000000", "")));
    assertThat(peer.receive()).startsWith("SIP/2.0 513");
    assertThat(peer.isClosedByServer()).isTrue();
    TextPeer endless = peer("TCP", endpoint);
    endless.sendRaw(bytes(options(endless, "h", "X: " + "y".repeat(70_000), "").strip()));
    assertThat(endless.receive()).startsWith("SIP/2.0 513");
    assertThat(endless.isClosedByServer()).isTrue();
  }

  @Test
  void anOversizeDatagramIs513() {
    SipEndpointConfig small =
        new SipEndpointConfig("127.0.0.1", 0, METHODS, 2_000, 1_300, 9, IDLE, "Test");
    TextPeer peer = peer("UDP", endpoint(small, CALM));
    peer.send(peer.request("OPTIONS", "sip:x", "big", 1, "X: " + "y".repeat(2_000)));
    assertThat(peer.receive()).startsWith("SIP/2.0 513");
  }

  @Test
  void moreConnectionsThanASourceMayHaveAreClosed() {
    SipEndpointConfig few =
        new SipEndpointConfig("127.0.0.1", 0, METHODS, 65_000, 1_300, 2, IDLE, "Test");
    SipEndpoint endpoint = endpoint(few, CALM);
    TextPeer first = peer("TCP", endpoint);
    TextPeer second = peer("TCP", endpoint);
    first.sendRaw(bytes(options(first, "1", "l: 0", "")));
    second.sendRaw(bytes(options(second, "2", "l: 0", "")));
    assertThat(first.receive()).contains("200 OK");
    assertThat(second.receive()).contains("200 OK");

    assertThat(peer("TCP", endpoint).isClosedByServer()).isTrue();

    assertThat(application.next()).isEqualTo("requested OPTIONS");
    assertThat(application.next()).isEqualTo("requested OPTIONS");
    assertThat(application.next()).isEqualTo("screened 0 Too Many Connections");
    first.close();
    assertThat(application.next()).isEqualTo("closed");
    TextPeer third = peer("TCP", endpoint);
    third.sendRaw(bytes(options(third, "3", "l: 0", "")));
    assertThat(third.receive()).contains("200 OK");
  }
}
