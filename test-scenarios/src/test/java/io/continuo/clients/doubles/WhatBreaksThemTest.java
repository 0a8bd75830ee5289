package io.continuo.clients.doubles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each double minds what the real client minds: one deviation at a time, and it chokes.
class WhatBreaksThemTest {
  private static final String OWN = "msrp://127.0.0.1:1000/own;tcp";
  private static final String PEER = "msrp://127.0.0.1:2000/peer;tcp";
  private static final String CPIM = "Content-Type: message/cpim";
  private static final String TEXT =
      "From: <sip:a@b>\r\nTo: <sip:c@d>\r\nimdn.Message-ID: 1\r\n\r\nContent-Type: text/plain\r\n\r\nhi";
  private static final int SIZE = TEXT.length();

  private ServerSocket server;
  private ClientDouble client;

  @BeforeEach
  void aServerThatIsNeverTalkedTo() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private Account account() {
    return new Account(
        "alice",
        "secret",
        "continuo.test",
        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()),
        () -> "");
  }

  /// A request that fits every client; rows change it.
  private static String send(String headers, String body, char flag) {
    return "MSRP t1 SEND\r\nTo-Path: "
        + OWN
        + "\r\nFrom-Path: "
        + PEER
        + "\r\nFailure-Report: no\r\n"
        + headers
        + "\r\n\r\n"
        + body
        + "\r\n-------t1"
        + flag
        + "\r\n";
  }

  private static String whole(String range) {
    return send("Message-ID: m1\r\nByte-Range: " + range + "\r\n" + CPIM, TEXT, '$');
  }

  private static String good() {
    return whole("1-" + SIZE + "/" + SIZE);
  }

  /// One deviation.
  enum Deviation {
    RCSJTA_NO_RANGE(Rcsjta::new, good().replaceFirst("Byte-Range: [^\r]*\r\n", ""), "null pointer"),
    RCSJTA_RANGE_OF_CHARACTERS(Rcsjta::new, whole("1-5/5"), "it reads"),
    RCSJTA_OPEN_RANGE(Rcsjta::new, whole("1-*/" + SIZE), "it reads"),
    RCSJTA_HEADER_CASE(Rcsjta::new, good().replace("Byte-Range", "byte-range"), "does not find"),
    RCSJTA_FOREIGN_PATH(Rcsjta::new, good().replace("/own;", "/other;"), "481"),
    AOSP_NO_RANGE(Aosp::new, good().replaceFirst("Byte-Range: [^\r]*\r\n", ""), "null pointer"),
    AOSP_TWO_SPACES(Aosp::new, good().replace("Message-ID: ", "Message-ID:  "), "misreads"),
    AOSP_NO_SPACE(Aosp::new, good().replace("Message-ID: ", "Message-ID:"), "misreads"),
    AOSP_CHUNK(Aosp::new, good().replace("t1$", "t1+"), "shows a chunk"),
    AOSP_TYPE(Aosp::new, good().replace("message/cpim", "message/CPIM"), "drops"),
    LINEAGEOS_OUT_OF_ORDER(LineageOs::new, whole("2-" + (SIZE + 1) + "/" + SIZE), "out of order"),
    LINEAGEOS_RANGE(LineageOs::new, whole("1-5/" + SIZE), "not its body"),
    LINEAGEOS_TOTAL(LineageOs::new, whole("1-" + SIZE + "/" + (SIZE + 2)), "declared total"),
    BLINK_TOO_EARLY(Blink::new, good(), "waits for the answer"),
    BLINK_COLON(Blink::new, good().replace("m1", "m: 1"), "does not see"),
    BLINK_TYPE(Blink::new, good().replace("message/cpim", "message/imdn+xml"), "415"),
    BLINK_INSIDE(Blink::new, good().replace("text/plain", "a/b"), "unwanted"),
    BLINK_PATH(Blink::new, good().replace("127.0.0.1:2000", "localhost:2000"), "481"),
    SAMSUNG_REPORT(
        Samsung::new,
        good().replace("t1 SEND", "t1 REPORT").replace(CPIM, "Status: 000 200 OK"),
        "no success report"),
    SAMSUNG_RANGE(Samsung::new, whole("1-5/5"), "it reads"),
    OTHER_NO_RANGE(Other::new, good().replaceFirst("Byte-Range: [^\r]*\r\n", ""), "null pointer");

    private final Function<Account, ClientDouble> make;
    private final String message;
    private final String complaint;

    Deviation(Function<Account, ClientDouble> make, String message, String complaint) {
      this.make = make;
      this.message = message;
      this.complaint = complaint;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeviationBreaksIt(Deviation deviation) throws IOException {
    client = deviation.make.apply(account());

    hears(deviation.message);

    assertThatThrownBy(client::isContent)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(deviation.complaint);
  }

  @ParameterizedTest
  @EnumSource(names = {"RCSJTA_NO_RANGE", "AOSP_CHUNK", "LINEAGEOS_RANGE", "SAMSUNG_RANGE"})
  void whatFitsBreaksNobody(Deviation client) throws IOException {
    this.client = client.make.apply(account());

    hears(good());

    this.client.isContent();
    assertThat(this.client.shown()).extracting(Said::text).containsExactly("hi");
  }

  private void hears(String text) throws IOException {
    Chat chat = new Chat(true, "call", "tag", "own");
    chat.ownPath = OWN;
    chat.peerPath = PEER;
    new Inbox(client, chat)
        .read(MsrpMessage.read(new ByteArrayInputStream(WireText.bytes(WireText.of(text)))));
    chat.close();
  }

  @Test
  void rcsjtaRefusesInvitesThatAreNotForIt() {
    Rcsjta phone = new Rcsjta(account());
    client = phone;
    String own = "sip:alice@127.0.0.1:" + phone.own.get("port");
    String sdp = "v=0\r\nm=message 1 TCP/MSRP *\r\n";

    assertThat(phone.judges(invite(own, "*;+g.oma.sip-im", sdp))).isEqualTo(200);
    assertThat(phone.judges(invite("sip:alice@127.0.0.1:1", "*", sdp))).isEqualTo(404);
    assertThat(phone.judges(invite(own, "*;+sip.instance=\"<urn:uuid:x>\"", sdp))).isEqualTo(486);
    assertThat(phone.judges(invite(own, "*", ""))).isEqualTo(606);
  }

  private static SipMessage invite(String uri, String acceptContact, String body) {
    return SipMessage.parse(
        "INVITE " + uri + " SIP/2.0\r\nAccept-Contact: " + acceptContact + "\r\n\r\n" + body);
  }

  @Test
  void aospAnswers405InADialog() {
    Aosp phone = new Aosp(account());
    client = phone;

    assertThat(phone.answersInDialog(SipMessage.parse("UPDATE sip:a SIP/2.0\r\nTo: x\r\n\r\n")))
        .isEqualTo(405);
    assertThatThrownBy(phone::isContent).hasMessageContaining("405 to UPDATE");
  }

  @Test
  void noneLooksAtASecondChallenge() {
    client = new Aosp(account());

    assertThatThrownBy(() -> new Digest("Digest realm=\"r\", nonce=\"n\", algorithm=SHA-256"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("SHA-256");
  }
}
