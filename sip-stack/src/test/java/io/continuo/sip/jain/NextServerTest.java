package io.continuo.sip.jain;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.sip.NextHop;
import io.continuo.sip.OutboundRequest;
import io.continuo.sip.SipDialog;
import io.continuo.sip.SipEndpoint;
import io.continuo.sip.SipEndpointConfig;
import io.continuo.sip.SipHeaders;
import io.continuo.sip.dns.FakeDns;
import io.continuo.sip.testing.RecordingApplication;
import io.continuo.sip.testing.TextPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers of a name that are tried one after the other (RFC 3263 §4.3): the name has two, by SRV.
class NextServerTest extends EndpointTest {
  private final FakeDns dns = new FakeDns().address("server.test", "127.0.0.1");

  private SipEndpoint started(SipTimers timers) {
    try {
      return closing(
          JainSipEndpoint.start(
              new SipEndpointConfig("127.0.0.1", 0, METHODS, 65_000, 1_300, 100, IDLE, "Test"),
              application,
              timers,
              dns));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private void servers(String service, int first, int second) {
    dns.srv(service + ".example.test", 1, 0, first, "server.test")
        .srv(service + ".example.test", 2, 0, second, "server.test");
  }

  private static OutboundRequest request(String method) {
    return new OutboundRequest(
        method,
        "sip:bob@example.test",
        SipHeaders.of(
            "From", "<sip:s@continuo.test>",
            "To", "<sip:bob@example.test>",
            "Contact", "<sip:us@127.0.0.1>"),
        new byte[0],
        new NextHop.ByRoute());
  }

  private static int status(CompletableFuture<Integer> answer) throws Exception {
    return answer.get(TextPeer.READ_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static CompletableFuture<Integer> send(SipEndpoint endpoint) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    endpoint.send(request("MESSAGE"), response -> status.complete(response.status()));
    return status;
  }

  @Test
  @Spec("RFC 3263 §4.3")
  void afterA503TheInviteGoesToTheNextServerInATransactionOfItsOwn() {
    SipEndpoint endpoint = started(CALM);
    TextPeer first = peer("UDP", endpoint);
    TextPeer second = peer("UDP", endpoint);
    servers("_sip._udp", first.port(), second.port());
    endpoint.invite(request("INVITE"), application.inviteListener());

    String one = first.receive("INVITE");
    first.send(first.answer(one, 100, "", ""));
    first.send(first.answer(one, 503, "one", ""));
    first.receive("ACK");
    String two = second.receive("INVITE");
    second.send(second.answer(two, 486, "two", ""));

    assertThat(TextPeer.header(two, "Call-ID")).isEqualTo(TextPeer.header(one, "Call-ID"));
    assertThat(TextPeer.header(two, "Via")).isNotEqualTo(TextPeer.header(one, "Via"));
    assertThat(application.next()).isEqualTo("refused 486");
  }

  @Test
  @Spec("RFC 3263 §4.3")
  @Spec("RFC 3261 §13.2.2.4")
  void theAckOfARepeated2xxGoesToTheNextServer() {
    SipEndpoint endpoint = started(CALM);
    TextPeer first = peer("UDP", endpoint);
    TextPeer second = peer("UDP", endpoint);
    servers("_sip._udp", first.port(), second.port());
    endpoint.invite(request("INVITE"), application.inviteListener());

    String one = first.receive("INVITE");
    String ok = first.answer(one, 200, "one", "Contact: <sip:bob@example.test>");
    first.send(ok);
    String ack = first.receive("ACK");
    first.send(ok);
    String again = second.receive("ACK");
    first.send(ok);

    assertThat(TextPeer.header(again, "CSeq")).isEqualTo("1 ACK");
    assertThat(first.receive("ACK")).isEqualTo(ack);
  }

  @Test
  @Spec("RFC 3263 §4.3")
  void aServerThatRangIsTheOne() {
    SipEndpoint endpoint = started(CALM);
    TextPeer first = peer("UDP", endpoint);
    TextPeer second = peer("UDP", endpoint);
    servers("_sip._udp", first.port(), second.port());
    endpoint.invite(request("INVITE"), application.inviteListener());

    String one = first.receive("INVITE");
    first.send(first.answer(one, 180, "one", ""));
    assertThat(application.next()).isEqualTo("provisional 180");
    first.send(first.answer(one, 503, "one", ""));

    assertThat(application.next()).isEqualTo("refused 503");
  }

  @Test
  @Spec("RFC 3263 §4.3")
  void aServerThatTakesNoConnectionIsPassedOver() throws Exception {
    SipEndpoint endpoint = started(CALM);
    try (Socket closed = unheard();
        ServerSocket listening = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      servers("_sip._tcp", closed.getLocalPort(), listening.getLocalPort());
      CompletableFuture<Integer> answer = send(endpoint);
      TextPeer peer = closing(TextPeer.accepting(listening));
      peer.send(peer.answer(peer.receive("MESSAGE"), 200, "two", ""));

      assertThat(status(answer)).isEqualTo(200);
    }
  }

  @Test
  @Spec("RFC 3263 §4.3")
  void aServerThatDoesNotAnswerIsPassedOver() throws Exception {
    SipEndpoint endpoint = started(BRISK);
    TextPeer first = peer("UDP", endpoint);
    TextPeer second = peer("UDP", endpoint);
    servers("_sip._udp", first.port(), second.port());
    CompletableFuture<Integer> answer = send(endpoint);

    first.receive("MESSAGE");
    second.send(second.answer(second.receive("MESSAGE"), 202, "two", ""));

    assertThat(status(answer)).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 500, 600})
  @Spec("RFC 3263 §4.3")
  void anyOtherAnswerIsTheAnswer(int said) throws Exception {
    SipEndpoint endpoint = started(CALM);
    TextPeer first = peer("UDP", endpoint);
    servers("_sip._udp", first.port(), 9);
    CompletableFuture<Integer> answer = send(endpoint);
    first.send(first.answer(first.receive("MESSAGE"), said, "one", ""));

    assertThat(status(answer)).isEqualTo(said);
  }

  @Test
  @Spec("RFC 3263 §4.3")
  void whenEveryServerSays503SoDoWe() throws Exception {
    SipEndpoint endpoint = started(CALM);
    TextPeer first = peer("UDP", endpoint);
    TextPeer second = peer("UDP", endpoint);
    servers("_sip._udp", first.port(), second.port());
    CompletableFuture<Integer> answer = send(endpoint);
    first.send(first.answer(first.receive("MESSAGE"), 503, "one", ""));
    second.send(second.answer(second.receive("MESSAGE"), 503, "two", ""));

    assertThat(status(answer)).isEqualTo(503);
  }

  @Test
  @Spec("RFC 3263 §4.3")
  void aRequestInsideADialogGoesToTheNextServerToo() throws Exception {
    SipEndpoint endpoint = started(CALM);
    TextPeer first = peer("UDP", endpoint);
    TextPeer second = peer("UDP", endpoint);
    servers("_sip._udp", first.port(), second.port());
    endpoint.invite(request("INVITE"), application.inviteListener());
    String contact = "Contact: <sip:bob@example.test>";
    first.send(first.answer(first.receive("INVITE"), 200, "one", contact));
    first.receive("ACK");
    SipDialog dialog = RecordingApplication.take(application.dialogs);

    CompletableFuture<Integer> answer = new CompletableFuture<>();
    dialog.request(
        "MESSAGE", SipHeaders.NONE, new byte[0], response -> answer.complete(response.status()));
    String one = first.receive("MESSAGE");
    first.send(first.answer(one, 503, "one", ""));
    String two = second.receive("MESSAGE");
    second.send(second.answer(two, 200, "one", ""));

    assertThat(status(answer)).isEqualTo(200);
    assertThat(TextPeer.header(two, "CSeq")).isEqualTo(TextPeer.header(one, "CSeq"));
    assertThat(TextPeer.header(two, "Via")).isNotEqualTo(TextPeer.header(one, "Via"));
    assertThat(application.next()).isEqualTo("accepted 200");
    assertThat(application.told).as("the dialog goes on").isEmpty();
  }

  @Test
  @Spec("RFC 3263 §4.2")
  void aNameThatNobodyHasIs503() throws Exception {
    assertThat(status(send(started(CALM)))).isEqualTo(503);
  }
}
