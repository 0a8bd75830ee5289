package io.continuo.server.transport.msrp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.continuo.conformance.Spec;
import io.continuo.server.conversation.DeliveryOutcome.Delivered;
import io.continuo.server.conversation.SubmitResult;
import io.continuo.server.identity.LegId;
import io.continuo.server.transport.msrp.RecordingEvents.Answered;
import io.continuo.server.transport.msrp.RecordingEvents.Bound;
import io.continuo.server.transport.msrp.RecordingEvents.Probed;
import io.continuo.server.transport.msrp.RecordingEvents.Received;
import io.continuo.server.transport.msrp.RecordingEvents.Unbound;
import io.continuo.server.transport.msrp.TextPeer.Frame;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What shipped clients do on the wire, each as it does it.
@Spec("wire: interop contract")
class MsrpInteropTest extends MsrpEndpointFixture {

  private void probes(TextPeer peer) throws Exception {
    String probe = peer.sendBodiless(path(), PEER);
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(probe, 200);
  }

  private void accepts(TextPeer peer, String transaction, String text) throws Exception {
    Received received = events.next(Received.class);
    assertThat(received.text()).isEqualTo(text);
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(transaction, 200);
  }

  // ---- Blink and AG Projects

  @Test
  void blinksReportCarriesTheTransactionIdOfOurSendAndHarmsNothing() throws Exception {
    TextPeer peer = bound();
    endpoint.send(delivery(1, "hello"));
    Frame send = peer.nextRequest();
    String id = send.transaction();
    peer.raw(
        "MSRP "
            + id
            + " REPORT\r\nTo-Path: "
            + path()
            + "\r\nFrom-Path: "
            + PEER
            + "\r\nMessage-ID: mid1\r\nByte-Range: 1-5/5\r\nStatus: 000 200\r\n-------"
            + id
            + "$\r\n");
    probes(peer);

    peer.answer(send, "200");

    assertThat(events.next(Answered.class).outcome()).isEqualTo(new Delivered());
    assertThat(refusals).isEmpty();
  }

  @Test
  void blinksKeepAliveIsAnsweredAgainAndAgain() throws Exception {
    TextPeer peer = bound();
    for (int minute = 0; minute < 3; minute++) {
      probes(peer);
    }
    String without = peer.request("SEND", path(), PEER, "Message-ID: alive\r\n", "", '$');
    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(without, 200);
  }

  /// `שלום` has 4 characters and 8 bytes.
  @Test
  void blinksTotalMayCountCharactersInEveryChunk() throws Exception {
    TextPeer peer = bound();
    accepts(peer, peer.sendChunk(path(), PEER, "m1", "1-*/4", "שלום", '$'), "שלום");

    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m2", "1-*/5", "שלום", '+'), 200);
    accepts(peer, peer.sendChunk(path(), PEER, "m2", "9-*/5", "!", '$'), "שלום!");
  }

  @Test
  void blinkBehindARelayHasSessionIdsWithEqualSigns() throws Exception {
    String relayed = "msrps://relay.example.com:2855/NHwwfDB8fA==;tcp";
    String own = "msrp://127.0.0.1:9/peer==;tcp";
    expects(leg);
    starts(leg, BOB, List.of(relayed, own), false, LOCAL);
    TextPeer peer = connects();

    peer.expectsAnswer(peer.sendBodiless(path(), relayed + " " + own), 200);

    events.next(Bound.class);
    endpoint.send(delivery(1, "through the relay"));
    assertThat(peer.nextRequest().header("To-Path")).isEqualTo(relayed + " " + own);
  }

  @Test
  void blinkClosesItsConnectionBeforeOurByeReachesIt() throws Exception {
    TextPeer peer = bound();
    peer.close();

    assertThat(events.next(Unbound.class).leg()).isEqualTo(leg);
    endpoint.close(leg);
    endpoint.close(leg);
    assertThat(events.hasNothing()).isTrue();
  }

  // ---- AOSP

  @Test
  void aospConnectsInBothRolesAndTheFirstAnsweredBindWins() throws Exception {
    TextPeer first = bound();
    TextPeer second = connects();
    String again = second.sendBodiless(path(), PEER);
    first.answer(first.nextRequest(), "200 OK");
    second.expectsAnswer(again, 506);

    probes(first);
    assertThat(events.hasNothing()).isTrue();
  }

  // ---- LineageOS

