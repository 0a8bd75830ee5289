package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.DialogListener;
import io.continuo.sip.InboundRequest;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.SipRequest;
import io.continuo.sip.SipResponse;
import io.continuo.sip.testing.TextPeer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    TextPeer peer = peer("UDP", endpoint(small, SipTimers.STANDARD));
    peer.send(peer.request("OPTIONS", "sip:x", "big", 1, "X: " + "y".repeat(2_000)));
    assertThat(peer.receive()).startsWith("SIP/2.0 513");
  }

  @Test
  void moreConnectionsThanASourceMayHaveAreClosed() {
    SipEndpointConfig few =
        new SipEndpointConfig("127.0.0.1", 0, METHODS, 65_000, 1_300, 2, IDLE, "Test");
    SipEndpoint endpoint = endpoint(few, SipTimers.STANDARD);
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

  private static final int CALLS = 2_000;

  /// ACK and BYE of each call are written back to back, so a stack that loses the order of a
  /// connection tells a BYE before its ACK.
  @Test
  @Spec("RFC 3261 §13.3.1.4")
  void ackAndByeBackToBackAreAllToldInOrder() throws Exception {
    Map<String, List<String>> told = new ConcurrentHashMap<>();
    CountDownLatch byes = new CountDownLatch(CALLS);
    application.onInvite =
        invite -> {
          String callId = invite.request().headers().first("Call-ID").orElseThrow();
          invite.accept(
              SipResponse.of(200, SipHeaders.of("Contact", "<sip:us@127.0.0.1>")),
              noting(told.computeIfAbsent(callId, id -> new ArrayList<>()), byes));
        };
    TextPeer peer = peer("TCP", endpoint());
    Thread writer = Thread.ofVirtual().start(() -> invites(peer));
    Set<String> answered = new HashSet<>();
    while (answered.size() < CALLS) {
      String message = peer.receive();
      boolean accepted = message.startsWith("SIP/2.0 200") && message.contains(" INVITE\r\n");
      if (accepted && answered.add(TextPeer.header(message, "Call-ID"))) {
        ackAndBye(peer, message);
      }
    }
    writer.join();
    assertThat(byes.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(told).hasSize(CALLS);
    assertThat(told.values()).allMatch(events -> events.equals(List.of("ack", "bye")));
  }

  private static void invites(TextPeer peer) {
    for (int i = 0; i < CALLS; i++) {
      String contact = "Contact: <" + peer.uri("a") + ">";
      synchronized (peer) {
        peer.send(peer.request("INVITE", "sip:b@continuo.test", "call-" + i, 1, contact));
      }
    }
  }

  private static void ackAndBye(TextPeer peer, String ok) {
    String to = "To: " + TextPeer.header(ok, "To");
    String callId = TextPeer.header(ok, "Call-ID");
    synchronized (peer) {
      StringBuilder both = new StringBuilder();
      for (String request :
          List.of(
              peer.request("ACK", "sip:us@127.0.0.1", callId, 1, ""),
              peer.request("BYE", "sip:us@127.0.0.1", callId, 2, ""))) {
        both.append(request.replace("To: <sip:bob@continuo.test>", to).replace("\n", "\r\n"))
            .append("\r\nContent-Length: 0\r\n\r\n");
      }
      peer.sendRaw(bytes(both.toString()));
    }
  }

  private static DialogListener noting(List<String> events, CountDownLatch byes) {
    return new DialogListener() {
      @Override
      public void acknowledged() {
        events.add("ack");
      }

      @Override
      public void bye(SipRequest request) {
        events.add("bye");
        byes.countDown();
      }

      @Override
      public void request(InboundRequest request) {
        events.add("request");
      }

      @Override
      public void lost(String reason) {
        events.add("lost");
      }
    };
  }
}
