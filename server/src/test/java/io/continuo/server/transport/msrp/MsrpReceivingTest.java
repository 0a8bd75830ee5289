package io.continuo.server.transport.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.msrp.Reassembly;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MsrpReceivingTest extends MsrpEndpointFixture {
  /// Far longer than it takes to send what a test sends.
  private static final long SENDING_MILLIS = 300;

  private static final String TEXT = "Grüße 👩‍👩‍👧 שלום עולם مرحبا 𠜎𠜱";

  private String send(TextPeer peer, String headers, String body) throws IOException {
    return peer.request("SEND", path(), PEER, headers, body, '$');
  }

  /// Passes through the connection and back: everything before it was looked at.
  private void barrier(TextPeer peer) throws Exception {
    String probe = peer.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(probe, 200);
  }

  @Test
  @Spec("RFC 4975 §7.3.1")
  void aMessageIsAnsweredWhenTheConversationReplies() throws Exception {
    TextPeer peer = bound();
    String transaction = peer.sendText(path(), PEER, "m1", TEXT);

    Received received = events.next(Received.class);
    assertThat(received.messageId()).isEqualTo("m1");
    assertThat(received.contentType()).isEqualTo("text/plain");
    assertThat(received.text()).isEqualTo(TEXT);
    barrier(peer);
    received.reply().answer(new SubmitResult.Accepted());
    received.reply().answer(new SubmitResult.Accepted());

    peer.expectsAnswer(transaction, 200);
    barrier(peer);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void interiorChunksAreAnsweredAtOnceAndTheLastOneByTheReply() throws Exception {
    TextPeer peer = bound();
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "1-*/9", "one", '+'), 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m2", "1-*/*", "other", '+'), 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "4-*/9", "two", '+'), 200);
    String last = peer.sendChunk(path(), PEER, "m1", "7-9/9", "end", '$');

    Received received = events.next(Received.class);
    assertThat(received.text()).isEqualTo("onetwoend");
    received.reply().answer(new SubmitResult.Duplicate());
    peer.expectsAnswer(last, 200);
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void chunksOfSeveralMessagesOfOneSenderComeInterleaved() throws Exception {
    TextPeer peer = bound();
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "a", "1-3/6", "abc", '+'), 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "b", "4-6/9", "456", '+'), 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "c", "1-*/*", "x", '+'), 200);
    String last = peer.sendChunk(path(), PEER, "b", "7-9/9", "789", '$');
    peer.expectsAnswer(last, 200);
    String whole = peer.sendChunk(path(), PEER, "a", "4-6/6", "def", '$');
    Received a = events.next(Received.class);
    String late = peer.sendChunk(path(), PEER, "b", "1-3/9", "123", '+');
    Received b = events.next(Received.class);

    assertThat(List.of(a.messageId(), a.text())).containsExactly("a", "abcdef");
    assertThat(List.of(b.messageId(), b.text())).containsExactly("b", "123456789");
    b.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(late, 200);
    a.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(whole, 200);
    assertThat(events.hasNothing()).as("c has no end yet").isTrue();
  }

  @Test
  @Spec("RFC 4975 §5.1")
  void textOfAnyScriptSurvivesEveryChunkCutAndOrder() throws Exception {
    TextPeer peer = bound();
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    for (int cut = 1; cut < bytes.length; cut++) {
      sendRaw(peer, cut, bytes, cut, bytes.length, '$');
      sendRaw(peer, cut, bytes, 0, cut, '+');
      Received received = events.next(Received.class);
      assertThat(received.body()).as("cut at %s", cut).isEqualTo(bytes);
      received.reply().answer(new SubmitResult.Accepted());
    }
  }

  private void sendRaw(TextPeer peer, int id, byte[] bytes, int from, int to, char flag)
      throws IOException {
    String transaction = "raw" + id + flag(flag);
    peer.raw(
        "MSRP "
            + transaction
            + " SEND\r\nTo-Path: "
            + path()
            + "\r\nFrom-Path: "
            + PEER
            + "\r\nMessage-ID: m"
            + id
            + "\r\nByte-Range: "
            + (from + 1)
            + "-"
            + to
            + "/"
            + bytes.length
            + "\r\nContent-Type: text/plain\r\n\r\n");
    peer.raw(java.util.Arrays.copyOfRange(bytes, from, to));
    peer.raw("\r\n-------" + transaction + flag + "\r\n");
  }

  private static String flag(char flag) {
    return flag == '$' ? "last" : "first";
  }

  @ParameterizedTest
  @CsvSource({"yes,200,403", "partial,0,403", "no,0,0"})
  @Spec("RFC 4975 §7.1.2")
  void failureReportSaysWhichAnswersAreSent(String wanted, int accepted, int refused)
      throws Exception {
    TextPeer peer = bound();
    String headers =
        "Message-ID: m1\r\nFailure-Report: " + wanted + "\r\nContent-Type: text/plain\r\n";
    String first = send(peer, headers, "one");
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    expects(peer, first, accepted);
    String second = send(peer, headers, "two");
    events.next(Received.class).reply().answer(new SubmitResult.Refused(403, "somebody else"));
    expects(peer, second, refused);
    barrier(peer);
  }

  private static void expects(TextPeer peer, String transaction, int status) throws Exception {
    if (status != 0) {
      peer.expectsAnswer(transaction, status);
    }
  }

  @Test
  @Spec("RFC 4975 §7.1.2")
  void aSuccessReportOverARelayNamesTheWholePathAndComesWithoutTheAnswerNobodyWants()
      throws Exception {
    String relayed = "msrp://127.0.0.1:9/relay;tcp " + PEER;
    expects(leg);
    starts(leg, BOB, List.of(relayed.split(" ")), false, LOCAL);
    TextPeer peer = connects();
    peer.expectsAnswer(peer.sendBodiless(path(), relayed), 200);
    events.next(Bound.class);
    peer.request(
        "SEND",
        path(),
        relayed,
        "Message-ID: m1\r\nByte-Range: 1-2/*\r\nSuccess-Report: yes\r\nFailure-Report: no\r\n"
            + "Content-Type: text/plain\r\n",
        "he",
        '+');
    peer.request(
        "SEND",
        path(),
        relayed,
        "Message-ID: m1\r\nByte-Range: 3-5/5\r\nSuccess-Report: yes\r\nFailure-Report: no\r\n"
            + "Content-Type: text/plain\r\n",
        "llo",
        '$');
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());

    Frame report = peer.nextRequest();
    assertThat(report.start()).endsWith("REPORT");
    assertThat(report.header("To-Path")).isEqualTo(relayed);
    assertThat(report.header("From-Path")).isEqualTo(path());
    assertThat(report.header("Byte-Range")).isEqualTo("1-5/5");
  }

  @Test
  @Spec("RFC 4975 §7.1.2")
  void whatIsRefusedOrNotAskedForGetsNoSuccessReport() throws Exception {
    TextPeer peer = bound();
    String asks = "Message-ID: m1\r\nSuccess-Report: yes\r\nContent-Type: text/plain\r\n";
    String refused = send(peer, asks, "hello");
    events.next(Received.class).reply().answer(new SubmitResult.Refused(403, "no"));
    peer.expectsAnswer(refused, 403);
    String plain = send(peer, "Message-ID: m2\r\nContent-Type: text/plain\r\n", "hello");
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(plain, 200);
    barrier(peer);
    assertThat(peer.hasNothing()).isTrue();
  }

  @Test
  @Spec("RFC 4975 §7.1.2")
  void aSuccessReportFollowsWhenItWasAskedFor() throws Exception {
    TextPeer peer = bound();
    String headers = "Message-ID: m1\r\nSuccess-Report: yes\r\nContent-Type: text/plain\r\n";
    String transaction = send(peer, headers, "hello");
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());

    peer.expectsAnswer(transaction, 200);
    Frame report = peer.nextRequest();
    assertThat(report.start()).endsWith("REPORT");
    assertThat(report.header("To-Path")).isEqualTo(PEER);
    assertThat(report.header("Message-ID")).isEqualTo("m1");
    assertThat(report.header("Byte-Range")).isEqualTo("1-5/5");
    assertThat(report.header("Status")).isEqualTo("000 200 OK");
  }

  @ParameterizedTest
  @ValueSource(strings = {"000 200 OK", "000 200", "000 408 Lost", "000 413", "what"})
  @Spec("RFC 4975 §7.3.2")
  void aReportIsNeverAnsweredAndAFailureIsTold(String status) throws Exception {
    TextPeer peer = bound();
    peer.request("REPORT", path(), PEER, "Message-ID: 1\r\nStatus: " + status + "\r\n", "", '$');
    barrier(peer);

    if (status.startsWith("000 200")) {
      assertThat(refusals).isEmpty();
    } else {
      assertThat(nextRefusal()).endsWith("delivery failed behind a relay");
    }
  }

  @ParameterizedTest
  @CsvSource({"400,400", "403,403", "413,413", "415,415", "418,400"})
  void aRefusalOfTheConversationIsAnsweredWithItsStatus(int refused, int answered)
      throws Exception {
    TextPeer peer = bound();
    String transaction = peer.sendText(path(), PEER, "m1", "x");
    events.next(Received.class).reply().answer(new SubmitResult.Refused(refused, "why"));

    peer.expectsAnswer(transaction, answered);
    assertThat(nextRefusal()).isEqualTo(answered + " why");
  }

  @Test
  @Spec("RFC 4975 §10.4")
  void anUnavailableStoreIsAnsweredSoThatTheSenderTriesAgain() throws Exception {
    TextPeer peer = bound();
    String transaction = peer.sendText(path(), PEER, "m1", "x");
    events.next(Received.class).reply().answer(new SubmitResult.Unavailable("disk full"));

    peer.expectsAnswer(transaction, 408);
  }

  @ParameterizedTest
  @CsvSource({"0-5/5", "5-3/9", "1-9/5", "abc", "1-5", "-1-5/5", "1-5/x"})
  @Spec("RFC 4975 §10.2")
  void aWrongByteRangeIsRefused(String range) throws Exception {
    TextPeer peer = bound();

    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", range, "hello", '$'), 400);
    barrier(peer);
  }

  @ParameterizedTest
  @CsvSource({"1-2/2", "1-4000/4000", "1-*/3"})
  @Spec("wire: Byte-Range is never trusted for length")
  void aByteRangeThatCountsOtherwiseThanBytesIsTaken(String range) throws Exception {
    TextPeer peer = bound();
    String transaction = peer.sendChunk(path(), PEER, "m1", range, "hello", '$');
    Received received = events.next(Received.class);
    assertThat(received.text()).isEqualTo("hello");
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(transaction, 200);
  }

  @Test
  @Spec("RFC 4975 §10.5")
  void tooLargeIsRefusedByItsAnnouncedTotalBeforeTheBodyIsTaken() throws Exception {
    TextPeer peer = bound();
    peer.raw(
        "MSRP early1 SEND\r\nTo-Path: "
            + path()
            + "\r\nFrom-Path: "
            + PEER
            + "\r\nMessage-ID: m1\r\nByte-Range: 1-*/20001\r\nContent-Type: text/plain\r\n\r\nbeg");
    peer.expectsAnswer("early1", 413);
    peer.raw("in\r\n-------early1+\r\n");

    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "6-*/*", "more", '+'), 413);
    barrier(peer);
  }

  @Test
  @Spec("RFC 4975 §10.5")
  void tooLargeIsRefusedWhenTheBytesSayIt() throws Exception {
    TextPeer peer = bound();
    String large = "x".repeat(10_000);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "1-*/*", large, '+'), 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "10001-*/*", large + "x", '$'), 413);
    peer.expectsAnswer(peer.sendText(path(), PEER, "m2", large + large + "x"), 413);
    barrier(peer);
  }

  @Test
  void unfinishedMessagesOverTheLegsLimitAreRefused() throws Exception {
    TextPeer peer = bound();
    String large = "x".repeat(20_000);
    for (int i = 1; i <= 3; i++) {
      peer.expectsAnswer(peer.sendChunk(path(), PEER, "m" + i, "1-*/*", large, '+'), 200);
    }
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m4", "1-*/*", "x", '+'), 413);
    String last = peer.sendChunk(path(), PEER, "m1", "20001-*/*", "", '#');
    peer.expectsAnswer(last, 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m5", "1-*/*", "x", '+'), 200);
  }

  @Test
  @Spec("RFC 4975 §10.4")
  void aMessageThatItsSenderLeftUnfinishedIsDroppedAndMayBeSentAgain() throws Exception {
    var terms = new Terms();
    terms.chunk = Duration.ofSeconds(2);
    endpoint = start(terms.settings());
    TextPeer peer = bound();
    for (int i = 0; i < Reassembly.MAX_MESSAGES; i++) {
      peer.expectsAnswer(peer.sendChunk(path(), PEER, "m" + i, "1-*/*", "abc", '+'), 200);
    }
    for (int i = 0; i < Reassembly.MAX_MESSAGES; i++) {
      assertThat(nextRefusal()).isEqualTo("408 unfinished message dropped");
    }
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "4-*/*", "def", '$'), 408);
    String again = peer.sendText(path(), PEER, "m1", "abcdef");
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(again, 200);
  }

  @Test
  @Spec("RFC 4975 §10.6")
  void aMediaTypeThatIsNotAcceptedIsRefused() throws Exception {
    TextPeer peer = bound();

    peer.expectsAnswer(send(peer, "Message-ID: 1\r\nContent-Type: image/png\r\n", "x"), 415);
    String cpim = send(peer, "Message-ID: 2\r\nContent-Type: Message/CPIM; a=b\r\n", "x");
    Received received = events.next(Received.class);
    assertThat(received.contentType()).isEqualTo("Message/CPIM; a=b");
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(cpim, 200);
  }

  @Test
  @Spec("RFC 4975 §10.9")
  void anUnknownMethodIsRefused() throws Exception {
    TextPeer peer = bound();

    peer.expectsAnswer(peer.request("AUTH", path(), PEER, "", "", '$'), 501);
    peer.expectsAnswer(peer.request("NICKNAME", path(), PEER, "", "", '$'), 501);
    barrier(peer);
  }

  @Test
  @Spec("RFC 4975 §10.2")
  void missingOrMalformedContentHeadersAreRefused() throws Exception {
    TextPeer peer = bound();

    peer.expectsAnswer(send(peer, "Content-Type: text/plain\r\n", "x"), 400);
    peer.expectsAnswer(send(peer, "Message-ID: 1\r\n", "x"), 400);
    peer.expectsAnswer(send(peer, "Message-ID: 1\r\nContent-Type: text\r\n", "x"), 400);
    barrier(peer);
  }

  /// An SBC or a relay carries the sessions of many devices on one connection.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SEND^{to}^{from}^no colon               | 400",
        "SEND^{from}                             | 400",
        "SEND^To-Path: msrp://h:1/b^{from}       | 400",
        "send^{to}^{from}^Message-ID: m1         | 501",
        "SEND^{to}^{from}^X: a<NUL>b^Failure-Report: partial | 400",
        "SEND^{to}^{from}^no colon^Failure-Report: no | 0",
        "SEND^{to}                               | 0",
        "REPORT^{to}^{from}^no colon             | 0",
        "REPORT^Message-ID: m1                   | 0",
        "200 OK^no colon                         | 0",
      })
  @Spec("RFC 4975 §10.2")
  void aMalformedHeadHarmsNoSessionOfItsConnection(String head, int answer) throws Exception {
    TextPeer peer = bound();
    String lines =
        head.strip()
            .replace("{to}", "To-Path: " + path())
            .replace("{from}", "From-Path: " + PEER)
            .replace("<NUL>", "\u0000")
            .replace("^", "\r\n");

    peer.raw("MSRP badone " + lines + "\r\n\r\nlost\r\n-------badone$\r\n");

    if (answer != 0) {
      peer.expectsAnswer("badone", answer);
    }
    assertThat(nextRefusal()).isEqualTo((answer == 501 ? 501 : 400) + " malformed message");
    barrier(peer);
  }

  @Test
  @Spec("RFC 4975 §7.2")
  void aMalformedRequestThatNamesNobodyIsAnsweredByThisEndOfTheConnection() throws Exception {
    TextPeer peer = bound();
    peer.raw("MSRP badone SEND\r\nFrom-Path: " + PEER + "\r\n-------badone$\r\n");

    Frame answer = peer.next();
    assertThat(answer.header("To-Path")).isEqualTo(PEER);
    assertThat(answer.header("From-Path"))
        .isEqualTo("msrp://127.0.0.1:" + endpoint.address().getPort() + ";tcp");
  }

  @Test
  void garbageClosesThatConnectionOnly() throws Exception {
    TextPeer peer = bound();
    var other = new LegId("legBBBBBBBBBBBBBBBBBBBBB");
    expects(other);
    starts(other, BOB, List.of(PEER), false, LOCAL);
    String otherPath = path(other);
    TextPeer second = connects();
    second.expectsAnswer(second.sendBodiless(otherPath, PEER), 200);
    events.next(Bound.class);

    peer.raw("GET / HTTP/1.1\r\n\r\n");

    peer.expectsClosed();
    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
    assertThat(nextRefusal()).contains("malformed");
    String message = second.sendText(otherPath, PEER, "m1", "unharmed");
    events.next(Received.class).reply().answer(new SubmitResult.Accepted());
    second.expectsAnswer(message, 200);
  }

  @Test
  @Spec("wire: back-pressure")
  void aLegWithManyMessagesUnansweredGetsNoAnswersToChunksUntilRepliesCome() throws Exception {
    TextPeer peer = bound();
    List<Received> waiting = new ArrayList<>();
    for (int i = 0; i < SessionInbox.MAX_UNREPLIED; i++) {
      peer.sendText(path(), PEER, "m" + i, "x");
      waiting.add(events.next(Received.class));
    }
    String chunk = peer.sendChunk(path(), PEER, "more", "1-*/*", "x", '+');
    // A refusal is written at once: a barrier that shows the chunk's answer was withheld.
    peer.expectsAnswer(peer.request("AUTH", path(), PEER, "", "", '$'), 501);

    waiting.getFirst().reply().answer(new SubmitResult.Accepted());

    peer.expectsAnswer("peer2", 200);
    peer.expectsAnswer(chunk, 200);
  }

  @Test
  @Spec("wire: back-pressure")
  void aConnectionOverItsByteLimitIsNotReadUntilRepliesCome() throws Exception {
    TextPeer peer = bound();
    String large = "x".repeat(19_000);
    Thread.ofVirtual().start(() -> pours(peer, large, 200));

    // Four messages of the largest size may be unanswered, and what one read brought with them.
    for (int i = 0; i < 200; i++) {
      Received received = events.next(Received.class);
      assertThat(events.waiting()).isLessThanOrEqualTo(10);
      assertThat(received.messageId()).isEqualTo("m" + i);
      received.reply().answer(new SubmitResult.Accepted());
    }
    for (int i = 0; i < 200; i++) {
      assertThat(peer.next().status()).isEqualTo("200");
    }
  }

  /// More answers than the sockets hold, to a device that takes none of them.
  @Test
  @Spec("wire: back-pressure")
  void whoReadsNoAnswersLosesItsConnection() throws Exception {
    TextPeer peer = bound();
    String chunk =
        "MSRP again SEND\r\nTo-Path: "
            + path()
            + "\r\nFrom-Path: "
            + PEER
            + "\r\nMessage-ID: m1\r\nByte-Range: 1-*/*\r\nContent-Type: text/plain\r\n\r\nx"
            + "\r\n-------again+\r\n";
    Thread.ofVirtual().start(() -> poursUntilClosed(peer, chunk.repeat(1_000)));

    assertThat(nextRefusal()).isEqualTo("413 reads no answers");
    events.next(Unbound.class);
  }

  private static void poursUntilClosed(TextPeer peer, String text) {
    try {
      for (int i = 0; i < 1_000; i++) {
        peer.raw(text);
      }
      throw new AssertionError("it was never closed");
    } catch (IOException closed) {
      // As expected.
    }
  }

  /// More than would be parked (32 requests), if parked bytes did not count.
  @Test
  @Spec("wire: back-pressure")
  void whoSendsMuchBeforeTheSessionIsAgreedIsSlowedAndLosesNothing() throws Exception {
    expects(leg);
    TextPeer peer = connects();
    Thread.ofVirtual().start(() -> pours(peer, "x".repeat(19_000), 60));
    // Time for all of it to come, if nothing held it back.
    peer.awaitsAnything(SENDING_MILLIS);

    starts(leg, BOB, List.of(PEER), false, LOCAL);

    events.next(Bound.class);
    for (int i = 0; i < 60; i++) {
      Received received = events.next(Received.class);
      assertThat(received.messageId()).isEqualTo("m" + i);
      received.reply().answer(new SubmitResult.Accepted());
    }
    for (int i = 0; i < 60; i++) {
      assertThat(peer.next().status()).isEqualTo("200");
    }
    assertThat(refusals).isEmpty();
  }

  private void pours(TextPeer peer, String text, int count) {
    try {
      for (int i = 0; i < count; i++) {
        peer.sendText(path(), PEER, "m" + i, text);
      }
    } catch (IOException closed) {
      throw new AssertionError(closed);
    }
  }
}