  @Test
  void chunksOfOneMessageMayComeInAnyOrder() throws Exception {
    TextPeer peer = bound();
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "7-9/9", "end", '$'), 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "4-6/9", "two", '+'), 200);

    accepts(peer, peer.sendChunk(path(), PEER, "m1", "1-3/9", "one", '+'), "onetwoend");
  }

  @Test
  void aMessageGivenUpWithSomeBytesIsForgottenAndItsIdMayBeUsedAgain() throws Exception {
    TextPeer peer = bound();
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "1-3/9", "one", '+'), 200);
    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "4-6/9", "two", '#'), 200);

    accepts(peer, peer.sendChunk(path(), PEER, "m1", "1-3/3", "new", '$'), "new");
  }

  // ---- Samsung-like

  @Test
  void successReportNoAndFailureReportYesSaidInFullChangeNothing() throws Exception {
    TextPeer peer = bound();
    String headers =
        "Message-ID: m1\r\nByte-Range: 1-2/2\r\nSuccess-Report: no\r\nFailure-Report: yes\r\n"
            + "Content-Type: text/plain\r\n";

    accepts(peer, peer.request("SEND", path(), PEER, headers, "hi", '$'), "hi");

    probes(peer);
    assertThat(peer.hasNothing()).as("no report").isTrue();
  }

  // ---- AOSP

  @Test
  void aBodilessSendBindsAndProbesWhateverItsByteRangeSays() throws Exception {
    startsPassive();
    TextPeer peer = connects();
    String headers = "Failure-Report: yes\r\nByte-Range: 1/0-0\r\nMessage-ID: m1\r\n";

    peer.expectsAnswer(peer.request("SEND", path(), PEER, headers, "", '$'), 200);
    events.next(Bound.class);
    String again = peer.request("SEND", path(), PEER, headers, "", '$');

    events.next(Probed.class).reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(again, 200);
    assertThat(refusals).isEmpty();
  }

  // ---- others

  @ParameterizedTest
  @ValueSource(strings = {"Byte-Range:1-2/2", "Byte-Range:   1-2/2  ", "BYTE-RANGE: 1 - 2 / 2"})
  void spacesAndCaseOfHeadersDoNotMatter(String range) throws Exception {
    TextPeer peer = bound();
    String headers = "message-id:m1\r\n" + range + "\r\ncontent-type:text/plain\r\n";

    accepts(peer, peer.request("SEND", path(), PEER, headers, "hi", '$'), "hi");
  }

  @Test
  void oddlyWrittenCpimArrivesByteForByte() throws Exception {
    TextPeer peer = bound();
    String cpim =
        "From: <sip:%2B4917@example.com>\nTo: sip:anonymous@anonymous.invalid\n"
            + "DateTime: 2026-01-01T00:00:00.123456+01:00\nNS: imdn <urn:ietf:params:imdn>\n"
            + "imdn.Message-ID: u1\n\nMIME-Version: 1.0\nContent-Type: text/plain; charset=\"utf8\"\n"
            + "Content-Transfer-Encoding:\n\nGrüße\n";
    String headers = "Message-ID: m1\r\nContent-Type: message/cpim; charset=\"utf8\"\r\n";

    String transaction = peer.request("SEND", path(), PEER, headers, cpim, '$');

    Received received = events.next(Received.class);
    assertThat(received.contentType()).isEqualTo("message/cpim; charset=\"utf8\"");
    assertThat(received.body()).isEqualTo(cpim.getBytes(UTF_8));
    received.reply().answer(new SubmitResult.Accepted());
    peer.expectsAnswer(transaction, 200);
  }

  @Test
  void chunksOfTwoSessionsInterleaveOnOneConnection() throws Exception {
    TextPeer peer = bound();
    var second = new LegId("legBBBBBBBBBBBBBBBBBBBBB");
    expects(second);
    starts(second, BOB, List.of(PEER), false, LOCAL);
    String secondPath = path(second);
    peer.expectsAnswer(peer.sendBodiless(secondPath, PEER), 200);
    events.next(Bound.class);

    peer.expectsAnswer(peer.sendChunk(path(), PEER, "m1", "1-*/*", "A1", '+'), 200);
    peer.expectsAnswer(peer.sendChunk(secondPath, PEER, "m1", "1-*/*", "B1", '+'), 200);
    accepts(peer, peer.sendChunk(path(), PEER, "m1", "3-*/*", "A2", '$'), "A1A2");
    accepts(peer, peer.sendChunk(secondPath, PEER, "m1", "3-*/*", "B2", '$'), "B1B2");
  }

  @Test
  @Spec("wire: connection model")
  void anOldConnectionThatSaysNothingInTwoSecondsLosesTheSession() throws Exception {
    probe = MsrpEndpoint.PROBE_TIMEOUT;
    endpoint = start(settings());
    TextPeer old = bound();
    TextPeer second = connects();
    String bind = second.sendBodiless(path(), PEER);

    assertThat(old.nextRequest().header("Byte-Range")).isEqualTo("1-0/0");

    events.next(Unbound.class);
    events.next(Bound.class);
    second.expectsAnswer(bind, 200);
  }

  @Test
  void aResponseNobodyWaitsForIsPassedOver() throws Exception {
    TextPeer peer = bound();
    answerNobody(peer, "200 OK");
    answerNobody(peer, "999");
    probes(peer);
  }

  private void answerNobody(TextPeer peer, String status) throws IOException {
    peer.raw(
        "MSRP nobody "
            + status
            + "\r\nTo-Path: "
            + path()
            + "\r\nFrom-Path: "
            + PEER
            + "\r\n-------nobody$\r\n");
  }
}
